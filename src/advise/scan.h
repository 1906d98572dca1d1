/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What runs now, and what of it is of files that are no longer there: a snapshot of /proc.
 * Nothing is executed or loaded, no file but those of /proc is opened for reading, and time and
 * memory are bounded whatever processes map.
 */
#ifndef SUTURE_ADVISE_SCAN_H
#define SUTURE_ADVISE_SCAN_H

#include <stdbool.h>
#include <stdint.h>

#include "advise/owner.h"
#include "advise/rules.h"
#include "base/err.h"
#include "base/root.h"
#include "base/vec.h"

enum file_state {
	FILE_CURRENT,
	FILE_GONE,     /* removed, and nothing is in its place */
	FILE_REPLACED, /* another file has its name now */
	FILE_NEWER,    /* a script: written after the process started */
};

/* One file as mapped by processes of one view; shared by them. */
struct file_use {
	char *path; /* as the process sees it; any bytes but NUL */
	enum file_state state;
	bool counts;	 /* code, or data that a rule names; and no rule tells to ignore it */
	bool wants_data; /* code of a program whose data matters, too */
};

struct process {
	int pid, ppid;
	char comm[64];	    /* any bytes */
	struct owner owner; /* of those with stale files; of others only if asked for */
	bool foreign;	    /* of a container that has files of its own */
	bool partial;	    /* maps more files than were looked at */
	struct file_use_ref_vec VEC(const struct file_use *) files; /* those that count */
	size_t nr_stale;
};

struct process_vec VEC(struct process);

struct scan {
	struct process_vec processes; /* with user memory that could be read; by number */
	unsigned seen;		      /* with user memory */
	unsigned unreadable;	      /* of those: not ours to look at */
	struct scan_files *files;
};

struct scan_options {
	bool containers; /* look into those, too */
	bool owners;	 /* of all processes */
	int self;	 /* this process and package managers above it are left out; 0: none */
};

struct err *scan_processes(const struct root *root, const struct rules *rules,
			   const struct scan_options *options, struct scan *scan);
void scan_free(struct scan *scan);
#define scope_scan __attribute__((cleanup(scan_free))) struct scan

#endif
