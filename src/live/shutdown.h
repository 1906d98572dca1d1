/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Sees to it that a clean shutdown is not taken for a crash. */
#ifndef SUTURE_LIVE_SHUTDOWN_H
#define SUTURE_LIVE_SHUTDOWN_H

#include "base/progress.h"
#include "base/root.h"

/*
 * Starts the unit that removes the marker of live/guard.h at a clean shutdown.  Installing Suture
 * starts nothing, so that the unit may be inactive in the boot in which Suture was installed.  Says
 * so if that fails; does nothing on a machine without systemd.
 */
void live_shutdown_prepare(const struct root *root, struct progress *progress);

#endif
