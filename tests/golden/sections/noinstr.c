/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Functions in .noinstr.text, without __fentry__: one changes.
 *
 * @changed enter
 * @finding not-traceable
 * @unchanged leave, first
 * @contains symbol enter .noinstr.text
 * @contains symbol leave .noinstr.text
 * @lacks reloc __fentry__ .noinstr.text
 * @contains reloc __fentry__ .text.first
 * @contains reloc .noinstr.text .text.first
 */
#include "kernel.h"

static noinstr int enter(int a)
{
#ifdef PATCHED
	a |= 0x1000;
#endif
	return external(a);
}

static noinstr int leave(int a)
{
	return external(~a);
}

int first(int a)
{
	consume(enter);
	return leave(a) + 1;
}
