/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Dynamic debug: a descriptor per call, each its own jump key; one more in front renumbers them.
 *
 * @changed first
 * @unchanged second
 * @contains-before section __dyndbg 56
 * @contains-after section __dyndbg 112
 * @contains symbol descriptor.* __dyndbg 56
 * @contains reloc __dyndbg __jump_table
 * @contains reloc __dyndbg .text.second
 * @part-contains symbol descriptor.* __dyndbg 56
 * @part-contains section __dyndbg 56
 * @part-contains reloc descriptor.* __jump_table
 * @part-contains section __jump_table 16
 */
#include "kernel.h"

int first(int a)
{
#ifdef PATCHED
	pr_debug("first %d", a);
#endif
	return external(a);
}

int second(int a)
{
	pr_debug("second %d", a);
	return external(a);
}
