/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Makes walks: thousands of small reads, for functions that no exercise reaches. */
#ifndef SUTURE_VM_GUEST_WALK_H
#define SUTURE_VM_GUEST_WALK_H

#include <stdbool.h>

unsigned walk_count(void);
const char *walk_name(unsigned walk);
/*
 * Functions that a walk calls.  After each folder, news() says whether a new function was reached;
 * if so, the folder's files are read once more, and seen() is called after each.
 */
struct walker {
	void (*next)(const char *path); /* called before a file is read */
	bool (*news)(const char *dir);
	void (*seen)(const char *path);
};
/* Reads the files of a walk. */
void walk_run(unsigned walk, const struct walker *walker);
/* Repeats the read of a path that seen() was called with. */
void walk_again(const char *path);

#endif
