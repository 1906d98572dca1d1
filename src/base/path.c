/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Splits a path, as text, into its folder and its last name. */
#include "base/path.h"

#include <string.h>

#include "base/alloc.h"

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
