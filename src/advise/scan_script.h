/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Finds the script of an interpreter, and where it is told to search for modules. */
#ifndef SUTURE_ADVISE_SCAN_SCRIPT_H
#define SUTURE_ADVISE_SCAN_SCRIPT_H

#include "advise/scan.h"
#include "base/cursor.h"

struct script_reader {
	const struct root *root;
	int proc; /* the folder /proc */
	struct scan_files *files;
};

/*
 * Sets process->script by the interpreter's program, its arguments (/proc/PID/cmdline) and its
 * environment, with started = `started` in seconds of the clock.  Returns the script's file, which
 * belongs to the reader's files, or NULL.
 */
const struct file_use *scan_script_take(const struct script_reader *reader, const struct view *view,
					const char *exe, struct bytes args, double started,
					struct process *process);

#endif
