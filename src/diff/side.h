/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Cuts an object into atoms and links what belongs together. */
#ifndef SUTURE_DIFF_SIDE_H
#define SUTURE_DIFF_SIDE_H

#include "diff/atom.h"

/* Cuts obj, which must outlive the side. The caller calls side_free(), also after an error. */
struct err *side_init(struct side *side, const struct elf_object *obj);
void side_free(struct side *side);

#endif
