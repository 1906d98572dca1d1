/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Calls through retpolines and returns through the return thunk, as Debian's kernels are compiled.
 *
 * @flags -mindirect-branch=thunk-extern -mindirect-branch-register -mindirect-branch-cs-prefix
 * @flags -mfunction-return=thunk-extern -mharden-sls=all
 * @changed first
 * @unchanged second
 * @contains reloc __x86_indirect_thunk_* .text.first
 * @contains reloc __x86_return_thunk .text.second
 * @bytes same .text.second
 */
#include "kernel.h"

struct ops {
	int (*open)(int), (*close)(int);
};

int first(struct ops *ops, int a)
{
#ifdef PATCHED
	if (!ops->open)
		return -38;
#endif
	return ops->open(a) + 1;
}

int second(struct ops *ops, int a)
{
	return ops->close(a) + 1;
}
