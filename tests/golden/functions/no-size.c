/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Functions without any code share their address with the section's end.
 *
 * @changed first
 * @unchanged nowhere, never
 * @contains symbol nowhere .text.unlikely.nowhere 0
 * @contains symbol never .text.unlikely.never 0
 * @contains section .text.unlikely.nowhere 0
 * @contains reloc nowhere .text.first
 */
#include "kernel.h"

notrace void nowhere(void)
{
	__builtin_unreachable();
}

static notrace __used void never(void)
{
	__builtin_unreachable();
}

int first(int a)
{
	consume(nowhere);
#ifdef PATCHED
	consume(never);
#endif
	return external(a);
}
