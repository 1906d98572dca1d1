/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The texts of /proc/<pid>: what is in them was chosen by whoever owns the process, so nothing
 * here trusts a name, a length or a number.
 */
#ifndef SUTURE_ADVISE_PROCFS_H
#define SUTURE_ADVISE_PROCFS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/cursor.h"

/* One line of maps; the name is still escaped and points into the line. */
struct mapping {
	uint64_t start, end;
	bool exec;
	uint32_t major, minor;
	uint64_t inode;
	struct bytes name;
};

/* False for a line that is none. */
bool procfs_mapping(struct bytes line, struct mapping *mapping);

/*
 * The kernel writes a newline in a name as \012 and leaves a backslash as it is, so that a
 * name can be read in two ways (fs/seq_file.c, mangle_path()).  free().
 */
char *procfs_unescape(struct bytes name);

struct proc_stat {
	char comm[64];
	int ppid;
	bool kernel_thread;
	bool ended;	/* waits for its parent; has no memory */
	uint64_t start; /* clock ticks since boot */
};

/* A whole /proc/<pid>/stat. */
bool procfs_stat(struct bytes text, struct proc_stat *stat);

/*
 * The path in systemd's hierarchy, or in the unified one, of a whole /proc/<pid>/cgroup; empty
 * when there is none.  Points into text.
 */
struct bytes procfs_cgroup(struct bytes text);

/* The next line of text, without its end; false after the last.  *rest starts as the whole text. */
bool procfs_line(struct bytes *rest, struct bytes *line);

#endif
