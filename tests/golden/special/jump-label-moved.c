/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A changed function with a static branch; the code and the target of its neighbour's stay.
 *
 * @changed first
 * @unchanged second
 * @contains-before section __jump_table 16
 * @contains-after section __jump_table 48
 * @contains reloc .text.second __jump_table
 * @bytes same .text.second
 * @part-contains section __jump_table 32
 * @part-contains reloc first __jump_table
 */
#include "kernel.h"

extern struct static_key key_a, key_b;

int first(int a)
{
#ifdef PATCHED
	if (static_branch_unlikely(&key_a))
		a = external(a);
	if (static_branch_unlikely(&key_b))
		a = external(a + 1);
#endif
	return a;
}

int second(int a)
{
	if (static_branch_unlikely(&key_a))
		return external(a);
	return a;
}
