/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads the time of the boot in /proc/stat. */
#include "advise/boot_time.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"

double boot_time_read(const struct root *root)
{
	scope_free char *text = NULL;
	const char *at;

	err_free(root_read(root, "/proc/stat", &text));
	at = text ? strstr(text, "\nbtime ") : NULL;
	return at ? strtod(at + strlen("\nbtime "), NULL) : 0;
}
