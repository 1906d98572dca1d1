/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Long strings are aligned and kept apart from short ones; one gets longer than the limit.
 *
 * @changed first
 * @unchanged second
 * @contains-before section .rodata.first.str1.1
 * @contains-after section .rodata.first.str1.8
 * @contains section .rodata.second.str1.8
 * @bytes same .text.second
 */
#include "kernel.h"

#ifdef PATCHED
#define WORD "a string that takes thirty-two characters and more, which aligns it"
#else
#define WORD "a short string"
#endif

int first(int a)
{
	return printk(WORD) + a;
}

int second(int a)
{
	return printk("another string that takes thirty-two characters and more") + a;
}
