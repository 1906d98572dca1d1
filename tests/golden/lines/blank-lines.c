/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Blank lines in front of everything: lines in bug entries, descriptors and debug data change.
 *
 * @flags -g
 * @unchanged first, second
 * @contains section .debug_line
 * @contains section __bug_table 24
 * @contains symbol descriptor.* __dyndbg
 * @bytes same .text.first .text.second
 * @bytes differ __bug_table __dyndbg .debug_line
 */
#include "kernel.h"

// --- after



// --- both
int first(int a)
{
	WARN_ON(a < 0);
	pr_debug("first");
	return printk("first") + a;
}

int second(int a)
{
	BUG_ON(!a);
	return external(a);
}
