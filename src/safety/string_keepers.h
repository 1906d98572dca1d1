/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Knows functions of the kernel that keep a pointer to a string that they are given. */
#ifndef SUTURE_SAFETY_STRING_KEEPERS_H
#define SUTURE_SAFETY_STRING_KEEPERS_H

#include <stdbool.h>

/*
 * Returns whether the function keeps one of the arguments, each of which is a bit, the first one
 * the lowest.
 */
bool string_keeper(const char *function, unsigned arguments);

#endif
