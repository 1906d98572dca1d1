/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A kernel that was built here or elsewhere, named by its folders. */
#ifndef SUTURE_TARGET_LOCAL_H
#define SUTURE_TARGET_LOCAL_H

#include "target/target.h"

/* All but the index.  What is copied of it into the cache is kept by the inputs' identities. */
struct err *local_open(const struct target_spec *spec, struct progress *progress,
		       struct target **target);

/* That the first module file that is there was built for the release; after the index. */
struct err *local_check_modules(const struct target *target);

#endif
