/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Lists the BPF programs that run at functions of the kernel by trampolines. */
#ifndef SUTURE_LIVE_BPF_LINKS_H
#define SUTURE_LIVE_BPF_LINKS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/root.h"
#include "base/vec.h"

enum bpf_link_kind {
	BPF_LINK_FENTRY,
	BPF_LINK_FEXIT,
	BPF_LINK_FMOD_RET, /* it may return in place of the function */
	BPF_LINK_LSM,	   /* the same, at a hook of the security modules */
};

struct bpf_link {
	uint64_t key; /* which function it is at: the number in the trampoline's name */
	enum bpf_link_kind kind;
	char program[16]; /* the program's name; may be "" */
};

struct bpf_link_vec VEC(struct bpf_link);

/* Reads the links of the running kernel; leaves the list empty if that is not allowed. */
void bpf_links_read(const struct root *root, struct bpf_link_vec *links);

/* Finds the number in "... bpf_trampoline_6442461440+0x0/0x1000 ..."; false if there is none. */
bool bpf_trampoline_key(const char *text, uint64_t *key);

/*
 * Names the programs of a trampoline, such as "the BPF program audit (fexit)", or only those that
 * have the last word on what the function returns; free().
 */
char *bpf_links_describe(const struct bpf_link_vec *links, uint64_t key, bool deciding_only);

/* Returns whether any program of the trampoline is in the list. */
bool bpf_links_known(const struct bpf_link_vec *links, uint64_t key);

/* Returns whether the trampoline calls the function between its programs, as fexit does. */
bool bpf_links_wait(const struct bpf_link_vec *links, uint64_t key);

/* Returns whether a program of the trampoline may return in place of the function. */
bool bpf_links_decide(const struct bpf_link_vec *links, uint64_t key);

#endif
