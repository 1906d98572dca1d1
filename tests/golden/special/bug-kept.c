/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A changed function with a bug entry, beside an unchanged one with its own.
 *
 * @changed first
 * @unchanged second
 * @contains section __bug_table 24
 * @contains reloc .text.first __bug_table
 * @contains reloc .text.second __bug_table
 * @contains reloc .text.first .discard.reachable
 * @bytes same .text.second
 * @part-contains section __bug_table 12
 * @part-contains reloc first __bug_table
 * @part-lacks symbol second
 * @part-contains symbol first .text.first
 */
#include "kernel.h"

int first(int a)
{
	WARN_ON(a < 0);
#ifdef PATCHED
	a += 3;
#endif
	return external(a);
}

int second(int a)
{
	BUG_ON(a == 7);
	return external(a);
}
