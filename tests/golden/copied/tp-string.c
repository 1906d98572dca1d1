/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Pointers that name strings to who reads a trace come with the code, in whatever number.
 *
 * @changed first
 * @unchanged second
 * @contains symbol ___tp_str.* __tracepoint_str 8
 * @part-contains symbol ___tp_str.* __tracepoint_str 8
 */
#include "kernel.h"

#define tracepoint_string(str)                                                                     \
	({                                                                                         \
		static const char *___tp_str __attribute__((used, section("__tracepoint_str"))) =  \
			str;                                                                       \
		___tp_str;                                                                         \
	})

int first(int a)
{
#ifdef PATCHED
	consume(tracepoint_string("before"));
	consume(tracepoint_string("one more"));
#else
	consume(tracepoint_string("after"));
#endif
	return a + 1;
}

int second(int a)
{
	consume(tracepoint_string("same"));
	return a;
}
