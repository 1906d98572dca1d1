/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A function loses its call of __fentry__ and its entry in __mcount_loc.
 *
 * @changed first
 * @unchanged second
 * @contains-before section __mcount_loc 16
 * @contains-after section __mcount_loc 8
 * @contains-before reloc __fentry__ .text.first
 * @lacks-after reloc __fentry__ .text.first
 * @contains reloc .text.second __mcount_loc
 * @part-lacks section __mcount_loc
 */
#include "kernel.h"

#ifdef PATCHED
notrace
#endif
int first(int a)
{
	return external(a);
}

int second(int a)
{
	return external(a + 1);
}
