/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reads and parses the texts of /proc/<pid>.  The owner of the process chooses what they contain,
 * so no name, length or number is trusted here.
 */
#ifndef SUTURE_ADVISE_PROCFS_H
#define SUTURE_ADVISE_PROCFS_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/cursor.h"

/* Opens a file of a process in the folder /proc, for reading; returns it or -errno. */
int procfs_open(int proc, int pid, const char *name);

/*
 * Reads as much of such a file as fits; returns the number of bytes, or -errno.  A short read is
 * the end of a file of /proc.
 */
ssize_t procfs_read(int proc, int pid, const char *name, char *buf, size_t size);

/* One line of maps; the name is still escaped and points into the line. */
struct mapping {
	uint64_t start, end;
	bool exec;
	uint32_t major, minor;
	uint64_t inode;
	struct bytes name;
};

/* Parses a line of maps; returns false if it is not valid. */
bool procfs_mapping(struct bytes line, struct mapping *mapping);

/*
 * Decodes a name; free().  The kernel writes a newline in it as \012 and leaves a backslash as it
 * is, so a name with \012 has two meanings (fs/seq_file.c, mangle_path()).
 */
char *procfs_unescape(struct bytes name);

struct proc_stat {
	char comm[64];
	int ppid, session;
	bool kernel_thread;
	bool ended;	/* it has ended, has no memory, and waits for its parent */
	uint64_t start; /* when it started, in clock ticks since the boot */
};

/* Parses the text of /proc/<pid>/stat; returns false if it is not valid. */
bool procfs_stat(struct bytes text, struct proc_stat *stat);

/*
 * Returns the path in systemd's hierarchy, or in the unified one, from the text of
 * /proc/<pid>/cgroup; it points into text, and is empty if there is none.
 */
struct bytes procfs_cgroup(struct bytes text);

/*
 * Takes the next line, without its end, from *rest, which is the whole text at first; returns false
 * after the last line.
 */
bool procfs_line(struct bytes *rest, struct bytes *line);

#endif
