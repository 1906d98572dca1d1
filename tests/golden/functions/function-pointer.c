/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The address of a changed function is passed on and compared: it stays the original's.
 *
 * @changed handler, install, is_ours
 * @contains symbol handler .text.handler
 * @contains reloc .text.handler .text.install
 * @contains reloc .text.handler .text.is_ours
 * @part-contains symbol handler .text.handler
 * @part-contains symbol handler UND
 * @part-contains reloc handler .text.install
 */
#include "kernel.h"

static int handler(int a)
{
#ifdef PATCHED
	a++;
#endif
	return external(a);
}

void install(void **slot)
{
#ifdef PATCHED
	consume(slot);
#endif
	*slot = handler;
}

int is_ours(void **slot)
{
#ifdef PATCHED
	if (!slot)
		return 0;
#endif
	return *slot == handler;
}
