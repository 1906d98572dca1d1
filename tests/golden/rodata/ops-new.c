/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A new ops table with a new function in it, used by a changed function.
 *
 * @changed make
 * @new op_close
 * @data new new_ops
 * @contains-after symbol new_ops .rodata.new_ops 16
 * @contains-after reloc .text.op_close .rodata.new_ops
 * @lacks-before symbol new_ops
 * @contains symbol our_ops .rodata.our_ops 16
 * @part-contains symbol new_ops .rodata.new_ops 16
 * @part-contains symbol our_ops UND
 * @part-contains reloc op_close .rodata.new_ops
 */
#include "kernel.h"

struct ops {
	int (*open)(int), (*close)(int);
};

static const struct ops our_ops = {.open = external};

#ifdef PATCHED
static int op_close(int a)
{
	return external(-a);
}

static const struct ops new_ops = {.open = external, .close = op_close};
#endif

void make(const struct ops **object, int a)
{
	*object = &our_ops;
#ifdef PATCHED
	if (a)
		*object = &new_ops;
#endif
}
