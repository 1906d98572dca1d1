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
#include "advise/scan_files.h"
#include "advise/script.h"
#include "base/err.h"
#include "base/root.h"
#include "base/vec.h"

struct process {
	int pid, ppid;
	char comm[64];	    /* the name; any bytes */
	struct owner owner; /* known if files are stale, or if the options ask for owners */
	bool owner_read;    /* owner is final */
	bool foreign;	    /* it is in a container that has its own files */
	bool partial;	    /* it maps more files than were examined */
	struct file_use_ref_vec VEC(const struct file_use *) files; /* those that count */
	struct script_use *script;				    /* NULL if it runs none */
	size_t nr_stale;     /* how many of these are stale */
	size_t nr_temporary; /* how many were temporary: they do not count as stale */
};

struct process_vec VEC(struct process);

struct scan {
	struct process_vec processes; /* those whose memory maps could be read; sorted by id */
	unsigned seen;		      /* how many processes have user memory */
	unsigned unreadable;	      /* how many of these could not be examined */
	int hidden;		      /* the lowest id of such a process; 0 if there is none */
	bool chroot;		      /* this command is in a chroot */
	struct str_vec unknown;	      /* a sentence for each process whose modules are unknown */
	struct scan_files *files;
};

/* Adds a module to a process if it changed since the process started, or if all is set. */
void scan_add_module(struct scan *scan, struct process *process, const struct root *root,
		     const char *path, bool all);

/* Finds the owners of all processes if one has stale files; without these, nobody asks for them. */
void scan_read_owners(const struct root *root, struct scan *scan);

struct scan_options {
	bool containers; /* examine processes of containers, too */
	bool owners;	 /* find the owners of all processes */
	int self; /* leave out this process, the others of its session that are in no unit, and
		     package managers that have called it; 0: none */
};

struct err *scan_processes(const struct root *root, const struct rules *rules,
			   const struct scan_options *options, struct scan *scan);
void scan_free(struct scan *scan);
#define scope_scan __attribute__((cleanup(scan_free))) struct scan

#endif
