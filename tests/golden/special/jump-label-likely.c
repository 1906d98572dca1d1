/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Only the lowest bit of a jump entry's key changes: the branch is taken when the key is on or off.
 *
 * @changed first
 * @contains section __jump_table 16
 * @contains reloc key_a __jump_table
 * @bytes same .text.first
 * @relocs same .text.first
 * @relocs differ __jump_table
 */
#include "kernel.h"

extern struct static_key key_a;
#ifdef PATCHED
#define BRANCH 1
#else
#define BRANCH 0
#endif

int first(int a)
{
	if (static_branch_nop(&key_a, BRANCH))
		return external(a);
	return a;
}
