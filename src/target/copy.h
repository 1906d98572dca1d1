/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Copies of folders in the cache. */
#ifndef SUTURE_TARGET_COPY_H
#define SUTURE_TARGET_COPY_H

#include "base/err.h"

/*
 * Copies a file, or a folder without what a compiler left in it (*.o, *.a, *.ko,
 * .*.cmd, .*.d).  Links are replaced by what they point to; links to folders and to
 * nothing are left out, except `from` itself.  Folders above `to` are made.
 */
struct err *copy_tree(const char *from, const char *to);

/*
 * Adds to the folder `over` all that `base` has and `over` has not.  Files are hard links, so that
 * the result is whole even when base goes, and costs no space; where the file system has none,
 * copies.  Nobody may write into either afterwards.
 */
struct err *copy_missing(const char *base, const char *over);

#endif
