/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * An object that lasts gets one of two tables, through a register that a call preserves.
 *
 * @changed f
 * @data new new_ops
 * @finding address-stored
 * @contains-after symbol f
 * @part-contains symbol new_ops
 */
#include "kernel.h"

struct ops {
	int (*first)(int), (*second)(int);
};

static const struct ops old_ops = {external, external};
#ifdef PATCHED
static const struct ops new_ops = {NULL, external};
#else
#define new_ops old_ops
#endif

void f(const struct ops **object, int a)
{
	const struct ops *ops = a == 7 ? &new_ops : &old_ops;

	OPTIMIZER_HIDE_VAR(ops);
	if (a & 1)
		external(a);
	object[0] = ops;
}
