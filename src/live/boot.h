/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whether the next boot will run suture.service, which loads what is installed. */
#ifndef SUTURE_LIVE_BOOT_H
#define SUTURE_LIVE_BOOT_H

#include "base/root.h"

enum live_boot {
	LIVE_BOOT_ENABLED,
	LIVE_BOOT_DISABLED,
	LIVE_BOOT_MASKED,
	LIVE_BOOT_MISSING, /* there is no unit file anywhere */
};

enum live_boot live_boot_read(const struct root *root);

/* "enabled" */
const char *live_boot_name(enum live_boot boot);

/* Why installed patches would not be loaded, and what to do; NULL when enabled.  free(). */
char *live_boot_obstacle(const struct root *root, enum live_boot boot);

#endif
