/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Decodes the kernel's own symbol table. Addresses are encoded in several ways; the encoding that
 * gives plausible addresses is used, see addresses_make_sense().
 */
#include <elf.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "image/kallsyms.h"
#include "image/kallsyms_find.h"

struct addresses {
	const struct image_part *part;
	size_t offset; /* position of the array in part */
	uint64_t base;
};

static uint64_t entry_u64(const struct addresses *addresses, size_t i)
{
	struct cursor cur = cursor_at(addresses->part->bytes, addresses->offset + i * 8);

	return cursor_u64(&cur);
}

static uint32_t entry_u32(const struct addresses *addresses, size_t i)
{
	struct cursor cur = cursor_at(addresses->part->bytes, addresses->offset + i * 4);

	return cursor_u32(&cur);
}

/* Up to 6.10 (64e166099b69), addresses are absolute without CONFIG_KALLSYMS_BASE_RELATIVE. */
static uint64_t address_absolute(const struct addresses *addresses, size_t i)
{
	return entry_u64(addresses, i);
}

/*
 * Since 4.6 (2213e9a66bb8), offsets count from a base. This is the form without per-CPU symbols at
 * address 0: without SMP, and in 6.15 and later.
 */
static uint64_t address_from_base(const struct addresses *addresses, size_t i)
{
	return addresses->base + entry_u32(addresses, i);
}

/*
 * With CONFIG_KALLSYMS_ABSOLUTE_PERCPU, up to 6.14, only negative numbers are offsets; per-CPU
 * symbols have their values.
 */
static uint64_t address_below_zero(const struct addresses *addresses, size_t i)
{
	int64_t offset = (int32_t)entry_u32(addresses, i);

	return offset >= 0 ? (uint64_t)offset : addresses->base - 1 - offset;
}

/* Since 7.0 (a081b5789255) each offset counts from the entry itself. */
static uint64_t address_from_place(const struct addresses *addresses, size_t i)
{
	int64_t offset = (int32_t)entry_u32(addresses, i);

	return addresses->part->address + addresses->offset + i * 4 + offset;
}

static const struct encoding {
	unsigned width;
	bool has_base;
	uint64_t (*address)(const struct addresses *addresses, size_t i);
} encodings[] = {
	{4, true, address_below_zero},
	{4, true, address_from_base},
	{4, false, address_from_place},
	{8, false, address_absolute},
};

static size_t align8(size_t size)
{
	return (size + 7) & ~(size_t)7;
}

/* In Linux 6.4 and later, the array follows the token index, and the base follows the array. */
static bool locate_behind(const struct kallsyms_tables *tables, const struct encoding *encoding,
			  struct addresses *addresses)
{
	size_t size = (size_t)tables->count * encoding->width;
	struct bytes array;

	*addresses = (struct addresses){.part = tables->part, .offset = tables->tokens_end};
	if (!bytes_slice(tables->part->bytes, addresses->offset, size, &array))
		return false;

	struct cursor base = cursor_at(tables->part->bytes, align8(addresses->offset + size));

	if (encoding->has_base)
		addresses->base = cursor_u64(&base);
	return !base.overrun;
}

/* Before Linux 6.4, the array, its base and num_syms come first. */
static bool locate_before(const struct kallsyms_tables *tables, const struct encoding *encoding,
			  struct addresses *addresses)
{
	size_t base_size = encoding->has_base ? 8 : 0;
	size_t size = align8((size_t)tables->count * encoding->width) + base_size;

	*addresses = (struct addresses){.part = tables->part};
	if (size > tables->num_syms)
		return false;
	addresses->offset = tables->num_syms - size;

	struct cursor base = cursor_at(tables->part->bytes, tables->num_syms - base_size);

	if (encoding->has_base)
		addresses->base = cursor_u64(&base);
	return true;
}

static bool is_executable(const struct image_part_vec *parts, uint64_t address)
{
	vec_foreach(parts, part) {
		if (part->flags & SHF_EXECINSTR && address >= part->address &&
		    address - part->address < part->size)
			return true;
	}
	return false;
}

/* Finds the lowest and the highest address that the running kernel uses, per-CPU sections aside. */
struct span {
	uint64_t low, high;
};

static struct span kernel_span(const struct image_part_vec *parts)
{
	struct span span = {UINT64_MAX, 0};

	vec_foreach(parts, part) {
		if (!(part->flags & SHF_ALLOC) || !part->address)
			continue;
		if (part->address < span.low)
			span.low = part->address;
		if (part->address + part->size > span.high)
			span.high = part->address + part->size;
	}
	return span;
}

/*
 * Correct addresses rise, are within the kernel (except per-CPU symbols, which count from 0), and
 * put the beginning of the kernel's text into an executable section.
 */
static bool addresses_make_sense(const struct kallsyms *kallsyms,
				 const struct image_part_vec *parts)
{
	struct span span = kernel_span(parts);
	uint64_t previous = 0;
	bool text_seen = false;

	for (size_t i = 0; i < kallsyms->count; i++) {
		const struct image_symbol *symbol = &kallsyms->symbols[i];

		if (symbol->address < previous)
			return false;
		if (symbol->address > INT32_MAX &&
		    (symbol->address < span.low || symbol->address > span.high))
			return false;
		previous = symbol->address;
		if (!strcmp(symbol->name, "_stext") || !strcmp(symbol->name, "_text")) {
			if (!is_executable(parts, symbol->address))
				return false;
			text_seen = true;
		}
	}
	return text_seen;
}

static bool read_addresses(const struct kallsyms_tables *tables, const struct image_part_vec *parts,
			   struct kallsyms *kallsyms)
{
	static bool (*const places[])(const struct kallsyms_tables *, const struct encoding *,
				      struct addresses *) = {locate_behind, locate_before};

	for (size_t p = 0; p < array_size(places); p++) {
		for (size_t e = 0; e < array_size(encodings); e++) {
			struct addresses addresses;

			if (!places[p](tables, &encodings[e], &addresses))
				continue;
			for (size_t i = 0; i < kallsyms->count; i++)
				kallsyms->symbols[i].address = encodings[e].address(&addresses, i);
			if (addresses_make_sense(kallsyms, parts))
				return true;
		}
	}
	return false;
}

/* kallsyms_find() has checked the tables, so that nothing here can read past their end. */
static void expand_names(const struct kallsyms_tables *tables, struct kallsyms *kallsyms)
{
	const uint8_t *next = tables->names;
	char *out = xmalloc(tables->names_size);

	kallsyms->count = tables->count;
	kallsyms->symbols = xcalloc(tables->count, sizeof(*kallsyms->symbols));
	kallsyms->names = out;
	for (size_t i = 0; i < tables->count; i++) {
		size_t length = *next++;

		if (tables->two_byte_lengths && length & 0x80)
			length = (length & 0x7f) | *next++ << 7;

		const struct kallsyms_token *token = &tables->tokens[*next++];

		kallsyms->symbols[i].type = token->text[0];
		kallsyms->symbols[i].name = out;
		out = mempcpy(out, token->text + 1, token->size - 1);
		while (--length) {
			token = &tables->tokens[*next++];
			out = mempcpy(out, token->text, token->size);
		}
		*out++ = '\0';
	}
}

void kallsyms_free(struct kallsyms *kallsyms)
{
	free(kallsyms->symbols);
	free(kallsyms->names);
	*kallsyms = (struct kallsyms){};
}

/*
 * If tables are found without plausible addresses, names_only is set, which the message mentions.
 */
static bool decode_part(const struct image_part *part, const struct image_part_vec *parts,
			struct kallsyms *kallsyms, size_t *names_only)
{
	struct kallsyms_search search = {.part = part};
	struct kallsyms_tables tables;

	while (kallsyms_find(&search, &tables)) {
		expand_names(&tables, kallsyms);
		if (read_addresses(&tables, parts, kallsyms))
			return true;
		*names_only = kallsyms->count;
		kallsyms_free(kallsyms);
	}
	return false;
}

struct err *kallsyms_decode(const char *name, const struct image_part_vec *parts,
			    struct kallsyms *kallsyms)
{
	size_t names_only = 0;

	*kallsyms = (struct kallsyms){};
	vec_foreach(parts, part) {
		/* The tables are in .rodata today, but the name of the section is not used. */
		if (part->type != SHT_PROGBITS || !(part->flags & SHF_ALLOC) ||
		    part->flags & SHF_EXECINSTR)
			continue;
		if (decode_part(part, parts, kallsyms, &names_only))
			return NULL;
	}
	if (names_only)
		return err_new(
			"%s: kallsyms: the names of %zu symbols were found, but not their addresses; the image is damaged, or its layout is not known",
			name, names_only);
	return err_new(
		"%s: no kallsyms tables were found; the image is damaged, was built without CONFIG_KALLSYMS, or has an unknown layout",
		name);
}
