/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which lines of the kernel's log are evidence against a patch that was just loaded. */
#ifndef SUTURE_LIVE_COMPLAINT_H
#define SUTURE_LIVE_COMPLAINT_H

#include "base/vec.h"

/* The first such line, or NULL. */
const char *live_health_line(const struct str_vec *lines);

#endif
