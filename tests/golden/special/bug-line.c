/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Only the line number in the bug entry changes: no change.
 *
 * @unchanged first
 * @bytes same .text.first
 * @bytes differ __bug_table
 * @relocs same __bug_table
 * @part-lacks section __bug_table
 */
#include "kernel.h"

// --- after
/* Three lines

   more. */
// --- both
int first(int a)
{
	WARN_ON(a < 0);
	return external(a);
}
