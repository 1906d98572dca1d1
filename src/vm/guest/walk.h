/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Walks: thousands of small reads, made only for functions that nothing else reaches. */
#ifndef SUTURE_VM_GUEST_WALK_H
#define SUTURE_VM_GUEST_WALK_H

#include <stdbool.h>

unsigned walk_count(void);
const char *walk_name(unsigned walk);
/*
 * Reads the files of a walk.  `news` is asked after each folder whether anything new was reached;
 * if so, the folder's files are read once more, with `seen` called after each.
 */
struct walker {
	void (*next)(const char *path); /* this file is read now */
	bool (*news)(const char *dir);
	void (*seen)(const char *path);
};
void walk_run(unsigned walk, const struct walker *walker);
/* Repeats the read that `seen` was called with. */
void walk_again(const char *path);

#endif
