/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Temporary folders.  The name says whose one is, prefix.NAMESPACE.PID.START.XXXXXX, so that what
 * a killed process has left can be told from what is in use: whoever makes a folder takes those
 * along.  Processes of another PID namespace cannot be told, and theirs are left alone.
 */
#ifndef SUTURE_BASE_TEMPDIR_H
#define SUTURE_BASE_TEMPDIR_H

#include "base/err.h"

/* The folder for short-lived work: $TMPDIR, else /var/tmp (large files do not fit a tmpfs). */
const char *dir_for_temp(void);

/* A new private folder in parent.  A prefix "suture-..." without a dot has leftovers removed. */
struct err *dir_temp(const char *parent, const char *prefix, char **path);

/* dir_remove() and free(); for a guard on the path of a temporary folder. */
void dir_temp_cleanup(char **path);
#define scope_dir_temp __attribute__((cleanup(dir_temp_cleanup))) char *

#endif
