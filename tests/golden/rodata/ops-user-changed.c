/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The function that compares an ops table's address changes: it must compare with the one in use.
 *
 * @changed is_ours
 * @unchanged op_open
 * @contains symbol our_ops .rodata.our_ops 16
 * @contains reloc .rodata.our_ops .text.is_ours
 * @bytes same .rodata.our_ops
 * @part-contains symbol our_ops UND
 * @part-lacks symbol op_open
 */
#include "kernel.h"

struct ops {
	int (*open)(int), (*close)(int);
};

static int op_open(int a)
{
	return external(a);
}

static const struct ops our_ops = {.open = op_open};

int is_ours(const struct ops **object)
{
#ifdef PATCHED
	if (!object)
		return 0;
#endif
	return *object == &our_ops;
}
