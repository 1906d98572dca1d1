/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Function pointers in a structure that is filled inside a function: one is another function.
 *
 * @changed first
 * @unchanged second, op_open
 * @contains reloc .text.op_open .text.second
 * @contains-before reloc .text.op_open .text.first
 * @contains-after reloc .text.op_close .text.first
 * @bytes same .text.first
 */
#include "kernel.h"

struct ops {
	int (*open)(int), (*close)(int);
};

static int op_open(int a)
{
	return external(a);
}

static int op_close(int a)
{
	return external(-a);
}

#ifdef PATCHED
#define OPEN op_close
#else
#define OPEN op_open
#endif

void first(void)
{
	struct ops ops = {.open = OPEN, .close = op_close};

	consume(&ops);
}

void second(void)
{
	struct ops ops = {.open = op_open, .close = op_close};

	consume(&ops);
}
