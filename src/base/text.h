/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Small operations on lines of text, bytes as text, and lists of names within a sentence. */
#ifndef SUTURE_BASE_TEXT_H
#define SUTURE_BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/strbuf.h"
#include "base/vec.h"

/* Removes white space from both ends of text, in place; returns a pointer into text. */
char *str_trim(char *text);

/* Returns the bytes in hexadecimal; free(). */
char *str_hex(const uint8_t *data, size_t size);

/* Returns whether word is one of the words of text, which are divided by any of the separators. */
bool str_has_word(const char *text, const char *word, const char *separators);

/* Returns whether text is one of the strings; false if text is NULL. */
bool str_is_among(const char *text, const char *const *strings, size_t count);

/* Returns the text behind the first of the prefixes that it begins with, or NULL. */
const char *str_behind(const char *text, const char *const *prefixes, size_t count);

/* Works like strcmp(3); a string that is NULL sorts before all others. */
int str_compare(const char *a, const char *b);

/* Does the same as str_has_word(), ignoring case. */
bool str_has_word_nocase(const char *text, const char *word, const char *separators);

/* The number of names that most messages show. */
#define NAMES_SHOWN 6

/*
 * Collects names for a sentence: "a, b, c and 4 more".
 *
 *	scope_names names = NAMES_INIT(NAMES_SHOWN);
 *	names_add(&names, "%s (%d)", name, pid);
 *	text = names_end(&names);
 */
struct names {
	struct strbuf text;
	size_t count; /* how many were added */
	size_t shown; /* how many of them the text has at most */
};

#define NAMES_INIT(most)                                                                           \
	{                                                                                          \
		.text = STRBUF_INIT, .shown = (most)                                               \
	}
#define scope_names __attribute__((cleanup(names_free))) struct names

void names_add(struct names *names, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* Returns the finished list, "" if nothing was added; names is empty afterwards. free(). */
char *names_end(struct names *names);
void names_free(struct names *names);

/* Returns all strings of a vector with the separator between them; free(). */
char *str_vec_join(const struct str_vec *list, const char *separator);

/* Returns the list of a whole vector, of which at most `shown` are named; free(). */
char *names_join(const struct str_vec *list, size_t shown);

#endif
