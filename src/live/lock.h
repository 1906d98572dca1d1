/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Commands that change patches or state take turns. */
#ifndef SUTURE_LIVE_LOCK_H
#define SUTURE_LIVE_LOCK_H

#include "base/progress.h"
#include "base/root.h"

enum live_turn {
	LIVE_TURN_CHANGE, /* while no other command changes patches or state */
	LIVE_TURN_ALONE,  /* nor watches patches that it has loaded */
};

/* Waits for its turn, and says which command it waits for; the turn ends with close(*fd). */
struct err *live_lock(const struct root *root, enum live_turn turn, struct progress *progress,
		      int *fd);

/* During a watch, commands that need LIVE_TURN_CHANGE may run.  fd 0: no lock is held. */
void live_lock_pause(int fd);
struct err *live_lock_again(int fd);

#endif
