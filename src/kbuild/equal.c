/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <string.h>

#include "base/file.h"
#include "kbuild/build.h"

struct err *build_objects_equal(const char *pre, const char *post, bool *equal)
{
	scope_file_map one = {}, two = {};

	err_try(file_map(pre, &one));
	err_try(file_map(post, &two));
	*equal = one.bytes.size == two.bytes.size &&
		 !memcmp(one.bytes.data, two.bytes.data, one.bytes.size);
	return NULL;
}
