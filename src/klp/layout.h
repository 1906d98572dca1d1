/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A unit's object in the kernel's layout, if that differs from the one that is compared with the
 * patched side; struct pair_unit says why. Both were assembled from one text, so they have the same
 * symbols in the same order.
 */
#ifndef SUTURE_KLP_LAYOUT_H
#define SUTURE_KLP_LAYOUT_H

#include "klp/build.h"

/* Opens unit->source->layout; unit->layout stays NULL where there is none. */
struct err *layout_open(struct unit *unit);
void layout_free(struct layout *layout);

/* Returns the object that is compared with the kernel's image. */
const struct elf_object *layout_object(const struct unit *unit);

/* Returns the symbol in that object for one of unit->orig; NULL if there is none. */
const struct elf_symbol *layout_symbol(const struct unit *unit, const struct elf_symbol *orig);

#endif
