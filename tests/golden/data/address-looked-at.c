/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What comes with the patch is looked at, printed and compared: nobody keeps its address.
 *
 * @changed sum, find, print, on_stack, extack
 * @data new sizes, words
 * @contains-after symbol sizes
 * @contains-after symbol words
 * @part-contains reloc sizes .text.sum
 * @part-contains reloc words .text.find
 */
#include "kernel.h"

#ifdef PATCHED
static const int sizes[] = {4, 7, 9, 44, 5, 1, 8, 3, 2};
static const char words[][8] = {"one", "two", "three", "four", "five", "six", "seven"};
#endif

int strcmp(const char *a, const char *b);

int sum(unsigned char a)
{
	int all = a;

#ifdef PATCHED
	for (unsigned i = 0; i < ARRAY_SIZE(sizes); i++)
		all += sizes[i] > all ? sizes[i] : external(sizes[i]);
#endif
	return all;
}

int find(const char *word)
{
#ifdef PATCHED
	for (unsigned i = 0; i < ARRAY_SIZE(words); i++)
		if (!strcmp(words[i], word))
			return i;
#endif
	return -1;
}

void print(int a)
{
#ifdef PATCHED
	printk("%s of %d\n", a ? "a new string" : "another", a);
#endif
	external(a);
}

void on_stack(void)
{
	const char *names[2] = {"one", "two"};

#ifdef PATCHED
	names[1] = "three";
#endif
	consume(names);
}

void extack(const char **message, int a)
{
#ifdef PATCHED
	static const char __msg[] = "for the answer to who asked";

	*message = __msg;
#endif
	external(a);
}
