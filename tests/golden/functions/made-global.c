/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A static function becomes global: same code, but relocations name it instead of its section.
 *
 * @unchanged helper, caller
 * @contains-before reloc .text.helper .text.caller
 * @contains-after reloc helper .text.caller
 * @bytes same .text.helper .text.caller
 */
#include "kernel.h"

#ifndef PATCHED
static
#endif
	noinline int
	helper(int a)
{
	barrier();
	return external(a * 2) + a;
}

int caller(int a)
{
	return helper(a) + 1;
}
