/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Looks up the files that processes have mapped, each file once.  scan_processes() fills this while
 * it examines the processes; the results live as long as the scan.
 */
#ifndef SUTURE_ADVISE_SCAN_FILES_H
#define SUTURE_ADVISE_SCAN_FILES_H

#include <stdbool.h>

#include "advise/procfs.h"
#include "advise/rules.h"
#include "advise/view.h"

enum file_state {
	FILE_CURRENT,
	FILE_GONE,	/* the file was removed, and no other is in its place */
	FILE_TEMPORARY, /* the same, but it was probably temporary: removed.h */
	FILE_REPLACED,	/* another file has its name now */
	FILE_NEWER,	/* the file is a script, written after the process started */
};

/* One file as mapped by processes of one view, which share this. */
struct file_use {
	char *path; /* as the process sees it; any bytes but NUL */
	enum file_state state;
	bool counts;	  /* it is code, or data that a rule names, and no rule ignores it */
	bool interpreter; /* it is the library of an interpreter, for programs that embed it */
	bool wants_data;  /* it is code, by which a rule makes mapped data matter */
};

/* Returns whether a process that uses the file does not run what is installed. */
bool file_use_is_stale(const struct file_use *file);

struct scan_files;

struct scan_files *scan_files_new(const struct rules *rules, int proc);
void scan_files_free(struct scan_files *files);

/* The files that one thread has found last, so that it rarely waits for the lock. */
#define RECENT_FILES 1024

struct recent_files {
	const struct mapped_file *slots[RECENT_FILES];
};

/*
 * Returns the file of a mapping of process pid; NULL if it does not count.  A file is looked up
 * once for all processes of a view.  Several threads may call this; what it returns does not
 * change.
 */
const struct file_use *scan_files_mapped(struct scan_files *files, struct recent_files *recent,
					 const struct view *view, int pid,
					 const struct mapping *mapping);

/*
 * Returns a script's file, whose state is FILE_NEWER if it was changed after `started`, in seconds
 * of the clock.
 */
const struct file_use *scan_files_script(struct scan_files *files, const struct view *view,
					 const char *path, double started);

/* Returns a script's module by its status, without looking it up again; its state as above. */
const struct file_use *scan_files_module(struct scan_files *files, const char *path,
					 const struct stat *st, double started);

/* Records that a package owns a temporary file, so that it counts as one that an update removed. */
void scan_files_set_owned(struct scan_files *files, const struct file_use *file);

#endif
