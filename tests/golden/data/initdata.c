/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Start-up data and the function that uses it.
 *
 * @changed setup
 * @finding init-function
 * @unchanged first
 * @contains symbol setting .init.data 4
 * @contains reloc .init.data .init.text
 * @contains symbol setup .init.text
 * @contains symbol message .init.data 6
 */
#include "kernel.h"

static int setting __initdata = 4;
static char message[] __initdata = "hello";

int first(int a)
{
	return external(a);
}

int __init setup(void)
{
	consume(message);
#ifdef PATCHED
	setting++;
#endif
	return setting++;
}
