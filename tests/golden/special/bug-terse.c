/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Bug entries of a kernel without CONFIG_DEBUG_BUGVERBOSE, which name neither file nor line: an
 * even number of them looks like half as many with a file.
 *
 * @changed first
 * @unchanged second
 * @contains section __bug_table 16
 * @contains reloc .text.first __bug_table
 * @contains reloc .text.second __bug_table
 * @part-contains section __bug_table 8
 * @part-contains reloc first __bug_table
 * @part-lacks symbol second
 */
#include "kernel.h"

#undef bug_entry
#define bug_entry(flags, extra)                                                                    \
	asm volatile("1:\t.byte 0x0f, 0x0b\n\t.pushsection __bug_table, \"aw\"\n"                  \
		     "2:\t.long 1b - .\n\t.word %c0\n\t.org 2b + 8\n\t.popsection\n" extra         \
		     :                                                                             \
		     : "i"(flags))

int first(int a)
{
	WARN_ON(a < 0);
#ifdef PATCHED
	a += 3;
#endif
	return external(a);
}

int second(int a)
{
	BUG_ON(a == 7);
	return external(a);
}
