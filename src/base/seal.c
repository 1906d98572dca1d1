/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Writes and checks the seals of kept files. */
#include "base/seal.h"

#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

#include "base/alloc.h"
#include "base/file.h"

/* Makes the text of the seal that the file would get now; free(). */
static struct err *seal_text(const char *file, const char *what, char **text)
{
	scope_file_map map = {};

	err_try(file_map(file, &map));

	XXH64_hash_t place = XXH3_64bits(what, strlen(what));
	XXH64_hash_t sum = XXH3_64bits_withSeed(map.bytes.data, map.bytes.size, place);

	*text = xasprintf("suture-seal/1 %zu %016llx\n", map.bytes.size, (unsigned long long)sum);
	return NULL;
}

struct err *seal_write(const char *seal_path, const char *file, const char *what)
{
	scope_free char *text = NULL;

	err_try(seal_text(file, what, &text));
	/* The seal is not synced: if it is lost, the file counts as damaged, which is safe. */
	return file_write_scratch(seal_path, text, strlen(text));
}

bool seal_matches(const char *seal_path, const char *file, const char *what)
{
	scope_free char *wanted = NULL;
	scope_free char *found = NULL;
	struct err *err = file_read(seal_path, &found, NULL);

	if (!err)
		err = seal_text(file, what, &wanted);
	if (err) {
		err_free(err);
		return false;
	}
	return !strcmp(wanted, found);
}
