/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What belongs to one place in the code is copied under clang's names, too: the function's is part
 * of them.  Other variables are those of the kernel.
 *
 * @changed first
 * @contains symbol first.__key
 * @contains symbol __func__.first
 * @part-contains symbol first.__key .data*
 * @part-contains symbol first._rs.7 .data*
 * @part-contains symbol __func__.first .rodata*
 * @part-contains symbol first.count UND
 */
#include "kernel.h"

static int key __asm__("first.__key") = 1;
static int rs __asm__("first._rs.7") = 2;
static int count __asm__("first.count") = 3;
static const char func[] __asm__("__func__.first") = "first";

int first(int a)
{
	consume(&key, &rs, func);
#ifdef PATCHED
	a += 3;
#endif
	count++;
	return external(a);
}
