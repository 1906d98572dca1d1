/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A warning lies in the cold part: only its entry's flags change, so both parts are replaced.
 *
 * @changed first
 * @unchanged second
 * @contains symbol first.cold .text.unlikely.first
 * @contains reloc .text.unlikely.first __bug_table
 * @contains section __bug_table 24
 * @bytes same .text.first .text.unlikely.first
 * @bytes differ __bug_table
 * @part-contains section __bug_table 12
 * @part-contains reloc .text.first __bug_table
 * @part-contains symbol first .text.first
 */
#include "kernel.h"

#ifdef PATCHED
#define WARN WARN_ON_ONCE
#else
#define WARN WARN_ON
#endif

void __cold complain(const char *message, ...);

int first(int a)
{
	if (a < 0) {
		complain("first", a);
		WARN(1);
	}
	return external(a);
}

int second(int a)
{
	if (a < 0) {
		complain("second", a);
		WARN_ON(1);
	}
	return external(a + 1);
}
