/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The same text compiled twice.
 *
 * @unchanged first, first_user
 * @contains section __bug_table 12
 * @contains symbol count.0
 * @bytes same .text.first .text.first_user __bug_table .rodata.first.str1.1
 * @relocs same .text.first .text.first_user __bug_table
 */
#include "kernel.h"

static noinline int first(int a)
{
	static int count;

	WARN_ON(a < 0);
	return printk("first") + ++count;
}

int first_user(int a)
{
	return first(a) + 1;
}
