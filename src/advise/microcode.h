/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Compares the microcode that a processor runs with that in the files. */
#ifndef SUTURE_ADVISE_MICROCODE_H
#define SUTURE_ADVISE_MICROCODE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/cursor.h"
#include "base/root.h"

/* The revision of microcode that the machine's first processor runs, and the one on the disk. */
struct microcode {
	char *running, *disk; /* "0x2b000603"; NULL if unknown */
	bool old;	      /* a boot would load the one on the disk, which is newer */
	bool off;	      /* the kernel's command line says that none is loaded */
	char *stays;	      /* why the older one would run after a boot as well; or NULL */
};

void microcode_look(const struct root *root, struct microcode *microcode);

/* Return the highest revision for a processor in a file of Intel's or AMD's; 0 if there is none. */
uint32_t microcode_intel(struct bytes file, uint32_t signature, uint32_t flags);
uint32_t microcode_amd(struct bytes file, uint32_t signature);

#endif
