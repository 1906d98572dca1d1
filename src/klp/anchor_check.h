/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Checks finished modules: does each anchored field lead where the kernel's own lookup would? */
#ifndef SUTURE_KLP_ANCHOR_CHECK_H
#define SUTURE_KLP_ANCHOR_CHECK_H

#include "base/err.h"
#include "elf/elf.h"
#include "image/image.h"

/*
 * Compares each anchored field of the module with the symbol table of the image, and the glue's
 * table of the kernel's build with the contents of the image. An error names the first field that
 * is wrong. The number of anchored fields is returned in *count.
 */
struct err *anchor_check(const struct elf_object *module, const struct image *image, size_t *count);

#endif
