/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A variable moves to .data..read_mostly: it is still the same one.
 *
 * @unchanged first
 * @data any knob
 * @contains-before symbol knob .data.knob 4
 * @contains-after symbol knob .data..read_mostly 4
 * @bytes same .text.first
 */
#include "kernel.h"

#ifdef PATCHED
__read_mostly
#endif
	int knob = 4;

int first(int a)
{
	return knob++ + a;
}
