/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Finds out what else the kernel runs at functions that live patches replace. */
#ifndef SUTURE_LIVE_ATTACHED_H
#define SUTURE_LIVE_ATTACHED_H

#include "base/root.h"
#include "finding/finding.h"
#include "live/bpf_links.h"

struct live_attached {
	char *traced; /* the text of tracefs' enabled_functions, or NULL */
	char *probed; /* the text of debugfs' list of kprobes, or NULL */
	struct bpf_link_vec links;
};

/* Reads the lists; those that cannot be read stay empty. */
void live_attached_read(const struct root *root, struct live_attached *attached);
void live_attached_free(struct live_attached *attached);

/* Which other users of a function there are. */
struct live_users {
	bool diverted; /* a live patch, or a kprobe with a post handler (FTRACE_FL_IPMODIFY) */
	bool direct;   /* a BPF program or another direct call (FTRACE_FL_DIRECT) */
	bool keyed;    /* it is a BPF trampoline, and this is its number: */
	uint64_t key;
	bool probed_inside;	   /* a kprobe is behind the function's entry */
	unsigned long long offset; /* of the first such kprobe */
};

/* Looks a function up; object is "vmlinux" or the module that has the function. */
struct live_users live_attached_users(const struct live_attached *attached, const char *object,
				      const char *function);

/*
 * Adds a warning for each user that keeps the new code from being called, or that the new code
 * keeps from being called; module is the patch that replaces the function.
 */
void live_attached_warn(const struct live_attached *attached, const char *module,
			const char *object, const char *function, struct finding_vec *findings);

#endif
