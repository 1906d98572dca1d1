/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Objects without a name in an initialiser, which the compiler numbers: they are told apart by
 * who points at them, and are the kernel's also where code before them has new ones.
 *
 * @changed first
 * @unchanged second
 * @data new __compound_literal, added
 * @contains symbol __compound_literal.*
 * @contains symbol tree .data.tree
 * @part-contains symbol tree UND
 */
#include "kernel.h"

struct node {
	int count;
	struct node *children;
};

#ifdef PATCHED
struct node added = {7, (struct node[]){{8, NULL}}};
#endif

struct node tree = {
	1, (struct node[]){{2, (struct node[]){{3, NULL}, {3, NULL}}},
			   {2, (struct node[]){{3, NULL}, {3, NULL}}}}};

int first(int a)
{
#ifdef PATCHED
	a += added.children[0].count++;
#endif
	return tree.children[a].count++;
}

int second(int a)
{
	return tree.children[0].children[a].count--;
}
