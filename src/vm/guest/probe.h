/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Lists the functions of the patch under test, and counts their calls by kprobes. */
#ifndef SUTURE_VM_GUEST_PROBE_H
#define SUTURE_VM_GUEST_PROBE_H

#include <stdbool.h>

/* A cumulative patch replaces hundreds of functions. */
#define PROBES_MAX 4096

struct probe {
	char *object, *name;
	unsigned sympos;
	int error; /* the errno by which its calls cannot be counted, or 0 */
};

/* Fills the list with the functions of a loaded patch. */
void probe_list(const char *patch);
unsigned probe_count(void);
const struct probe *probe_at(unsigned index);
/* Sets a kprobe, an event of that name, at the unpatched function; returns 0 or -errno. */
int probe_define_old(unsigned index, const char *event);
bool probe_counting(void);
/* Reads how often each function was called since its probe was set. */
void probe_read(unsigned long long hits[PROBES_MAX]);
/* Removes the probes that count calls. */
void probe_clear(void);

#endif
