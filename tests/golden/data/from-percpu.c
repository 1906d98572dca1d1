/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A per-CPU variable becomes an ordinary one of the same size: what the kernel has is an offset.
 *
 * @changed first
 * @data changed hits
 * @finding data-changed
 * @contains-before symbol hits .data..percpu 4
 * @contains-after symbol hits .bss.hits 4
 */
#include "kernel.h"

#ifdef PATCHED
int hits;
#define add_hit() (hits++)
#else
DEFINE_PER_CPU(int, hits);
#define add_hit() this_cpu_inc(hits)
#endif

int first(int a)
{
	add_hit();
	return external(a);
}
