/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A bit-field gets one bit more: masks and shifts change, no relocation does.
 *
 * @changed second, third
 * @unchanged first
 * @contains symbol second .text.second
 * @bytes same .text.first
 * @bytes differ .text.second .text.third
 */
#include "kernel.h"

struct flags {
	unsigned kind : 3;
#ifdef PATCHED
	unsigned level : 5;
#else
	unsigned level : 4;
#endif
	unsigned rest : 7;
};

int first(struct flags *flags)
{
	return external(flags->kind);
}

int second(struct flags *flags)
{
	return external(flags->level);
}

void third(struct flags *flags)
{
	flags->rest = external(3);
}
