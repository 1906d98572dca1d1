/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * An init function that an initcall entry refers to changes beside ordinary code that does not.
 *
 * @changed setup
 * @finding init-function
 * @unchanged teardown, first
 * @contains symbol setup .init.text
 * @contains symbol teardown .exit.text
 * @contains reloc setup .initcall6.init
 * @contains section .initcall6.init 4
 * @bytes same .text.first
 */
#include "kernel.h"

int first(int a)
{
	return external(a);
}

int __init setup(void)
{
#ifdef PATCHED
	external(2);
#endif
	return external(1);
}
initcall(setup);

void __exit teardown(void)
{
	external(3);
}
