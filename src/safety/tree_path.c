/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Turns a path that the compiler was given into a path of the source tree. */
#include "safety/tree_path.h"

#include <string.h>

#include "base/strbuf.h"

const char *tree_path(const char *path)
{
	const char *found;

	while ((found = strstr(path, "source/")) && (found == path || found[-1] == '/'))
		path = found + strlen("source/");
	while (str_starts(path, "./"))
		path += 2;
	return path;
}
