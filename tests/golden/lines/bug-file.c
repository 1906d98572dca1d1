/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A line directive gives the warning another file name: it is the entry that changes.
 *
 * @any first
 * @unchanged second
 * @contains section __bug_table 24
 * @relocs same .text.first
 * @bytes same .text.first .text.second
 * @bytes differ .rodata.first.str1.1
 */
#include "kernel.h"

int second(int a)
{
	WARN_ON(a == 3);
	return external(a);
}

#ifdef PATCHED
#line 30 "another-file.c"
#else
#line 30 "template-file.c"
#endif
int first(int a)
{
	WARN_ON(a < 0);
	return external(a);
}
