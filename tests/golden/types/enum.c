/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * An enumerator is added in the middle: those behind it get other values.
 *
 * @changed second
 * @unchanged first
 * @contains symbol second .text.second
 * @bytes same .text.first
 * @bytes differ .text.second
 */
#include "kernel.h"

enum state {
	IDLE,
	BUSY,
#ifdef PATCHED
	PAUSED,
#endif
	GONE,
};

int first(enum state state)
{
	return state == BUSY ? external(1) : 0;
}

int second(enum state state)
{
	return state == GONE ? external(2) : 0;
}
