/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A kernel that was built here or elsewhere, named by its folders. */
#ifndef SUTURE_TARGET_LOCAL_H
#define SUTURE_TARGET_LOCAL_H

#include "target/target.h"

/* Opens all but the index. Copies in the cache are named after the identities of the inputs. */
struct err *local_open(const struct target_spec *spec, struct progress *progress,
		       struct target **target);

/* Absolute paths of what the command line named, and the release of build_dir. */
struct local_inputs {
	char *image, *modules, *build_dir, *source, *release;
};

void local_inputs_free(struct local_inputs *in);
#define scope_local_inputs __attribute__((cleanup(local_inputs_free))) struct local_inputs

/* Checks that they exist and, as far as a few files tell, belong together. Changes nothing. */
struct err *local_inputs_read(const struct target_spec *spec, struct local_inputs *in);

/*
 * Checks that the first existing module file was built for the release; call it after the index is
 * read.
 */
struct err *local_check_modules(const struct target *target);

#endif
