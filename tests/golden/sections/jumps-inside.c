/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A tail call inside a section is a jump without a relocation.
 *
 * @changed caller
 * @unchanged callee, user, between
 * @flags -fno-toplevel-reorder
 * @contains symbol callee .noinstr.text
 * @contains symbol caller .noinstr.text
 * @contains reloc .noinstr.text .text.user
 * @lacks reloc .noinstr.text .noinstr.text
 * @finding not-traceable
 * @part-contains reloc callee .text.caller
 */
#include "kernel.h"

static noinstr int callee(int a)
{
	return external(a) * 3;
}

/* Far enough that the assembler takes the long jump. */
static noinstr __used void between(void)
{
	asm volatile(".skip 200, 0x90");
}

static noinstr int caller(int a)
{
#ifdef PATCHED
	a++;
#endif
	return callee(a + 2);
}

int user(int a)
{
	return caller(a) - 1;
}
