/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A constant changes by as much as a line would, with no line number near: that is a change.
 *
 * @changed first
 * @contains reloc consume .text.first
 * @bytes differ .text.first
 * @relocs same .text.first
 */
#include "kernel.h"

// --- before
#define LIMIT 20
// --- after
/* A line. */
#define LIMIT 21
// --- both
void first(const char *name)
{
	consume(name, LIMIT);
}
