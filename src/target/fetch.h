/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Fetches the packages of a plan into the cache. */
#ifndef SUTURE_TARGET_FETCH_H
#define SUTURE_TARGET_FETCH_H

#include "target/debian.h"

/*
 * Adds the missing parts of a plan to the cache at root. *gone becomes true if that failed since
 * the archive lacks a file that the lists name, and false otherwise.
 */
struct err *debian_plan_fetch(const struct debian_plan *plan, const char *root,
			      struct progress *progress, bool *gone);

/*
 * Returns how many bytes have to be downloaded, and a lower bound of the bytes on disk, for what
 * the cache lacks.
 */
void debian_plan_needs(const struct debian_plan *plan, const char *root, uint64_t *download,
		       uint64_t *space);

#endif
