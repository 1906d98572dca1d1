/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Finds what in patches would run commands while they are built, and makes a tree in which nothing
 * can.
 */
#ifndef SUTURE_PAIR_HOSTILE_H
#define SUTURE_PAIR_HOSTILE_H

#include <stdbool.h>

#include "pair/pairing.h"

/*
 * Adds a finding of "build-hostile" for each construct that would run a command or read other
 * files.
 */
struct err *hostile_find(struct pairing *pairing);

/*
 * Makes the tree for asking patched makefiles: the pristine one with those makefiles, with empty
 * files for new sources, and with changed headers that makefiles name.  Programs and scripts that
 * run are pristine in it.
 */
struct err *hostile_make_query_tree(struct pairing *pairing);

/* Puts back pristine headers that programs of the build include, once these are known. */
struct err *hostile_restore_programs(struct pairing *pairing);

/* Returns whether files of that folder run while a kernel is built. */
bool hostile_is_program_place(const char *path);

#endif
