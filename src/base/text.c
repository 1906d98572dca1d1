/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Trims lines, looks for words in them, writes bytes in hexadecimal, and joins names to a list that
 * a sentence can hold. */
#include "base/text.h"

#include <ctype.h>
#include <string.h>

char *str_trim(char *text)
{
	while (isspace((unsigned char)*text))
		text++;

	size_t len = strlen(text);

	while (len && isspace((unsigned char)text[len - 1]))
		text[--len] = '\0';
	return text;
}

char *str_hex(const uint8_t *data, size_t size)
{
	scope_strbuf out = STRBUF_INIT;

	for (size_t i = 0; i < size; i++)
		strbuf_addf(&out, "%02x", data[i]);
	return strbuf_detach(&out);
}

static bool find_word(const char *text, const char *word, const char *separators,
		      int (*compare)(const char *, const char *, size_t))
{
	size_t len = strlen(word);

	while (*text) {
		size_t size = strcspn(text, separators);

		if (size == len && !compare(text, word, len))
			return true;
		text += size;
		text += strspn(text, separators);
	}
	return false;
}

bool str_has_word(const char *text, const char *word, const char *separators)
{
	return find_word(text, word, separators, strncmp);
}

bool str_is_among(const char *text, const char *const *strings, size_t count)
{
	for (size_t i = 0; text && i < count; i++)
		if (!strcmp(strings[i], text))
			return true;
	return false;
}

const char *str_behind(const char *text, const char *const *prefixes, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (str_starts(text, prefixes[i]))
			return text + strlen(prefixes[i]);
	return NULL;
}

int str_compare(const char *a, const char *b)
{
	return a && b ? strcmp(a, b) : (a != NULL) - (b != NULL);
}

bool str_has_word_nocase(const char *text, const char *word, const char *separators)
{
	return find_word(text, word, separators, strncasecmp);
}

void names_add(struct names *names, const char *fmt, ...)
{
	va_list ap;

	if (names->count++ >= names->shown)
		return;
	if (names->text.len)
		strbuf_addstr(&names->text, ", ");
	va_start(ap, fmt);
	strbuf_vaddf(&names->text, fmt, ap);
	va_end(ap);
}

char *names_end(struct names *names)
{
	if (names->count > names->shown)
		strbuf_addf(&names->text, " and %zu more", names->count - names->shown);
	names->count = 0;
	return strbuf_detach(&names->text);
}

void names_free(struct names *names)
{
	strbuf_free(&names->text);
}

char *names_join(const struct str_vec *list, size_t shown)
{
	struct names names = NAMES_INIT(shown);

	vec_foreach(list, it)
		names_add(&names, "%s", *it);
	return names_end(&names);
}

char *str_vec_join(const struct str_vec *list, const char *separator)
{
	scope_strbuf text = STRBUF_INIT;

	vec_foreach(list, it)
		strbuf_addf(&text, "%s%s", it == list->data ? "" : separator, *it);
	return strbuf_detach(&text);
}
