/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Comments and white space change, and lines do not.
 *
 * @unchanged first
 * @contains section __bug_table 12
 * @bytes same .text.first __bug_table
 */
#include "kernel.h"

// --- before
/* The first function. */
int first(int a)
{
	WARN_ON(a < 0);
	return printk("first") + a; /* a remark */
}
// --- after
/* Another remark
   about it.  */
int first(int a) {
	      WARN_ON(a<0);
	return printk("first")+a;

}
