/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A function moves to another unit: it is gone here, and its callers call one of that name.
 *
 * @any caller
 * @removed helper
 * @unchanged bystander
 * @contains-before symbol helper .text.helper
 * @contains-after symbol helper UND
 * @contains reloc helper .text.caller
 * @bytes same .text.caller
 */
#include "kernel.h"

#ifdef PATCHED
int helper(int a);
#else
noinline int helper(int a)
{
	barrier();
	return external(a * 2) + a;
}
#endif

int caller(int a)
{
	return helper(a) + 1;
}

int bystander(int a)
{
	return external(a);
}
