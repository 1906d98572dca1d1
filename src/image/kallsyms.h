/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The kernel's own symbol table, decoded. */
#ifndef SUTURE_IMAGE_KALLSYMS_H
#define SUTURE_IMAGE_KALLSYMS_H

#include <stddef.h>

#include "base/err.h"
#include "image/image.h"
#include "image/part.h"

/* One allocation holds the array, another one the names; kallsyms_free() frees both. */
struct kallsyms {
	struct image_symbol *symbols;
	size_t count;
	char *names;
};

/* Decodes the symbols; name is for error messages. After an error, nothing has to be freed. */
struct err *kallsyms_decode(const char *name, const struct image_part_vec *parts,
			    struct kallsyms *kallsyms);
void kallsyms_free(struct kallsyms *kallsyms);

#endif
