/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Some code cannot be carried in a live patch as the kernel has it: constants that were
 * written into it at boot, static branches on a module's keys.  Its unit is then compiled
 * once more, both sides, with headers that spell the same in plain C, and the part to be
 * loaded is taken from that pair.  That the source is the kernel's is still proven with the
 * first pair.
 */
#ifndef SUTURE_KLP_PLAIN_H
#define SUTURE_KLP_PLAIN_H

#include "klp/build.h"

/*
 * Looks at the parts that were selected; *changed when a unit has got a plain pair, so that
 * they have to be selected again.
 */
struct err *plain_make(struct build *build, bool *changed);
void plain_free(struct plain *plain);

/* The comparison that parts come from. */
struct diff *unit_diff(const struct unit *unit);

/*
 * The kernel's own object's symbol for one of the original object behind unit_diff(): NULL when
 * there is none.
 */
const struct elf_symbol *unit_shipped(const struct unit *unit, const struct elf_symbol *orig);

#endif
