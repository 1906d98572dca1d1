/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The source of another version than a kernel's own, to be compared with that. */
#ifndef SUTURE_TARGET_SOURCE_H
#define SUTURE_TARGET_SOURCE_H

#include "base/err.h"
#include "base/progress.h"
#include "target/target.h"

struct target_source {
	char *version; /* of the package: "6.1.192-3"; for a folder, its path */
	char *tree;    /* must not be written */
	int lock;      /* private: lock on the entry of the cache, or -1 */
};

/*
 * Opens a source. wanted is a version of the package that has the target's own source, which is
 * fetched if the cache lacks it, or a folder with a source tree. An error leaves *source as it was.
 */
struct err *target_source_open(const struct target *target, const char *wanted,
			       struct progress *progress, struct target_source **source);

void target_source_free(struct target_source *source);
void target_source_freep(struct target_source **sourcep);
#define scope_target_source __attribute__((cleanup(target_source_freep))) struct target_source *

#endif
