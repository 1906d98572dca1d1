/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Lists the mount points below which access to a file may hang. */
#include "advise/mounts.h"

#include <fnmatch.h>
#include <string.h>

#include "advise/procfs.h"
#include "base/alloc.h"

static const char *const slow_types[] = {"nfs*", "cifs", "smb*",  "fuse*",  "9p",     "ceph",
					 "afs",	 "gfs*", "ocfs*", "lustre", "autofs", "virtiofs"};

/* Decodes blanks, newlines and backslashes, which are written as three octal digits. */
static char *unescape(struct bytes text)
{
	char *out = xmalloc(text.size + 1);
	size_t len = 0;

	for (size_t i = 0; i < text.size; i++) {
		const uint8_t *at = text.data + i;

		if (text.size - i >= 4 && at[0] == '\\' && at[1] >= '0' && at[1] <= '3' &&
		    at[2] >= '0' && at[2] <= '7' && at[3] >= '0' && at[3] <= '7') {
			out[len++] =
				(char)((at[1] - '0') << 6 | (at[2] - '0') << 3 | (at[3] - '0'));
			i += 3;
		} else {
			out[len++] = (char)*at;
		}
	}
	out[len] = '\0';
	return out;
}

static bool next_word(struct bytes *rest, struct bytes *word)
{
	const uint8_t *end;

	while (rest->size && *rest->data == ' ') {
		rest->data++;
		rest->size--;
	}
	if (!rest->size)
		return false;
	end = memchr(rest->data, ' ', rest->size);
	*word = (struct bytes){rest->data, end ? (size_t)(end - rest->data) : rest->size};
	rest->data += word->size;
	rest->size -= word->size;
	return true;
}

static bool is_slow(struct bytes type)
{
	scope_free char *name = xstrndup((const char *)type.data, type.size);

	for (size_t i = 0; i < array_size(slow_types); i++)
		if (!fnmatch(slow_types[i], name, 0))
			return true;
	return false;
}

void mounts_parse(struct bytes text, struct mounts *mounts)
{
	struct bytes line, word, point;

	while (procfs_line(&text, &line)) {
		bool ok = true;

		for (unsigned i = 0; ok && i < 5; i++) /* the fifth word is the mount point */
			ok = next_word(&line, &point);
		do
			ok = ok && next_word(&line, &word);
		while (ok && !(word.size == 1 && *word.data == '-'));
		if (ok && next_word(&line, &word) && is_slow(word))
			vec_push(&mounts->slow, unescape(point));
	}
}

void mounts_free(struct mounts *mounts)
{
	str_vec_free(&mounts->slow);
}

bool mounts_may_hang(const struct mounts *mounts, const char *path)
{
	vec_foreach(&mounts->slow, point) {
		size_t len = strlen(*point);

		if (!strncmp(path, *point, len) && (!path[len] || path[len] == '/'))
			return true;
	}
	return false;
}
