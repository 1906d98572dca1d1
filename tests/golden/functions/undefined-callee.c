/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A function calls another function of another unit, which this unit did not know before.
 *
 * @changed first
 * @unchanged second
 * @contains-before reloc external .text.first
 * @contains-after reloc external_checked .text.first
 * @lacks-before symbol external_checked
 * @bytes same .text.first .text.second
 */
#include "kernel.h"

int external_checked(int a);

int first(int a)
{
#ifdef PATCHED
	return external_checked(a) + 1;
#else
	return external(a) + 1;
#endif
}

int second(int a)
{
	return external(a) + 1;
}
