/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Code that runs once: .init.text holds two functions, of which the first grows.
 *
 * @changed setup
 * @finding init-function
 * @unchanged probe, teardown
 * @contains symbol setup .init.text
 * @contains symbol probe .init.text
 * @contains symbol teardown .exit.text
 * @contains reloc external .init.text
 * @flags -fno-toplevel-reorder
 */
#include "kernel.h"

int __init setup(void)
{
#ifdef PATCHED
	printk("patched %d", external(17));
#endif
	return external(1);
}

static int __init __used probe(int a)
{
	return printk("probe") + a;
}

static void __exit teardown(int a)
{
	printk("teardown");
}
