/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A __warned flag of a changed function, and one more in front of it.
 *
 * @changed first
 * @unchanged second
 * @contains-before symbol __warned.1 .data.unlikely*
 * @contains-after symbol __warned.2 .data.unlikely*
 * @contains reloc .data.unlikely .text.first
 */
#include "kernel.h"

/* linux/rcupdate.h's RCU_LOCKDEP_WARN() */
#define warn_rcu(message)                                                                          \
	do {                                                                                       \
		static bool __section(".data.unlikely") __warned;                                  \
		if (!__warned) {                                                                   \
			__warned = 1;                                                              \
			consume(message);                                                          \
		}                                                                                  \
	} while (0)

int first(int a)
{
#ifdef PATCHED
	warn_rcu("patched");
#endif
	warn_rcu("first");
	return a + 1;
}

int second(int a)
{
	warn_rcu("second");
	return a;
}
