/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads /proc/PID/stat, whose fields proc_pid_stat(5) describes. */
#include "base/proc_stat.h"

#include <stdlib.h>
#include <string.h>

#define START_FIELD 22 /* counted from 1 */

uint64_t proc_start_time(const char *line)
{
	/* The name of the process may contain anything, as in "7 (a) b) S 1 ...". */
	const char *at = line ? strrchr(line, ')') : NULL;

	if (!at || strlen(at) < 3 || strchr("ZX", at[2]))
		return 0;
	for (int field = 2; at && field < START_FIELD; field++)
		at = strchr(at + 1, ' ');
	return at ? strtoull(at, NULL, 10) : 0;
}
