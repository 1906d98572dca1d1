/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * An ops table that code compares by address; the function that it names changes, it does not.
 *
 * @changed op_open
 * @unchanged is_ours, make
 * @contains symbol our_ops .rodata.our_ops 16
 * @contains reloc .text.op_open .rodata.our_ops
 * @contains reloc .rodata.our_ops .text.is_ours
 * @bytes same .text.is_ours .rodata.our_ops
 * @part-lacks symbol our_ops
 */
#include "kernel.h"

struct ops {
	int (*open)(int), (*close)(int);
};

static int op_open(int a)
{
#ifdef PATCHED
	if (a < 0)
		return -22;
#endif
	return external(a);
}

static int op_close(int a)
{
	return external(-a);
}

static const struct ops our_ops = {.open = op_open, .close = op_close};

int is_ours(const struct ops **object)
{
	return *object == &our_ops;
}

void make(const struct ops **object)
{
	*object = &our_ops;
}
