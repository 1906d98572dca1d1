/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The search for the tables of kallsyms in a section that has no symbols. */
#ifndef SUTURE_IMAGE_KALLSYMS_FIND_H
#define SUTURE_IMAGE_KALLSYMS_FIND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "image/part.h"

/* A piece of a name. The text is in the section and not terminated. */
struct kallsyms_token {
	const char *text;
	uint32_t size;
};

/*
 * The compressed names of kallsyms, as found in one section. The search has checked everything, so
 * that names can be expanded without further checks of sizes.
 */
struct kallsyms_tables {
	const struct image_part *part;
	uint32_t count;	       /* number of symbols, above 256 */
	const uint8_t *names;  /* for each symbol a length and that many token numbers */
	bool two_byte_lengths; /* a length with bit 7 set continues in a second byte */
	size_t names_size;     /* bytes when expanded, with a NUL each, without the types */
	size_t num_syms;       /* offset of kallsyms_num_syms in the section */
	size_t tokens_end;     /* offset behind kallsyms_token_index */
	struct kallsyms_token tokens[256];
};

/* The state of a search in part; all members but part start as zero. */
struct kallsyms_search {
	const struct image_part *part;
	size_t offset;
	unsigned tokens_tried, markers_tried;
};

/* Finds the next tables, also after some that were not usable; returns false if there are none. */
bool kallsyms_find(struct kallsyms_search *search, struct kallsyms_tables *tables);

#endif
