/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef SUTURE_IMAGE_INTERNAL_H
#define SUTURE_IMAGE_INTERNAL_H

#include "base/vec.h"
#include "image/image.h"

/* A section of the ELF file; its bytes are empty for SHT_NOBITS. */
struct image_part {
	char *name;
	uint32_t type;
	uint64_t flags, address, size;
	struct bytes bytes;
};

struct image_part_vec VEC(struct image_part);

/* What the compressed part of a bzImage is, "not a bzImage" included, told without decompressing.
 */
bool bzimage_is(struct bytes file);
struct err *bzimage_payload(const char *name, struct bytes file, struct bytes *payload);

/* Whether the bytes begin with the magic of a compression that is known by name. */
bool image_is_compressed(struct bytes bytes);

/* image_decompress() with another limit, in bytes. */
struct err *decompress_within(const char *name, struct bytes in, size_t max, uint8_t **data,
			      size_t *size);

/*
 * The compressed names of kallsyms and what belongs to them, as found in one section.
 * Everything has been checked: names can be expanded without looking at sizes again.
 */
struct kallsyms_token {
	const char *text;
	uint32_t size;
};

struct kallsyms_tables {
	const struct image_part *part;
	uint32_t count;	       /* symbols; above 256 */
	const uint8_t *names;  /* count times a length and that many token numbers */
	bool two_byte_lengths; /* a length with bit 7 set goes on in a second byte */
	size_t names_size;     /* bytes when expanded, with a NUL each, without the types */
	size_t num_syms;       /* offset of kallsyms_num_syms in the section */
	size_t tokens_end;     /* offset behind kallsyms_token_index */
	struct kallsyms_token tokens[256];
};

/* A search in part, from its first byte; zeroes but for that. */
struct kallsyms_search {
	const struct image_part *part;
	size_t offset;
	unsigned tokens_tried, markers_tried;
};

/* The next set of tables; false when there is none.  Can go on after one that was no good. */
bool kallsyms_find(struct kallsyms_search *search, struct kallsyms_tables *tables);

/* Decoded symbols: one allocation for the array, one for their names. */
struct kallsyms {
	struct image_symbol *symbols;
	size_t count;
	char *names;
};

struct err *kallsyms_decode(const char *name, const struct image_part_vec *parts,
			    struct kallsyms *kallsyms);
void kallsyms_free(struct kallsyms *kallsyms);

/* Symbols grouped by name; the symbols belong to somebody else and outlive it. */
struct name_index {
	const struct image_symbol *symbols;
	struct name_slot *slots;
	size_t slot_mask;
	const struct image_symbol **order; /* by name, then as in kallsyms */
};

void name_index_build(struct name_index *index, const struct image_symbol *symbols, size_t count);
size_t name_index_find(const struct name_index *index, const char *name,
		       const struct image_symbol *const **matches);
void name_index_free(struct name_index *index);

#endif
