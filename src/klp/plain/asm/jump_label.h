/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Takes the place of the architecture's header: static branches read their key.  The kernel, which
 * rewrites branches when a key changes, does not do so in a patch for a module's key.
 */
#ifndef SUTURE_PLAIN_JUMP_LABEL_H
#define SUTURE_PLAIN_JUMP_LABEL_H

#define arch_static_branch suture_arch_static_branch
#define arch_static_branch_jump suture_arch_static_branch_jump
#include_next <asm/jump_label.h>
#undef arch_static_branch
#undef arch_static_branch_jump

#ifndef __ASSEMBLY__

#include <asm/rwonce.h>

/* Decides as jump_label_type() in kernel/jump_label.c does; -1 stands for "being enabled". */
static __always_inline bool arch_static_branch(struct static_key *key, bool branch)
{
	return (READ_ONCE(key->enabled.counter) != 0) != branch;
}

static __always_inline bool arch_static_branch_jump(struct static_key *key, bool branch)
{
	return (READ_ONCE(key->enabled.counter) != 0) != branch;
}

#endif
#endif
