/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Thousands of small reads: run only for functions that nothing else reaches. */
#ifndef SUTURE_VM_GUEST_WALK_H
#define SUTURE_VM_GUEST_WALK_H

#include <stdbool.h>

unsigned walk_count(void);
const char *walk_name(unsigned walk);
/*
 * Reads the files of a walk: `news` is asked after each folder whether anything was reached,
 * and if so, its files are read once more, with `seen` called after each.
 */
struct walker {
	void (*next)(const char *path); /* this one is read now */
	bool (*news)(const char *dir);
	void (*seen)(const char *path);
};
void walk_run(unsigned walk, const struct walker *walker);
/* What `seen` was called with, once more. */
void walk_again(const char *path);

#endif
