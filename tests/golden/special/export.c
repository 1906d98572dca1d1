/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Exported functions: one changes, one is new with its export, the tables' entries of others stay.
 *
 * @changed first
 * @new third
 * @unchanged second
 * @contains section ___ksymtab+first 12
 * @contains section ___ksymtab+second 12
 * @contains symbol __kstrtab_second __ksymtab_strings
 * @contains-after section ___ksymtab+third 12
 * @contains section .discard.addressable
 * @part-lacks section ___ksymtab+*
 * @part-lacks section __ksymtab_strings
 * @part-contains section __mcount_loc
 * @part-lacks symbol second
 */
#include "kernel.h"

int first(int a)
{
#ifdef PATCHED
	a++;
#endif
	return external(a);
}
EXPORT_SYMBOL(first);

#ifdef PATCHED
int third(int a)
{
	return external(a + 3);
}
EXPORT_SYMBOL(third);
#endif

int second(int a)
{
	return external(a + 2);
}
EXPORT_SYMBOL(second);
