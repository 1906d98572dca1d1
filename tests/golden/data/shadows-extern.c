/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A static variable gets the name of another unit's variable that was used so far.
 *
 * @changed first
 * @data new setting
 * @contains-before symbol setting UND
 * @contains-after symbol setting .bss.setting 4
 * @bytes same .text.first
 * @part-contains symbol setting .bss.setting 4
 */
#include "kernel.h"

#ifdef PATCHED
static int setting;
#else
extern int setting;
#endif

int first(int a)
{
	return external(a + ++setting);
}
