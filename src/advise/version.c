/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Compares version numbers as package managers do. */
#include "advise/version.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

/* Returns a character's rank: a tilde sorts before all, even the end; letters before the rest. */
static int rank(char c)
{
	if (c == '~')
		return -1;
	if (!c || isdigit((unsigned char)c))
		return 0;
	return isalpha((unsigned char)c) ? (unsigned char)c : (unsigned char)c + 256;
}

static int compare_part(const char *a, const char *a_end, const char *b, const char *b_end)
{
#define AT(p) ((p) < p##_end ? *(p) : '\0')
	while (a < a_end || b < b_end) {
		while ((a < a_end && !isdigit((unsigned char)*a)) ||
		       (b < b_end && !isdigit((unsigned char)*b))) {
			int diff = rank(AT(a)) - rank(AT(b));

			if (diff)
				return diff;
			a += a < a_end;
			b += b < b_end;
		}
		while (AT(a) == '0')
			a++;
		while (AT(b) == '0')
			b++;

		const char *a_digits = a, *b_digits = b;

		while (isdigit((unsigned char)AT(a)))
			a++;
		while (isdigit((unsigned char)AT(b)))
			b++;

		long longer = (a - a_digits) - (b - b_digits);
		int diff =
			longer ? (longer > 0 ? 1 : -1) : strncmp(a_digits, b_digits, a - a_digits);

		if (diff)
			return diff;
	}
#undef AT
	return 0;
}

int version_compare(const char *a, const char *b)
{
	const char *a_colon = strchr(a, ':'), *b_colon = strchr(b, ':');
	long a_epoch = a_colon ? strtol(a, NULL, 10) : 0,
	     b_epoch = b_colon ? strtol(b, NULL, 10) : 0;

	if (a_epoch != b_epoch)
		return a_epoch < b_epoch ? -1 : 1;
	a = a_colon ? a_colon + 1 : a;
	b = b_colon ? b_colon + 1 : b;

	const char *a_dash = strrchr(a, '-'), *b_dash = strrchr(b, '-');
	const char *a_end = a + strlen(a), *b_end = b + strlen(b);
	int diff = compare_part(a, a_dash ? a_dash : a_end, b, b_dash ? b_dash : b_end);

	return diff ? diff
		    : compare_part(a_dash ? a_dash + 1 : a_end, a_end, b_dash ? b_dash + 1 : b_end,
				   b_end);
}
