/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads the kernel's log from the time of opening on. */
#ifndef SUTURE_LIVE_KLOG_H
#define SUTURE_LIVE_KLOG_H

#include <stdbool.h>
#include <stdint.h>

#include "base/root.h"
#include "finding/finding.h"

struct live_klog {
	int fd;		/* -1 if the log cannot be read here */
	uint64_t from;	/* records before that number are skipped */
	uint64_t next;	/* the number of the record that should come next; 0 if not known */
	uint64_t lost;	/* how many records were overwritten before they were read */
	bool lost_more; /* more records were lost, and it is not known how many */
};

struct live_klog *live_klog_open(const struct root *root); /* never NULL */
void live_klog_freep(struct live_klog **klogp);
#define scope_live_klog __attribute__((cleanup(live_klog_freep))) struct live_klog *

/* Appends the lines that were logged since the last call. */
void live_klog_read(struct live_klog *klog, struct str_vec *lines);

/*
 * Returns the number of the record that the kernel logs next in this boot; 0 if the log cannot be
 * read. Together with live_klog_since(), it serves watches that last longer than a process.
 */
uint64_t live_klog_number(const struct root *root);

/* Appends the lines that were logged in this boot from that record on, as far as they are still
 * there. */
void live_klog_since(const struct root *root, uint64_t number, struct str_vec *lines);

/* Says how many lines were lost, such as "12 lines"; NULL if none were.  free(). */
char *live_klog_lost(const struct live_klog *klog);

/* Adds a warning if the log cannot be read. */
void live_klog_check(const struct root *root, struct finding_vec *findings);

#endif
