/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * An ops table's functions swap places in the file: the table's relocations name the same functions.
 *
 * @flags -fno-toplevel-reorder
 * @unchanged op_open, op_close, is_ours
 * @contains symbol our_ops .data.our_ops 16
 * @contains reloc .text.fix .data.our_ops
 * @relocs differ .data.our_ops
 */
#include "kernel.h"

struct ops {
	int (*open)(int), (*close)(int);
};

// --- before
static int __section(".text.fix") op_open(int a)
{
	return external(a);
}

// --- both
static int __section(".text.fix") op_close(int a)
{
	return external(-a);
}
// --- after

static int __section(".text.fix") op_open(int a)
{
	return external(a);
}
// --- both

static struct ops our_ops = {.open = op_open, .close = op_close};

int is_ours(const struct ops **object)
{
	return *object == &our_ops;
}
