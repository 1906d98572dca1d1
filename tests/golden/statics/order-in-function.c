/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Two static locals of the same name and size in one function that changes elsewhere.
 *
 * @changed first
 * @contains symbol state.0 .data*
 * @contains symbol state.1 .data*
 * @contains reloc .data.state.0 .text.first
 * @contains reloc .data.state.1 .text.first
 * @part-contains symbol state.0 UND
 * @part-contains symbol state.1 UND
 */
#include "kernel.h"

int first(int a)
{
#ifdef PATCHED
	if (a == 99)
		return 0;
#endif
	if (a < 0) {
		static int state = 1;

		return external(state++);
	} else {
		static int state = 2;

		return external(state--);
	}
}
