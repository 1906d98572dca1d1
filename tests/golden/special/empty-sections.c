/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Special sections of no length, and one that has no entry left.
 *
 * @changed first
 * @unchanged second
 * @contains section .altinstructions 0
 * @contains section .smp_locks 0
 * @contains section __jump_table 0
 * @contains-before section __bug_table 12
 * @contains-after section __bug_table 0
 */
#include "kernel.h"

asm(".pushsection .altinstructions, \"a\"\n\t.popsection\n"
    ".pushsection .smp_locks, \"a\"\n\t.popsection\n"
    ".pushsection __jump_table, \"aw\"\n\t.popsection\n"
    ".pushsection __bug_table, \"aw\"\n\t.popsection\n");

int first(int a)
{
#ifndef PATCHED
	WARN_ON(a == 3);
#endif
	return external(a);
}

int second(int a)
{
	return external(a + 2);
}
