/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A kernel that was built here or elsewhere, named by its folders. */
#ifndef SUTURE_TARGET_LOCAL_H
#define SUTURE_TARGET_LOCAL_H

#include "target/target.h"

/* All but the index.  What is copied of it into the cache is kept by the inputs' identities. */
struct err *local_open(const struct target_spec *spec, struct progress *progress,
		       struct target **target);

/* Absolute paths of what the command line named, and the release that build_dir is of. */
struct local_inputs {
	char *image, *modules, *build_dir, *source, *release;
};

void local_inputs_free(struct local_inputs *in);
#define scope_local_inputs __attribute__((cleanup(local_inputs_free))) struct local_inputs

/* Looks only: that they are there and, as far as few files tell, belong together. */
struct err *local_inputs_read(const struct target_spec *spec, struct local_inputs *in);

/* That the first module file that is there was built for the release; after the index. */
struct err *local_check_modules(const struct target *target);

#endif
