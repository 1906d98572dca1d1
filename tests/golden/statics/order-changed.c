/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Two static locals of one name and shape in a function whose blocks change places.
 * Which is which cannot be told: pairing them in order would exchange their values.
 *
 * @changed first
 * @finding static-local-ambiguous
 * @data any state.0, state.1
 * @data any state.0, state.1
 * @contains symbol state.0 .bss.state.0 4
 * @contains symbol state.1 .bss.state.1 4
 * @contains reloc .bss.state.0 .text.first
 * @contains reloc .bss.state.1 .text.first
 */
#include "kernel.h"

int first(int a)
{
#ifdef PATCHED
	{
		static int state;

		a += external(state-- * 5);
	}
#endif
	{
		static int state;

		a += external(state++ * 3);
	}
#ifndef PATCHED
	{
		static int state;

		a += external(state-- * 5);
	}
#endif
	return a;
}
