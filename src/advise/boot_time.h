/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tells when the machine booted. */
#ifndef SUTURE_ADVISE_BOOT_TIME_H
#define SUTURE_ADVISE_BOOT_TIME_H

#include "base/root.h"

/* Returns the time of the boot by the clock, in seconds; 0 if /proc does not tell. */
double boot_time_read(const struct root *root);

#endif
