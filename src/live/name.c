/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Derives the name of a module from a path or from the name of a file. */
#include <string.h>

#include "base/alloc.h"
#include "base/path.h"
#include "live/name.h"

char *live_name_of(const char *name_or_path)
{
	char *name = xstrdup(path_base(name_or_path));
	char *end = strstr(name, ".ko");

	if (end)
		*end = '\0';
	for (char *c = name; *c; c++)
		if (*c == '-')
			*c = '_';
	return name;
}
