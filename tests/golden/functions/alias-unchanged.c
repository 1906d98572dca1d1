/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * System calls have several names for one function: nothing happens to them when another changes.
 *
 * @changed other
 * @unchanged __se_sys_call
 * @any __x64_sys_call
 * @contains symbol __x64_sys_call .text.__se_sys_call
 * @contains symbol __se_sys_call .text.__se_sys_call
 * @bytes same .text.__se_sys_call
 */
#include "kernel.h"

long __se_sys_call(long a)
{
	return external(a);
}

long __x64_sys_call(long a) __attribute__((alias("__se_sys_call")));

int other(int a)
{
#ifdef PATCHED
	a++;
#endif
	return external(a);
}
