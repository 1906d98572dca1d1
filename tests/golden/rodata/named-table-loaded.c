/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Tables from which functions load in several ways change, and one that is longer now.  A
 * function that does not know of them is not replaced, a table that did not change stays.
 *
 * @changed by_index, by_name, fixed
 * @unchanged bystander
 * @contains symbol table .rodata.table
 * @contains symbol names .rodata.names
 * @part-contains symbol table .rodata.table
 * @part-contains symbol names .rodata.names
 * @part-contains symbol same UND
 */
#include "kernel.h"

#ifdef PATCHED
#define FOURTH 100
#else
#define FOURTH 1
#endif

static const int table[8] = {3, 1, 4, FOURTH, 5, 9, 2, 6};
static const int same[8] = {1, 1, 2, 3, 5, 8, 13, 21};
static const char *const names[] = {
	"none", "some",
#ifdef PATCHED
	"all",
#endif
};

int by_index(unsigned a)
{
	return table[a % 8] + same[a % 8];
}

const char *by_name(unsigned a)
{
	return a < ARRAY_SIZE(names) ? names[a] : NULL;
}

int fixed(int *a)
{
	static volatile const int *none;

	none = a;
	return *a > table[3] + (none != NULL);
}

int bystander(unsigned a)
{
	return same[a % 8];
}
