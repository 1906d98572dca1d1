/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A function's result becomes wider: its callers treat it in another way.
 *
 * @changed helper, caller
 * @unchanged bystander
 * @contains reloc helper .text.caller
 * @bytes same .text.bystander
 * @bytes differ .text.helper .text.caller
 */
#include "kernel.h"

#ifdef PATCHED
typedef long result;
#else
typedef int result;
#endif

noinline result helper(int *a)
{
	return (result)external(*a) << 4;
}

long caller(int *a)
{
	return helper(a) + 1;
}

int bystander(int *a)
{
	return external(a[1]);
}
