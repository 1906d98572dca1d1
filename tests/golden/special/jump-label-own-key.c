/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A jump entry whose key is a variable of the same unit, in .data..ro_after_init, and not its first.
 *
 * @changed first
 * @unchanged second
 * @contains reloc .data..ro_after_init __jump_table
 * @contains symbol second_key .data..ro_after_init 16
 * @relocs same .text.first .text.second
 * @bytes same .text.first .text.second
 * @relocs differ __jump_table
 * @part-contains symbol second_key UND
 * @part-contains reloc second_key __jump_table
 * @part-lacks section .data..ro_after_init
 */
#include "kernel.h"

static struct static_key first_key __ro_after_init = {.enabled = 1};
static struct static_key second_key __ro_after_init = {.enabled = 0};
#ifdef PATCHED
#define KEY second_key
#else
#define KEY first_key
#endif

int first(int a)
{
	if (static_branch_unlikely(&KEY))
		return external(a);
	return a;
}

int second(int a)
{
	if (static_branch_unlikely(&second_key))
		return external(a);
	return a;
}

void enable(void)
{
	consume(&first_key, &second_key);
}
