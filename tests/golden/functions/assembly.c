/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Functions written in assembly in the unit, with and without a size, beside a changed one.
 *
 * @changed first
 * @unchanged asm_sized, asm_local
 * @contains symbol asm_sized .text 6
 * @contains symbol asm_local .text
 * @contains reloc .text .text.first
 * @contains reloc asm_sized .text.first
 * @part-contains symbol asm_sized UND
 * @part-contains symbol asm_local UND
 */
#include "kernel.h"

int asm_sized(int a);
int asm_local(int a);

asm(".text\n\t.globl asm_sized\n\t.type asm_sized, @function\n"
    "asm_sized:\n\tmovl $5, %eax\n\tret\n\t.size asm_sized, . - asm_sized\n"
    "\t.type asm_local, @function\nasm_local:\n\tmovl $6, %eax\n\tret\n");

int first(int a)
{
#ifdef PATCHED
	a = -a;
#endif
	return asm_sized(a) + asm_local(a);
}
