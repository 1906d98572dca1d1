/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Functions with names of the same length swap places: each keeps its own __func__.
 *
 * @unchanged alpha, gamma
 * @contains symbol __func__.0 .rodata* 6
 * @contains symbol __func__.1 .rodata* 6
 * @relocs differ .text.alpha .text.gamma
 * @bytes same .text.alpha .text.gamma
 */
#include "kernel.h"

// --- before
int alpha(int a)
{
	consume(__func__);
	return a;
}
// --- both

int gamma(int a)
{
	consume(__func__);
	return a + 1;
}
// --- after

int alpha(int a)
{
	consume(__func__);
	return a;
}
