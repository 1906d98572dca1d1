/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Finds the tables of kallsyms. Nothing points to them in a stripped vmlinux, and their order has
 * changed (404bad70fcf7 in Linux 6.4), but hardly anything else has their shapes:
 *
 *	token_index	256 rising u16, the first is 0: where each string of token_table begins
 *	token_table	256 strings that end just before token_index
 *	markers		rising numbers, the first is 0: where each 256th name begins
 *	names		end just before the markers; a name begins at each marker
 *	num_syms	the number of names, just before them
 *
 * scripts/kallsyms.c of the kernel writes them in that order in all versions. Labels are aligned to
 * 8 bytes, or to 4 since a081b5789255 (Linux 7.0).
 */
#include <string.h>

#include "image/kallsyms_find.h"

#define LABEL_ALIGN 4
#define PADDING_MAX 7
#define NR_TOKENS 256

/*
 * KSYM_NAME_LEN is 128, and 512 since b8a94bfb3395 (Linux 6.1). This limit allows for another
 * increase.
 */
#define NAME_MAX_SIZE 1024

/* Number of names between two markers. Each takes at least a length and one token. */
#define NAMES_PER_MARKER 256
#define MARKER_STEP_MIN (NAMES_PER_MARKER * 2)
#define MARKER_STEP_MAX (NAMES_PER_MARKER * (2 + NAME_MAX_SIZE))

/*
 * Limits the search in bytes that were made to look like tables; real images contain no false ones.
 */
#define TOKENS_TRIED_MAX 16
#define MARKERS_TRIED_MAX 4096

static uint16_t u16_at(struct bytes bytes, size_t offset)
{
	struct cursor cur = cursor_at(bytes, offset);

	return cursor_u16(&cur);
}

static uint32_t u32_at(struct bytes bytes, size_t offset)
{
	struct cursor cur = cursor_at(bytes, offset);

	return cursor_u32(&cur);
}

static bool is_token_char(uint8_t c)
{
	return c > ' ' && c < 0x7f;
}

static bool all_zero(struct bytes bytes, size_t from, size_t to)
{
	while (from < to && !bytes.data[from])
		from++;
	return from >= to;
}

/* Reads the tokens if the table at start has a token at each index and ends before `end`. */
static bool read_tokens(struct kallsyms_tables *tables, size_t start, size_t index, size_t end)
{
	struct bytes all = tables->part->bytes;

	for (size_t i = 0; i < NR_TOKENS; i++) {
		size_t from = start + u16_at(all, index + 2 * i);
		size_t to = i + 1 < NR_TOKENS ? start + u16_at(all, index + 2 * (i + 1)) : end;

		if (to <= from || to > end || all.data[to - 1])
			return false;
		for (size_t at = from; at < to - 1; at++) {
			if (!is_token_char(all.data[at]))
				return false;
		}
		tables->tokens[i].text = (const char *)all.data + from;
		tables->tokens[i].size = to - 1 - from;
	}
	return true;
}

/* Finds the token table, which ends where the token index begins, except for padding. */
static bool find_token_table(struct kallsyms_tables *tables, size_t index, size_t *table)
{
	struct bytes all = tables->part->bytes;
	size_t last_token = u16_at(all, index + 2 * (NR_TOKENS - 1));

	for (size_t end = index; end + PADDING_MAX >= index && end; end--) {
		size_t last = end - 1;

		if (!all_zero(all, last, index))
			return false;
		while (last && is_token_char(all.data[last - 1]) && end - last < NAME_MAX_SIZE)
			last--;
		if (last < last_token || (last - last_token) % LABEL_ALIGN)
			continue;
		*table = last - last_token;
		if (read_tokens(tables, *table, index, end))
			return true;
	}
	return false;
}

static bool looks_like_token_index(struct bytes all, size_t offset)
{
	uint16_t previous = 0;

	if (u16_at(all, offset))
		return false;
	for (size_t i = 1; i < NR_TOKENS; i++) {
		uint16_t value = u16_at(all, offset + 2 * i);

		if (value <= previous || value - previous > NAME_MAX_SIZE)
			return false;
		previous = value;
	}
	return true;
}

struct markers {
	size_t offset; /* in the section */
	size_t count;
	unsigned width; /* 4; 8 before 80ffbaa5b1bd (Linux 4.20) */
};

static uint64_t marker_at(struct bytes all, const struct markers *markers, size_t i)
{
	struct cursor cur = cursor_at(all, markers->offset + i * markers->width);

	return markers->width == 8 ? cursor_u64(&cur) : cursor_u32(&cur);
}

/* These are the letters that nm prints; '?' stands for a type that nm does not know. */
static bool is_symbol_type(char c)
{
	return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '?';
}

static size_t name_size(const struct kallsyms_tables *tables, const uint8_t *tokens, size_t count)
{
	size_t size = 0;

	for (size_t i = 0; i < count; i++)
		size += tables->tokens[tokens[i]].size;
	return size;
}

/*
 * Reads the names from `start` and adds up their expanded sizes. They must be valid names with a
 * type, agree with the markers, and end where the markers begin, except for padding.
 */
static bool walk_names(struct kallsyms_tables *tables, size_t start, const struct markers *markers)
{
	struct bytes all = tables->part->bytes;
	size_t at = start, end = markers->offset;

	tables->names = all.data + start;
	tables->names_size = 0;
	for (uint32_t i = 0; i < tables->count; i++) {
		if (i % NAMES_PER_MARKER == 0 &&
		    marker_at(all, markers, i / NAMES_PER_MARKER) != at - start)
			return false;
		if (end - at < 2)
			return false;

		size_t length = all.data[at++];

		if (tables->two_byte_lengths && length & 0x80)
			length = (length & 0x7f) | all.data[at++] << 7;
		if (!length || length > end - at)
			return false;

		const struct kallsyms_token *first = &tables->tokens[all.data[at]];
		size_t size = name_size(tables, all.data + at, length);

		if (!first->size || !is_symbol_type(first->text[0]) || size < 2 ||
		    size > NAME_MAX_SIZE)
			return false;
		tables->names_size += size; /* the type's place is used for the NUL */
		at += length;
	}
	return end - at <= PADDING_MAX && all_zero(all, at, end);
}

/*
 * Since 73bbb94466fd (Linux 6.1), a length above 127 takes two bytes. Before, such a length fitted
 * into its byte, but names were too short to need it. The reading that gives valid names is used.
 */
static bool walk_names_either_way(struct kallsyms_tables *tables, size_t start,
				  const struct markers *markers)
{
	tables->two_byte_lengths = true;
	if (walk_names(tables, start, markers))
		return true;
	tables->two_byte_lengths = false;
	return walk_names(tables, start, markers);
}

/* Finds the names before the markers, of which num_syms says that there are exactly `count`. */
static bool find_names(struct kallsyms_tables *tables, const struct markers *markers)
{
	struct bytes all = tables->part->bytes;
	uint64_t last = marker_at(all, markers, markers->count - 1);

	if (last > markers->offset)
		return false;

	size_t high = markers->offset - last; /* the last place at which the names can begin */
	size_t low =
		high > MARKER_STEP_MAX + PADDING_MAX ? high - MARKER_STEP_MAX - PADDING_MAX : 0;

	for (size_t at = (low + LABEL_ALIGN - 1) / LABEL_ALIGN * LABEL_ALIGN;
	     at + LABEL_ALIGN <= high; at += LABEL_ALIGN) {
		tables->count = u32_at(all, at);
		if ((tables->count + (uint64_t)NAMES_PER_MARKER - 1) / NAMES_PER_MARKER !=
		    markers->count)
			continue;
		tables->num_syms = at;
		if (walk_names_either_way(tables, at + 4, markers))
			return true;
		if (!(at % 8) && !u32_at(all, at + 4) && at + 8 <= high &&
		    walk_names_either_way(tables, at + 8, markers))
			return true;
	}
	return false;
}

static size_t count_markers(struct bytes all, const struct markers *markers, size_t end)
{
	uint64_t previous = 0;
	size_t count = 1;

	for (; markers->offset + (count + 1) * markers->width <= end; count++) {
		uint64_t value = marker_at(all, markers, count);

		if (value < previous + MARKER_STEP_MIN || value > previous + MARKER_STEP_MAX)
			break;
		previous = value;
	}
	return count;
}

/*
 * Markers are just before the token table, unless kallsyms_seqs_of_names (60443c88f3a8, Linux 6.2)
 * is between them; its first entries may look like more markers.
 */
static bool find_markers(struct kallsyms_search *search, struct kallsyms_tables *tables, size_t end,
			 unsigned width)
{
	struct bytes all = tables->part->bytes;

	for (size_t at = end / LABEL_ALIGN * LABEL_ALIGN; at >= LABEL_ALIGN;) {
		at -= LABEL_ALIGN;

		struct markers markers = {.offset = at, .width = width};

		if (u32_at(all, at) || (width == 8 && (at % 8 || u32_at(all, at + 4))))
			continue;
		markers.count = count_markers(all, &markers, end);
		if (markers.count < 2)
			continue;
		if (++search->markers_tried > MARKERS_TRIED_MAX)
			return false;
		for (size_t surplus = 0; surplus < 3 && markers.count >= 2; surplus++) {
			if (find_names(tables, &markers))
				return true;
			markers.count--;
		}
	}
	return false;
}

bool kallsyms_find(struct kallsyms_search *search, struct kallsyms_tables *tables)
{
	struct bytes all = search->part->bytes;

	while (search->offset + 2 * NR_TOKENS <= all.size) {
		size_t index = search->offset, table;

		search->offset += LABEL_ALIGN;
		if (!looks_like_token_index(all, index))
			continue;
		*tables = (struct kallsyms_tables){.part = search->part};
		tables->tokens_end = index + 2 * NR_TOKENS;
		if (!find_token_table(tables, index, &table))
			continue;
		if (++search->tokens_tried > TOKENS_TRIED_MAX)
			return false;
		if (find_markers(search, tables, table, 4) ||
		    find_markers(search, tables, table, 8))
			return true;
	}
	return false;
}
