/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Answers and objects that are kept in the cache of a release, with seals (base/seal.h).  A name is
 * relative to the cache: "units", "objects/fs/pipe.o"; its seal is in the folder "seals".
 */
#ifndef SUTURE_KBUILD_KEPT_H
#define SUTURE_KBUILD_KEPT_H

#include <stdbool.h>

#include "base/err.h"
#include "kbuild/makefiles.h"

/* The path of a kept file; free(). */
char *kept_path(const struct kbuild *kbuild, const char *name);

/* Keeps data, or a copy of the file at from, by that name, and seals it. */
struct err *kept_write(const struct kbuild *kbuild, const char *name, const void *data,
		       size_t size);
struct err *kept_copy(const struct kbuild *kbuild, const char *from, const char *name);

/*
 * Whether a file of that name is kept and whole.  A damaged one is removed, with a note to the
 * user, so that it is made anew.
 */
bool kept_has(const struct kbuild *kbuild, const char *name);

/*
 * Whether every file that was kept below the folder name is still there and whole; one that is not
 * is noted.
 */
bool kept_tree_is_whole(const struct kbuild *kbuild, const char *name);

#endif
