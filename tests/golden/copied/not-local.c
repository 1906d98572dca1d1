/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A variable of the file with the name of one that is always copied keeps its state.
 *
 * @changed first
 * @unchanged second
 * @contains symbol descriptor .data.descriptor 4
 * @contains symbol _rs .bss._rs 4
 * @contains symbol CSWTCH .bss.CSWTCH 4
 * @part-contains symbol descriptor UND
 * @part-contains symbol _rs UND
 * @part-contains symbol CSWTCH UND
 */
#include "kernel.h"

static int descriptor = 4;
static int _rs;
int CSWTCH;

int first(int a)
{
#ifdef PATCHED
	a++;
#endif
	return ++descriptor + ++_rs + ++CSWTCH + a;
}

int second(int a)
{
	return --descriptor + --_rs + a;
}
