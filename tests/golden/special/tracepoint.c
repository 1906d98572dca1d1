/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A function with a tracepoint changes; the tracepoint itself stays the same object.
 *
 * @changed first
 * @unchanged second
 * @contains section __tracepoints_ptrs 4
 * @contains reloc __tracepoint_event __tracepoints_ptrs
 * @contains reloc __tracepoint_event __jump_table
 * @contains symbol __tpstrtab_event __tracepoints_strings
 * @contains section __jump_table 32
 * @part-contains symbol __tracepoint_event UND
 * @part-contains section __jump_table 16
 * @part-lacks section __tracepoints*
 */
#include "kernel.h"

DEFINE_TRACE(event);

int first(int a)
{
	trace(event, a);
#ifdef PATCHED
	a += 4;
#endif
	return external(a);
}

int second(int a)
{
	trace(event, a + 1);
	return external(a);
}
