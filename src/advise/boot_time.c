/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads the time of the boot in /proc/stat. */
#include "advise/boot_time.h"

#include <stdlib.h>
#include <string.h>

double boot_time_read(const struct root *root)
{
	char *text = NULL;
	struct err *err = root_read(root, "/proc/stat", &text);
	const char *at = text ? strstr(text, "\nbtime ") : NULL;
	double boot = at ? strtod(at + strlen("\nbtime "), NULL) : 0;

	err_free(err);
	free(text);
	return boot;
}
