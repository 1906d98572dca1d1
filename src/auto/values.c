/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Parses values of the policy that have units. */
#include "auto/values.h"

#include <ctype.h>
#include <stddef.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"

struct value_unit {
	const char *name;
	uint64_t factor;
};

static const struct value_unit durations[] = {
	{"w", 7 * 86400}, {"d", 86400}, {"h", 3600}, {"min", 60}, {"s", 1},
};

static const struct value_unit sizes[] = {
	{"T", 1ULL << 40},
	{"G", 1ULL << 30},
	{"M", 1ULL << 20},
	{"K", 1ULL << 10},
};

#define DURATION_MOST (3650ULL * 86400)
#define SIZE_MOST (1ULL << 50)

/* Reads a number of at most `most` and advances *at; false if there is none. */
static bool value_number(const char **at, uint64_t most, uint64_t *number)
{
	const char *start = *at;

	for (*number = 0; isdigit((unsigned char)**at); ++*at) {
		*number = *number * 10 + (**at - '0');
		if (*number > most)
			return false;
	}
	return *at != start;
}

/* Finds the unit that begins at *at and advances it; no unit at the end of the text counts 1. */
static uint64_t value_factor(const char **at, const struct value_unit *units, size_t count)
{
	size_t len = strspn(*at, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ");

	if (!len)
		return **at ? 0 : 1;
	for (size_t i = 0; i < count; i++) {
		if (strlen(units[i].name) == len && !strncmp(*at, units[i].name, len)) {
			*at += len;
			return units[i].factor;
		}
	}
	return 0;
}

struct err *value_duration(const char *text, uint64_t *seconds)
{
	const char *at = text;
	uint64_t sum = 0;

	do {
		uint64_t number, factor;

		if (!value_number(&at, DURATION_MOST, &number))
			break;
		factor = value_factor(&at, durations, array_size(durations));
		if (!factor)
			break;
		sum += number * factor;
		at += strspn(at, " ");
		if (!*at && sum <= DURATION_MOST) {
			*seconds = sum;
			return NULL;
		}
	} while (*at);
	return err_new("'%s' is not a time such as 90s, 30min, 2h 30min or 3d", text);
}

struct err *value_size(const char *text, uint64_t *bytes)
{
	const char *at = text;
	uint64_t number, factor;

	if (!strcmp(text, "unlimited")) {
		*bytes = 0;
		return NULL;
	}
	if (value_number(&at, SIZE_MOST, &number) && number) {
		factor = value_factor(&at, sizes, array_size(sizes));
		if (factor && !*at && number <= SIZE_MOST / factor) {
			*bytes = number * factor;
			return NULL;
		}
	}
	return err_new("'%s' is not a size such as 512M or 4G, nor 'unlimited'", text);
}

struct err *value_percent(const char *text, unsigned most, unsigned *percent)
{
	const char *at = text;
	uint64_t number;

	if (value_number(&at, most, &number) && (!*at || !strcmp(at, "%"))) {
		*percent = number;
		return NULL;
	}
	return err_new("'%s' is not a percentage from 0 to %u", text, most);
}
