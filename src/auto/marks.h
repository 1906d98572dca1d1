/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Small files beside the state: that of a hold, and the mark by which a crash is seen. */
#ifndef SUTURE_AUTO_MARKS_H
#define SUTURE_AUTO_MARKS_H

#include <stdbool.h>

#include "base/err.h"
#include "base/root.h"

/*
 * Reads why the administrator said `hold`; *why is NULL if nobody did.  free().  A file that cannot
 * be read is a hold, too: *why is the error, and *damaged, which may be NULL, is set.
 */
void auto_hold_read(const struct root *root, char **why, bool *damaged);
struct err *auto_hold_write(const struct root *root, const char *why);
struct err *auto_hold_remove(const struct root *root);

/*
 * The mark holds the boot in which a level is loaded or watched; a clean shutdown removes it
 * (suture-shutdown.service).  *down is whether it was made in another boot than this one.
 */
struct err *auto_mark_read(const struct root *root, const char *boot_id, bool *down);
struct err *auto_mark_write(const struct root *root, const char *boot_id);
struct err *auto_mark_remove(const struct root *root);

/*
 * Takes the lock that a run holds, without waiting; *fd is -1 if another run is at work.  close()
 * ends it.
 */
struct err *auto_lock(const struct root *root, int *fd);

#endif
