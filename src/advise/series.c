/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Compares the words of releases.  Distributions and administrators put versions of packages,
 * counters of builds, flavours and processors into a release, without a common form; the words that
 * are left without the first two say what series a kernel is of.
 */
#include "advise/series.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/strbuf.h"
#include "base/text.h"
#include "base/vec.h"

#define MIN_COUNTED 3 /* so many letters before a number make it a counter: "xanmod2" */

/* These end with digits that name a processor or a size of pages, and count nothing. */
static const char *const fixed_words[] = {
	"amd64", "arm64", "armv7",  "i386",    "i486",	  "i586",    "i686",   "ppc64",
	"s390",	 "s390x", "mips64", "riscv64", "sparc64", "loong64", "x86_64", "x64v1",
	"x64v2", "x64v3", "x64v4",  "ppc64le", "64k",	  "aarch64",
};

/* These say with which release of a distribution a package was built, or count its builds. */
static const char *const version_words[] = {"deb", "bpo", "rpt", "rc", "r", "b", "build"};

/* These shorter words are counted, too: releases of distributions. */
static const char *const counted_words[] = {"el", "fc", "lp"};

static bool is_in(const char *const *words, size_t count, const char *word, size_t len)
{
	for (size_t i = 0; i < count; i++)
		if (strlen(words[i]) == len && !strncmp(words[i], word, len))
			return true;
	return false;
}

/* Returns whether it is "g" and the beginning of a commit's id, as git describe writes it. */
static bool is_commit(const char *word, size_t len)
{
	size_t digits = 1;

	while (digits < len && strchr("0123456789abcdef", word[digits]))
		digits++;
	return len >= 8 && *word == 'g' && digits == len;
}

/* Adds a word to the list, without the number at its end if that counts. */
static void take_word(const char *word, size_t len, struct str_vec *words)
{
	size_t letters = 0, digits = 0;

	while (letters < len && isalpha((unsigned char)word[letters]))
		letters++;
	while (letters + digits < len &&
	       (isdigit((unsigned char)word[letters + digits]) || word[letters + digits] == '_'))
		digits++;

	bool whole = letters + digits == len;
	bool fixed = is_in(fixed_words, array_size(fixed_words), word, len);

	if (!len || is_commit(word, len) || (whole && !letters) ||
	    (whole && is_in(version_words, array_size(version_words), word, letters)))
		return;
	if (whole && !fixed &&
	    (letters >= MIN_COUNTED ||
	     is_in(counted_words, array_size(counted_words), word, letters)))
		len = letters;
	vec_push(words, xstrndup(word, len));
}

/* Lists the words of a release.  What follows a "+" up to the next "-" belongs to the version. */
static void series_list_words(const char *release, struct str_vec *words)
{
	const char *at = release + strspn(release, "0123456789.");

	while (*at) {
		bool version = *at == '+' && strncmp(at, "+rt", 3) && strncmp(at, "+debug", 6) &&
			       strncmp(at, "+64k", 4);

		at += strspn(at, "-.+~_");

		size_t len = strcspn(at, version ? "-" : "-.+~");

		if (!version)
			take_word(at, len, words);
		at += len;
	}
}

/* Returns the words as one text, without any digits but those of processors; free(). */
static char *without_digits(const struct str_vec *words)
{
	scope_strbuf text = STRBUF_INIT;

	vec_foreach(words, it) {
		bool fixed = is_in(fixed_words, array_size(fixed_words), *it, strlen(*it));

		strbuf_addch(&text, ' ');
		for (const char *c = *it; *c; c++)
			if (fixed || !isdigit((unsigned char)*c))
				strbuf_addch(&text, *c);
	}
	return strbuf_detach(&text);
}

enum series_match series_compare(const char *a, const char *b)
{
	scope_str_vec a_words = {}, b_words = {};

	series_list_words(a, &a_words);
	series_list_words(b, &b_words);

	scope_free char *a_text = str_vec_join(&a_words, " ");
	scope_free char *b_text = str_vec_join(&b_words, " ");
	scope_free char *a_bare = without_digits(&a_words);
	scope_free char *b_bare = without_digits(&b_words);

	if (!strcmp(a_text, b_text))
		return SERIES_SAME;
	return strcmp(a_bare, b_bare) ? SERIES_OTHER : SERIES_UNSURE;
}
