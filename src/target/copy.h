/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Copies of folders in the cache. */
#ifndef SUTURE_TARGET_COPY_H
#define SUTURE_TARGET_COPY_H

#include "base/err.h"

/*
 * Copies a file, or a folder without what a compiler left in it (*.o, *.a, *.ko, .*.cmd, .*.d). A
 * link is replaced by the file that it points to. Links to folders and dangling links are omitted,
 * except `from` itself. Folders above `to` are made.
 */
struct err *copy_tree(const char *from, const char *to);

/*
 * Adds to the folder `over` all files of `base` that `over` does not have. They are hard links, so
 * that the result needs no space and stays complete if base is removed, or copies where the file
 * system has no hard links. Nobody may write to either folder afterwards.
 */
struct err *copy_missing(const char *base, const char *over);

#endif
