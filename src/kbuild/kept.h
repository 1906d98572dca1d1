/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Answers and objects that are kept in the cache of a release, with seals (base/seal.h). A name is
 * relative to the cache, such as "units" or "objects/fs/pipe.o"; its seal is in the folder "seals".
 */
#ifndef SUTURE_KBUILD_KEPT_H
#define SUTURE_KBUILD_KEPT_H

#include <stdbool.h>

#include "base/err.h"
#include "kbuild/makefiles.h"

/* Returns the path of a kept file; free(). */
char *kept_path(const struct kbuild *kbuild, const char *name);

/* Keeps data, or a copy of the file at `from`, under that name, and seals it. */
struct err *kept_write(const struct kbuild *kbuild, const char *name, const void *data,
		       size_t size);
struct err *kept_copy(const struct kbuild *kbuild, const char *from, const char *name);

/*
 * Returns whether a file of that name is kept and intact. A damaged one is removed, with a note to
 * the user, so that it is made again.
 */
bool kept_has(const struct kbuild *kbuild, const char *name);

/*
 * Returns whether every file that was kept below the folder `name` still exists and is intact, with
 * a note about one that is not.
 */
bool kept_tree_is_whole(const struct kbuild *kbuild, const char *name);

#endif
