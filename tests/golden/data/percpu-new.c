/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A new per-CPU variable, which moves an existing one to another offset.
 *
 * @changed first
 * @unchanged second
 * @data new added
 * @contains symbol old .data..percpu 4
 * @contains-before section .data..percpu 4
 * @contains-after section .data..percpu 8
 * @contains-after symbol added .data..percpu 4
 * @contains reloc .data..percpu .text.second
 * @part-contains symbol added .data..percpu 4
 * @part-lacks symbol old
 */
#include "kernel.h"

static DEFINE_PER_CPU(int, old);
#ifdef PATCHED
static DEFINE_PER_CPU(int, added);
#endif

int first(int a)
{
#ifdef PATCHED
	this_cpu_inc(added);
#endif
	return external(a);
}

int second(int a)
{
	this_cpu_inc(old);
	return external(a + 1);
}
