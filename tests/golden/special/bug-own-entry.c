/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Since v6.19 an entry has three relocations, and WARN() passes its address: which of the
 * function's entries it is counts, not where that lies.
 *
 * @changed first, fifth
 * @unchanged second, third, fourth
 * @contains-before section __bug_table 112
 * @contains-after section __bug_table 128
 * @contains reloc __bug_table .text.third
 * @contains reloc .text.third __bug_table
 * @relocs differ .text.third .text.fourth
 * @part-contains section __bug_table 48
 * @part-contains reloc __bug_table .text.fifth
 * @part-lacks reloc __bug_table .text.third
 */
#include "kernel.h"

struct bug_entry;
extern void __WARN_trap(struct bug_entry *bug, ...);

#define warn_entry(format)                                                                         \
	({                                                                                         \
		struct bug_entry *bug_;                                                            \
		asm volatile("lea (2f)(%%rip), %0\n1:\n\t.pushsection __bug_table, \"aw\"\n"       \
			     "2:\t.long 1b - .\n\t.long %c1 - .\n\t.long %c2 - .\n\t.word %c3\n"   \
			     "\t.word 0\n\t.org 2b + 16\n\t.popsection\n"                          \
			     : "=r"(bug_)                                                          \
			     : "i"(format), "i"(__FILE__), "i"(__LINE__));                         \
		bug_;                                                                              \
	})
#define warn(format, args...) __WARN_trap(warn_entry(format), ##args)

int first(int a)
{
#ifdef PATCHED
	if (a > 9)
		warn("first %d", a);
#endif
	return external(a);
}

int second(int a)
{
	return external(a + 1);
}

int third(int a)
{
	if (a == 7)
		warn("third");
	if (a == 8)
		warn("third again %d", a);
	return external(a);
}

int fourth(int a)
{
	if (a == 9)
		warn("fourth");
	return external(a);
}

/* The same entries, and the other one is passed. */
int fifth(int a)
{
	struct bug_entry *one = warn_entry("one"), *two = warn_entry("two");

#ifdef PATCHED
	__WARN_trap(two, one);
#else
	__WARN_trap(one, two);
#endif
	return external(a);
}

int sixth(int a)
{
	if (a == 10)
		warn("sixth %d %d", a, a);
	return external(a);
}

int seventh(int a)
{
	if (a == 11)
		warn("seventh");
	return external(a);
}
