/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A new common variable, which has no section until it is linked, beside an old one.
 *
 * @flags -fcommon
 * @changed first
 * @data new added
 * @contains symbol old ABS 4
 * @contains-after symbol added ABS 4
 * @part-contains symbol old UND
 * @part-contains symbol added *bss* 4
 */
#include "kernel.h"

int old;
#ifdef PATCHED
int added;
#endif

int first(int a)
{
#ifdef PATCHED
	added += a;
#endif
	return external(old);
}
