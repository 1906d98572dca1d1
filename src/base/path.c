/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Splits paths, as text, into their parts, and joins them. */
#include "base/path.h"

#include <string.h>

#include "base/alloc.h"
#include "base/text.h"

const char *path_base(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

char *path_parent(const char *path)
{
	const char *slash = strrchr(path, '/');

	return xstrndup(path, slash ? slash - path : 0);
}

char *path_join(const char *dir, const char *name)
{
	scope_free char *whole = xasprintf("%s/%s", dir, name);
	char *out = xcalloc(strlen(whole) + 3, 1);
	size_t base = !strncmp(dir, "./", 2) ? 2 : 0; /* ".." never removes it */
	size_t len = base;

	memcpy(out, "./", base);
	for (const char *part = whole; *part;) {
		size_t size = strcspn(part, "/");
		const char *next = part + size + strspn(part + size, "/");

		if (size == 2 && !memcmp(part, "..", 2)) {
			while (len > base && out[len - 1] != '/')
				len--;
			len -= len > base;
		} else if (size && !(size == 1 && *part == '.')) {
			if (len > base)
				out[len++] = '/';
			memcpy(out + len, part, size);
			len += size;
		}
		part = next;
	}
	out[len] = '\0';
	return out;
}

static const char *const module_endings[] = {".ko", ".ko.gz", ".ko.xz", ".ko.zst"};

const char *path_module_ending(const char *path)
{
	for (size_t i = 0; i < array_size(module_endings); i++)
		if (str_ends(path, module_endings[i]))
			return module_endings[i];
	return NULL;
}

const char *path_module_ending_for(const char *path)
{
	for (size_t i = 1; i < array_size(module_endings); i++)
		if (str_ends(path, module_endings[i] + strlen(".ko")))
			return module_endings[i];
	return module_endings[0];
}
