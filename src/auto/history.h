/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Keeps each decision with its reason: /var/lib/suture/auto/history.json. */
#ifndef SUTURE_AUTO_HISTORY_H
#define SUTURE_AUTO_HISTORY_H

#include <jansson.h>

#include "auto/state.h"
#include "base/root.h"

/*
 * Appends an entry: the step from which the state came, and what it is now.  The oldest entries go
 * once there are some hundreds.
 */
struct err *auto_history_add(const struct root *root, enum auto_step from,
			     const struct auto_state *state, int64_t now);

/*
 * Reads all entries, the oldest first; an empty array if there are none.  Each has "time", "from",
 * "step", "level" (a version or null), "kernel" and "why".
 */
struct err *auto_history_read(const struct root *root, json_t **entries);

#endif
