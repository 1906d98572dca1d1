/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Numbers C identifiers, and compares how often two pieces of code use each. */
#include "cover/names.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"

/* Nearly every file uses these names, so that sharing one does not connect two changes. */
static const char *const common_names[] = {
	"auto",	   "bool",     "break",	 "case",   "char",	"const",     "continue", "default",
	"do",	   "double",   "else",	 "enum",   "extern",	"float",     "for",	 "goto",
	"if",	   "inline",   "int",	 "long",   "register",	"restrict",  "return",	 "short",
	"signed",  "sizeof",   "static", "struct", "switch",	"typedef",   "union",	 "unsigned",
	"void",	   "volatile", "while",	 "u8",	   "u16",	"u32",	     "u64",	 "s8",
	"s16",	   "s32",      "s64",	 "size_t", "ssize_t",	"define",    "undef",	 "include",
	"NULL",	   "true",     "false",	 "likely", "unlikely",	"__init",    "__exit",	 "__user",
	"__force", "typeof",   "EINVAL", "ENOMEM", "READ_ONCE", "WRITE_ONCE"};

void name_table_free(struct name_table *table)
{
	strmap_free(&table->map);
	str_vec_free(&table->text);
}

static bool name_is_common(const char *text, size_t len)
{
	for (size_t i = 0; i < array_size(common_names); i++)
		if (strlen(common_names[i]) == len && !memcmp(common_names[i], text, len))
			return true;
	return false;
}

static uint32_t name_number(struct name_table *table, const char *text, size_t len)
{
	scope_free char *name = xstrndup(text, len);
	uint32_t number = strmap_get(&table->map, name);

	if (number != STRMAP_NONE || name_is_common(text, len))
		return number;
	number = table->text.len;
	strmap_set(&table->map, name, number);
	vec_push(&table->text, take_ptr(name));
	return number;
}

uint32_t name_of_token(struct name_table *table, const struct ctoken *token)
{
	return token->kind == CTOKEN_NAME ? name_number(table, token->text, token->len)
					  : STRMAP_NONE;
}

static int name_compare(const void *a, const void *b)
{
	uint32_t one = *(const uint32_t *)a, two = *(const uint32_t *)b;

	return (one > two) - (one < two);
}

static void name_set_order(struct name_set *set)
{
	if (set->len)
		qsort(set->data, set->len, sizeof(*set->data), name_compare);
}

void name_set_sort(struct name_set *set)
{
	size_t kept = 0;

	name_set_order(set);
	for (size_t i = 0; i < set->len; i++)
		if (!kept || set->data[kept - 1] != set->data[i])
			set->data[kept++] = set->data[i];
	set->len = kept;
}

bool name_set_has(const struct name_set *set, uint32_t name)
{
	return set->len && bsearch(&name, set->data, set->len, sizeof(*set->data), name_compare);
}

void name_use_free(struct name_use *use)
{
	vec_free(&use->all);
	vec_free(&use->members);
}

/* Returns whether the token at i follows "." or "->". */
static bool name_is_member(const struct ctoken_vec *tokens, size_t start, size_t i)
{
	const struct ctoken *at = tokens->data;

	return (i > start && ctoken_is(&at[i - 1], ".")) ||
	       (i > start + 1 && ctoken_is(&at[i - 1], ">") && ctoken_is(&at[i - 2], "-"));
}

void name_use_read(struct name_table *table, const struct ctoken_vec *tokens, size_t start,
		   size_t end, struct name_use *use)
{
	for (size_t i = start; i < end; i++) {
		uint32_t name = name_of_token(table, &tokens->data[i]);

		if (name == STRMAP_NONE)
			continue;
		vec_push(&use->all, name);
		if (name_is_member(tokens, start, i))
			vec_push(&use->members, name);
	}
}

void name_use_sort(struct name_use *use)
{
	name_set_order(&use->all);
	name_set_order(&use->members);
}

void names_more_often(const struct name_set *less, const struct name_set *more,
		      struct name_set *names)
{
	size_t other = 0;

	for (size_t i = 0; i < more->len;) {
		uint32_t name = more->data[i];
		size_t count = 0, others = 0;

		for (; i < more->len && more->data[i] == name; i++)
			count++;
		while (other < less->len && less->data[other] < name)
			other++;
		for (; other < less->len && less->data[other] == name; other++)
			others++;
		if (count > others)
			vec_push(names, name);
	}
}

static bool starts_line(const struct ctoken_vec *tokens, size_t start, size_t i)
{
	const struct ctoken *token = &tokens->data[i], *before = token - 1;

	return i == start || memchr(before->text, '\n', token->text - before->text);
}

void code_lines_read(const struct ctoken_vec *tokens, size_t start, size_t end,
		     struct code_lines *lines)
{
	for (size_t i = start; i < end; i++) {
		if (starts_line(tokens, start, i))
			vec_push(lines, (struct code_line){.start = i});

		struct code_line *line = &lines->data[lines->len - 1];

		line->hash = (line->hash ^ ctoken_hash(&tokens->data[i])) * 0x9e3779b97f4a7c15u;
		line->end = i + 1;
	}
}

static int code_line_compare(const void *a, const void *b)
{
	const struct code_line *one = a, *two = b;

	return (one->hash > two->hash) - (one->hash < two->hash);
}

void code_lines_sort(struct code_lines *lines)
{
	if (lines->len)
		qsort(lines->data, lines->len, sizeof(*lines->data), code_line_compare);
}

void names_touched(struct name_table *table, const struct ctoken_vec *tokens,
		   const struct code_lines *lines, const struct code_lines *others,
		   struct name_set *names)
{
	vec_foreach(lines, it) {
		if (others->len && bsearch(it, others->data, others->len, sizeof(*others->data),
					   code_line_compare))
			continue;
		for (size_t i = it->start; i < it->end; i++) {
			uint32_t name = name_of_token(table, &tokens->data[i]);

			if (name != STRMAP_NONE)
				vec_push(names, name);
		}
	}
}

void names_among(const struct name_table *table, const struct ctoken_vec *tokens,
		 const struct name_set *wanted, struct name_set *names)
{
	vec_foreach(tokens, it) {
		if (it->kind != CTOKEN_NAME)
			continue;

		scope_free char *text = xstrndup(it->text, it->len);
		uint32_t name = strmap_get(&table->map, text);

		if (name != STRMAP_NONE && name_set_has(wanted, name))
			vec_push(names, name);
	}
}
