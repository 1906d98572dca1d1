/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Only the line number in a dynamic debug descriptor changes: no change.
 *
 * @unchanged first
 * @bytes differ __dyndbg
 * @relocs same __dyndbg
 * @bytes same .text.first
 * @contains symbol descriptor.* __dyndbg
 */
#include "kernel.h"

// --- after
/* One line. */

// --- both
int first(int a)
{
	pr_debug("first %d", a);
	return external(a);
}
