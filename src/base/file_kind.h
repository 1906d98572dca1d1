/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a file is that was given in place of another one, for messages; this is no check of its
 * contents. */
#ifndef SUTURE_BASE_FILE_KIND_H
#define SUTURE_BASE_FILE_KIND_H

#include "base/cursor.h"
#include "base/err.h"

/* Returns "a script" and the like by the first bytes; NULL for what it does not know. Static. */
const char *file_kind_name(struct bytes bytes);

/*
 * Return an error that names what the file is if it certainly is no kernel module, no patch, or no
 * package.  NULL means that it may be one: its reader decides.  The last two read the file.
 */
struct err *file_kind_not_module(const char *path, struct bytes bytes);
struct err *file_kind_not_patch(const char *path);
struct err *file_kind_not_package(const char *path);

/* Checks that there is a regular file of that name. */
struct err *file_kind_regular(const char *path);

#endif
