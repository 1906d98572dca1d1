/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Finds out what else the kernel runs at functions that live patches replace. */
#ifndef SUTURE_LIVE_ATTACHED_H
#define SUTURE_LIVE_ATTACHED_H

#include "base/root.h"
#include "finding/finding.h"
#include "live/bpf_links.h"

struct live_attached {
	char *traced;	/* the text of tracefs' enabled_functions, or NULL */
	char *probed;	/* the text of debugfs' list of kprobes, or NULL */
	bool no_probes; /* the kernel has no kprobes, or they are all disarmed */
	struct bpf_link_vec links;
	char *symbols; /* the text of /proc/kallsyms, which is read when it is needed; or NULL */
	const struct root *root;
};

/* Reads the lists; those that cannot be read stay empty. */
void live_attached_read(const struct root *root, struct live_attached *attached);
void live_attached_free(struct live_attached *attached);

/* Which function is meant; others may have the same name. */
struct live_place {
	const char *object; /* "vmlinux" or the module that has the function */
	const char *function;
	unsigned sympos; /* as a live patch has it: 0 or 1 if the name is unique */
};

/* Which other users of a function there are. */
struct live_users {
	bool diverted; /* a live patch, or a kprobe with a post handler (FTRACE_FL_IPMODIFY) */
	bool direct;   /* a BPF program or another direct call (FTRACE_FL_DIRECT) */
	bool keyed;    /* it is a BPF trampoline, and this is its number: */
	uint64_t key;
	bool probed_inside;	   /* a kprobe is behind the function's entry */
	unsigned long long offset; /* of the first such kprobe */
	bool namesakes;	   /* other functions have the name, and direct may be theirs; not found out
			      for functions that are only diverted */
	bool probed_which; /* the kprobe may be in another function of the name */
};

struct live_users live_attached_users(struct live_attached *attached,
				      const struct live_place *place);

/* Returns whether other functions have the name, so that a diversion may be theirs. */
bool live_attached_has_namesakes(struct live_attached *attached, const struct live_place *place);

/*
 * Adds a warning for each user that keeps the new code from being called, or that the new code
 * keeps from being called; module is the patch that replaces the function.
 */
void live_attached_warn(struct live_attached *attached, const char *module,
			const struct live_place *place, struct finding_vec *findings);

/* Warns if it is unknown what is attached to functions, since a list cannot be read. */
void live_attached_warn_unread(const struct live_attached *attached, struct finding_vec *findings);

/*
 * Names what may run in place of a replaced function and of its new code, such as "the BPF program
 * audit (fmod_ret)"; NULL if nothing known does; free().
 */
char *live_attached_over(struct live_attached *attached, const struct live_place *place);

#endif
