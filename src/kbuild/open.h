/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Opens a release, so that its makefiles can be asked (makefiles.h). */
#ifndef SUTURE_KBUILD_OPEN_H
#define SUTURE_KBUILD_OPEN_H

#include "base/err.h"
#include "base/sandbox.h"
#include "kbuild/makefiles.h"
#include "target/target.h"

/*
 * Both fill in *kbuild, whose `progress` the caller has set; the caller closes it with
 * kbuild_close(), also after an error.  work is a private folder, which holds the cache if the
 * release's cache cannot be written.
 */

/* Fills in all members of *kbuild except env, for which make would have to run. */
struct err *kbuild_open_cache(const struct target *target, const char *work,
			      const struct sandbox *sandbox, struct kbuild *kbuild);

/* Fills in all members of *kbuild; the top Makefile is asked once per release. */
struct err *kbuild_open(const struct target *target, const char *work,
			const struct sandbox *sandbox, struct kbuild *kbuild);

#endif
