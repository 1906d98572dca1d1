/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A static function gets the name of the function of another unit that was called so far.
 *
 * @changed caller
 * @new helper
 * @contains-before symbol helper UND
 * @contains-after symbol helper .text.helper
 * @bytes same .text.caller
 * @part-contains reloc helper .text.caller
 * @part-contains symbol helper .text.helper
 */
#include "kernel.h"

#ifdef PATCHED
static noinline int helper(int a)
{
	return external(a * 2) + a;
}
#else
int helper(int a);
#endif

int caller(int a)
{
	return helper(a) + 1;
}
