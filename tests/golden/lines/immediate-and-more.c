/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The line number changes, and another constant does in one of the functions.
 *
 * @changed second
 * @any first
 * @contains reloc __might_sleep .text.second
 * @bytes differ .text.first .text.second
 */
#include "kernel.h"

// --- before
#define INCREMENT 40
// --- after
/* A line. */
#define INCREMENT 41
// --- both
int first(int a)
{
	might_sleep();
	return external(a);
}

int second(int a)
{
	might_sleep();
	return external(a) + INCREMENT;
}
