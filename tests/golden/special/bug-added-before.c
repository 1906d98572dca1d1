/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A new bug entry in front of the others moves them; their functions stay unchanged.
 *
 * @changed first
 * @unchanged second, third
 * @contains-before section __bug_table 24
 * @contains-after section __bug_table 36
 * @contains reloc .text.third __bug_table
 * @bytes same .text.second .text.third
 */
#include "kernel.h"

int first(int a)
{
#ifdef PATCHED
	if (WARN_ON(a > 9))
		return -22;
#endif
	return external(a);
}

int second(int a)
{
	BUG_ON(a == 7);
	return external(a);
}

int third(int a)
{
	WARN_ON_ONCE(a == 8);
	return external(a);
}
