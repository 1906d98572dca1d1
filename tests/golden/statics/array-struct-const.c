/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Static locals of several shapes in one changed function: all exist already.
 *
 * @changed first
 * @contains symbol buffer.* .bss.buffer.* 64
 * @contains symbol state.* .data.state.* 16
 * @contains symbol weights.* .rodata.weights.* 24
 * @contains symbol handler.* .data*.handler.* 8
 * @contains symbol flag.* .bss.flag.* 1
 * @part-contains symbol buffer.* UND
 * @part-contains symbol state.* UND
 * @part-contains symbol weights.* UND
 * @part-contains symbol handler.* UND
 * @part-contains symbol flag.* UND
 */
#include "kernel.h"

int first(unsigned a)
{
	static char buffer[64];
	static struct {
		int a;
		void *self;
	} state = {.a = 4, .self = &state};
	static const int weights[6] = {1, 7, 2, 8, 1, 8};
	static int (*handler)(int) = external;
	static bool flag;

	if (!flag)
		consume(buffer, &state);
	flag = 1;
#ifdef PATCHED
	a %= 6;
#endif
	consume(&handler);
	return handler(state.a) + weights[a];
}
