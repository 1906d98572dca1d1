/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The unit that defines a static call: trampoline in assembly, key in data; its user changes.
 *
 * @changed user
 * @contains section .static_call.text 8
 * @contains symbol __SCT__hook .static_call.text 8
 * @contains symbol __SCK__hook .data* 16
 * @contains section .static_call_sites 8
 * @contains section .static_call_tramp_key 8
 * @bytes differ .text.user
 * @part-contains symbol __SCT__hook UND
 * @part-contains symbol __SCK__hook UND
 * @part-lacks section .static_call.text
 */
#include "kernel.h"

int __static_call_return0(void);

struct static_call_key {
	void *func, *sites;
};

struct static_call_key __SCK__hook = {.func = __static_call_return0};

asm(".pushsection .static_call.text, \"ax\"\n\t.align 4\n\t.globl __SCT__hook\n"
    "__SCT__hook:\n\t.byte 0xe9\n\t.long __static_call_return0 - (. + 4)\n"
    "\t.byte 0x0f, 0xb9, 0xcc\n\t.type __SCT__hook, @function\n"
    "\t.size __SCT__hook, . - __SCT__hook\n\t.popsection\n"
    ".pushsection .static_call_tramp_key, \"a\"\n\t.long __SCT__hook - .\n"
    "\t.long __SCK__hook - .\n\t.popsection\n");

int user(int a)
{
	static_call(hook);
#ifdef PATCHED
	a = -a;
#endif
	return external(a);
}
