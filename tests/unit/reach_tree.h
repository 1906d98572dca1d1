/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Writes the small source trees that tests of includes and names look at. */
#ifndef SUTURE_TESTS_UNIT_REACH_TREE_H
#define SUTURE_TESTS_UNIT_REACH_TREE_H

#include <string.h>

#include "base/alloc.h"
#include "base/file.h"
#include "base/path.h"
#include "unit.h"

/* Writes a file below dir, and its folders. */
static inline void put(const char *dir, const char *path, const char *text)
{
	scope_free char *file = xasprintf("%s/%s", dir, path);
	scope_free char *parent = path_parent(file);

	ck_assert_ok(dir_make(parent));
	ck_assert_ok(file_write(file, text, strlen(text)));
}

#endif
