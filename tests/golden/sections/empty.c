/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Units with nothing in their sections, and a file of nothing but data.
 *
 * @data new added
 * @contains section .text 0
 * @contains section .data 0
 * @contains section .bss 0
 * @contains-after symbol added .data.added
 */
#include "kernel.h"

#ifdef PATCHED
int added = 4;
#endif
