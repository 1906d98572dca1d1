/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Takes a snapshot of /proc: what runs now, and which of the files that it uses were removed or
 * replaced.  Nothing is executed or loaded, only files of /proc are opened for reading, and time
 * and memory are bounded whatever processes map.
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
	FILE_GONE,     /* the file was removed, and no other is in its place */
	FILE_REPLACED, /* another file has its name now */
	FILE_NEWER,    /* the file is a script, written after the process started */
};

/* One file as mapped by processes of one view, which share this. */
struct file_use {
	char *path; /* as the process sees it; any bytes but NUL */
	enum file_state state;
	bool counts;	 /* it is code, or data that a rule names, and no rule ignores it */
	bool wants_data; /* it is code, by which a rule makes mapped data matter */
};

struct process {
	int pid, ppid;
	char comm[64];	    /* the name; any bytes */
	struct owner owner; /* known if files are stale, or if the options ask for owners */
	bool foreign;	    /* it is in a container that has its own files */
	bool partial;	    /* it maps more files than were examined */
	struct file_use_ref_vec VEC(const struct file_use *) files; /* those that count */
	size_t nr_stale;
};

struct process_vec VEC(struct process);

struct scan {
	struct process_vec processes; /* those whose memory maps could be read; sorted by id */
	unsigned seen;		      /* how many processes have user memory */
	unsigned unreadable;	      /* how many of these could not be examined */
	struct scan_files *files;
};

struct scan_options {
	bool containers; /* examine processes of containers, too */
	bool owners;	 /* find the owners of all processes */
	int self;	 /* leave out this process and package managers above it; 0: none */
};

struct err *scan_processes(const struct root *root, const struct rules *rules,
			   const struct scan_options *options, struct scan *scan);
void scan_free(struct scan *scan);
#define scope_scan __attribute__((cleanup(scan_free))) struct scan

#endif
