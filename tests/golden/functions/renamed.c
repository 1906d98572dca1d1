/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A function is renamed without any other change: its callers call another one.
 *
 * @changed caller
 * @new new_name
 * @removed old_name
 * @contains-before symbol old_name .text.old_name
 * @contains-after symbol new_name .text.new_name
 * @bytes same .text.caller
 */
#include "kernel.h"

#ifdef PATCHED
#define helper new_name
#else
#define helper old_name
#endif

static noinline int helper(int a)
{
	return external(a * 2) + a;
}

int caller(int a)
{
	return helper(a) + 1;
}
