/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The functions of the patch under test, counted by kprobes. */
#ifndef SUTURE_VM_GUEST_PROBE_H
#define SUTURE_VM_GUEST_PROBE_H

#include <stdbool.h>

#define PROBES_MAX 256

struct probe {
	char *object, *name;
	unsigned sympos;
	int error; /* why it cannot be counted, or 0 */
};

/* Fills the list below with the functions of a loaded patch. */
void probe_list(const char *patch);
unsigned probe_count(void);
const struct probe *probe_at(unsigned index);
/* Sets a kprobe, of that event's name, at the unpatched function of an index; 0 or -errno. */
int probe_define_old(unsigned index, const char *event);
bool probe_counting(void);
/* Reads how often each was called since its probe was set. */
void probe_read(unsigned long long hits[PROBES_MAX]);

#endif
