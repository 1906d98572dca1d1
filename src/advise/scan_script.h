/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Finds the script of an interpreter, and where it is told to search for modules. */
#ifndef SUTURE_ADVISE_SCAN_SCRIPT_H
#define SUTURE_ADVISE_SCAN_SCRIPT_H

#include "advise/scan_files.h"
#include "advise/script.h"
#include "base/cursor.h"
#include "base/root.h"

struct script_reader {
	const struct root *root;
	int proc; /* the folder /proc */
	struct scan_files *files;
};

/*
 * Finds what a process's interpreter runs, by its arguments (/proc/PID/cmdline), its environment,
 * and its program and start, which *script has; sets the other members.  Returns the script's file,
 * which belongs to the reader's files, or NULL.
 */
const struct file_use *scan_script_take(const struct script_reader *reader, const struct view *view,
					int pid, struct bytes args, struct script_use *script);

/* Does the same for a program that has an interpreter's library mapped, whose path is program. */
void scan_script_embedded(const struct script_reader *reader, int pid, struct script_use *script);

#endif
