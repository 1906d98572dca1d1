/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A function uses another variable of another unit.
 *
 * @changed first
 * @unchanged second
 * @contains symbol jiffies UND
 * @contains-before reloc jiffies .text.first
 * @contains-after reloc boot_jiffies .text.first
 * @bytes same .text.first .text.second
 */
#include "kernel.h"

extern unsigned long jiffies, boot_jiffies;

unsigned long first(void)
{
#ifdef PATCHED
	return boot_jiffies + 1;
#else
	return jiffies + 1;
#endif
}

unsigned long second(void)
{
	return jiffies + boot_jiffies;
}
