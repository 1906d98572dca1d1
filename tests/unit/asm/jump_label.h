/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Stands for the kernel's header of that name, whose functions must not be the ones used. */
static inline bool arch_static_branch(struct static_key *key, bool branch)
{
	(void)key;
	(void)branch;
	abort();
}

static inline bool arch_static_branch_jump(struct static_key *key, bool branch)
{
	return arch_static_branch(key, branch);
}
