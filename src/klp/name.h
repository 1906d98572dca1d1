/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Names of livepatch modules. */
#ifndef SUTURE_KLP_NAME_H
#define SUTURE_KLP_NAME_H

#include "base/err.h"
#include "target/target.h"

/*
 * Makes a name from a patch's file name or a version: "fs__libfs.patch" gives
 * "livepatch_fs__libfs"; free().
 */
char *klp_default_name(const char *patch);

/* Returns NULL if the kernel accepts it as a module's name, else ERR_USAGE. */
struct err *klp_check_name(const char *name) ERR_MUST_USE;

/* The same, and no module that comes with the kernel may have the name. */
struct err *klp_check_new_name(const char *name, const struct target *target) ERR_MUST_USE;

#endif
