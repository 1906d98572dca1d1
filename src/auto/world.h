/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The real world of the loop: this machine, its kernel, its package manager, who is to be told. */
#ifndef SUTURE_AUTO_WORLD_H
#define SUTURE_AUTO_WORLD_H

#include "auto/drive.h"
#include "base/progress.h"

/* What the functions of the world work on. */
struct auto_here {
	const struct root *root;
	struct progress *progress; /* notes report problems that stop nothing */
};

/* Returns the world; here must outlive it. */
struct auto_world auto_world_of(struct auto_here *here);

/*
 * Fetches what building for the running kernel takes, as long as the archive has it, if the policy
 * wants that: once for each kernel, and again after a failure some time later.  *why says why it
 * could not be fetched, or is NULL.
 */
struct err *auto_world_keep_sources(struct auto_here *here, const struct auto_policy *policy,
				    const char *kernel, char **why);

#endif
