/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Only the static key that a branch asks changes: a relocation of __jump_table.
 *
 * @changed first
 * @unchanged second
 * @contains section __jump_table 32
 * @contains reloc .text.first __jump_table
 * @contains reloc key_a __jump_table
 * @bytes same .text.first .text.second
 * @relocs same .text.first
 * @relocs differ __jump_table
 * @part-contains section __jump_table 16
 * @part-contains reloc key_b __jump_table
 * @part-contains symbol key_b UND
 * @part-lacks symbol key_a
 */
#include "kernel.h"

extern struct static_key key_a, key_b;
#ifdef PATCHED
#define KEY key_b
#else
#define KEY key_a
#endif

int first(int a)
{
	if (static_branch_unlikely(&KEY))
		return external(a);
	return a;
}

int second(int a)
{
	if (static_branch_unlikely(&key_a))
		return external(a);
	return a;
}
