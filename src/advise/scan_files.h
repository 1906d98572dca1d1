/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The files that processes have mapped, each looked up once.  scan_processes() fills this while it
 * goes through the processes; the results live as long as the scan.
 */
#ifndef SUTURE_ADVISE_SCAN_FILES_H
#define SUTURE_ADVISE_SCAN_FILES_H

#include "advise/procfs.h"
#include "advise/scan.h"
#include "advise/view.h"

struct scan_files *scan_files_new(const struct rules *rules, int proc);
void scan_files_free(struct scan_files *files);

/* What one thread found last, so that it seldom waits for the others. */
#define RECENT_FILES 1024

struct recent_files {
	const struct mapped_file *slots[RECENT_FILES];
};

/*
 * The file of a mapping that process pid has; NULL when it does not count.  Looked up once for
 * all processes that see it through the same view.  Several threads may ask; what they get does
 * not change any more.
 */
const struct file_use *scan_files_mapped(struct scan_files *files, struct recent_files *recent,
					 const struct view *view, int pid,
					 const struct mapping *mapping);

/* A script: newer when it was changed after `started`, in seconds of the clock. */
const struct file_use *scan_files_script(struct scan_files *files, const struct view *view,
					 const char *path, double started);

#endif
