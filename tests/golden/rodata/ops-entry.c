/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * An ops table in use gets an entry more, to a new function.
 *
 * @new op_close
 * @unchanged op_open, is_ours
 * @data changed our_ops
 * @finding data-changed
 * @contains symbol our_ops .rodata.our_ops 16
 * @relocs differ .rodata.our_ops
 * @bytes same .rodata.our_ops .text.is_ours
 */
#include "kernel.h"

struct ops {
	int (*open)(int), (*close)(int);
};

static int op_open(int a)
{
	return external(a);
}

#ifdef PATCHED
static int op_close(int a)
{
	return external(-a);
}
#endif

static const struct ops our_ops = {
	.open = op_open,
#ifdef PATCHED
	.close = op_close,
#endif
};

int is_ours(const struct ops **object)
{
	return *object == &our_ops;
}
