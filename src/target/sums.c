/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Keeps checksums of a source tree beside it, a line a file: "<high><low> path". */
#include "target/sums.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/file.h"
#include "base/path.h"
#include "base/seal.h"
#include "base/strbuf.h"

/* A checksum is written as two numbers of 16 digits, and a blank follows. */
#define SUM_DIGITS 32

void sums_free(struct sum_vec *sums)
{
	vec_foreach(sums, it)
		free(it->path);
	vec_free(sums);
}

struct err *sums_write(const char *folder, const char *name, const struct sum_vec *sums)
{
	scope_free char *path = xasprintf("%s/sums", folder);
	scope_free char *seal = xasprintf("%s.seal", path);
	scope_strbuf text = STRBUF_INIT;

	vec_foreach(sums, it)
		strbuf_addf(&text, "%016llx%016llx %s\n", (unsigned long long)it->high,
			    (unsigned long long)it->low, it->path);
	err_try(file_write(path, text.buf, text.len));
	return seal_write(seal, path, name);
}

static int sum_compare(const void *a, const void *b)
{
	return strcmp(((const struct sum *)a)->path, ((const struct sum *)b)->path);
}

static bool sums_parse(const char *text, struct sum_vec *sums)
{
	for (const char *line = text; *line;) {
		size_t len = strcspn(line, "\n");
		unsigned long long high, low;

		if (len < SUM_DIGITS + 2 || line[len] != '\n' ||
		    sscanf(line, "%16llx%16llx", &high, &low) != 2)
			return false;
		vec_push(sums, (struct sum){xstrndup(line + SUM_DIGITS + 1, len - SUM_DIGITS - 1),
					    high, low});
		line += len + 1;
	}
	if (sums->len)
		qsort(sums->data, sums->len, sizeof(*sums->data), sum_compare);
	return true;
}

struct err *sums_read(const char *tree, struct sum_vec *sums, bool *known)
{
	scope_free char *folder = path_parent(tree);
	scope_free char *path = xasprintf("%s/sums", folder);
	scope_free char *seal = xasprintf("%s.seal", path);
	scope_free char *text = NULL;

	*known = false;
	if (strcmp(path_base(tree), "tree") || !seal_matches(seal, path, path_base(folder)))
		return NULL;
	err_try(file_read(path, &text, NULL));
	*known = sums_parse(text, sums);
	return NULL;
}
