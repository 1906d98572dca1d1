/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Finds out whether the next boot will run suture.service, which loads installed patches. */
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

/* Returns the name of the value, such as "enabled". */
const char *live_boot_name(enum live_boot boot);

/* Says why installed patches would not be loaded, and what to do; NULL if they would.  free(). */
char *live_boot_obstacle(const struct root *root, enum live_boot boot);

#endif
