/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Metapackages: suture-livepatch-amd64 depends on the live patches of all kernels of that flavour
 * that a suite has, so that a machine gets those of its running and its installed kernels, now and
 * later.
 */
#ifndef SUTURE_SHIP_META_H
#define SUTURE_SHIP_META_H

#include "ship/repo.h"

/* Makes a new version of each metapackage of a suite whose dependencies are no longer right. */
struct err *ship_meta_update(struct ship_repo *repo, const char *suite);

#endif
