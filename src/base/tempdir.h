/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Temporary folders. Their names, prefix.NAMESPACE.PID.START.XXXXXX, say which process owns them,
 * so that folders of killed processes can be told from those in use: whoever makes a folder removes
 * the former. Processes of other PID namespaces cannot be checked, so their folders are kept.
 */
#ifndef SUTURE_BASE_TEMPDIR_H
#define SUTURE_BASE_TEMPDIR_H

#include "base/err.h"

/* Returns the folder for temporary work: $TMPDIR, else /var/tmp, as a tmpfs may be too small. */
const char *dir_for_temp(void);

/*
 * Makes a private folder in parent. If the prefix is "suture-..." without a dot, it first removes
 * folders of processes that have ended.
 */
struct err *dir_temp(const char *parent, const char *prefix, char **path);

/* Calls dir_remove() and free(); it guards the path of a temporary folder. */
void dir_temp_cleanup(char **path);
#define scope_dir_temp __attribute__((cleanup(dir_temp_cleanup))) char *

#endif
