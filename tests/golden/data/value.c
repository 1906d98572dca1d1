/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Another initial value of a global variable, in the middle of a section with several.
 *
 * @flags -fno-data-sections
 * @unchanged first
 * @data changed beta
 * @finding data-changed
 * @contains symbol alpha .data 4
 * @contains symbol beta .data 4
 * @contains symbol gamma .data 4
 * @bytes same .text.first
 * @bytes differ .data
 */
#include "kernel.h"

#ifdef PATCHED
#define BETA 20
#else
#define BETA 2
#endif

int alpha = 1;
int beta = BETA;
int gamma = 3;

int first(int a)
{
	return alpha++ + beta++ + gamma++ + a;
}
