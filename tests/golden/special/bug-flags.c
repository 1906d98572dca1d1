/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Only the flags in the bug entry change (WARN_ON to WARN_ON_ONCE): no byte of the text does.
 *
 * @changed first
 * @unchanged second
 * @bytes same .text.first .text.second
 * @relocs same .text.first
 * @bytes differ __bug_table
 * @contains section __bug_table 24
 */
#include "kernel.h"

#ifdef PATCHED
#define WARN WARN_ON_ONCE
#else
#define WARN WARN_ON
#endif

int first(int a)
{
	WARN(a < 0);
	return external(a);
}

int second(int a)
{
	WARN_ON(a < 0);
	return external(a);
}
