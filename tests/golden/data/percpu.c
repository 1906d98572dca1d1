/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Per-CPU variables: an existing one in a changed function.
 *
 * @changed first
 * @unchanged second
 * @contains symbol hits .data..percpu 4
 * @contains symbol misses .data..percpu 4
 * @contains reloc hits .text.first
 * @contains reloc .data..percpu .text.second
 * @part-contains symbol hits UND
 * @part-contains symbol misses UND
 */
#include "kernel.h"

DEFINE_PER_CPU(int, hits);
static DEFINE_PER_CPU(int, misses);

int first(int a)
{
	this_cpu_inc(hits);
#ifdef PATCHED
	this_cpu_inc(misses);
#endif
	return external(a);
}

int second(int a)
{
	this_cpu_inc(misses);
	return a + this_cpu_read(hits);
}
