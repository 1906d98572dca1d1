/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Lets commands that change patches or state take turns. */
#ifndef SUTURE_LIVE_LOCK_H
#define SUTURE_LIVE_LOCK_H

#include "base/progress.h"
#include "base/root.h"

enum live_turn {
	LIVE_TURN_CHANGE, /* no other command changes patches or state meanwhile */
	LIVE_TURN_ALONE,  /* nor does another command watch patches that it has loaded */
};

/*
 * Waits for the turn of this command, and says which command it waits for.  The turn ends with
 * close(*fd).
 */
struct err *live_lock(const struct root *root, enum live_turn turn, struct progress *progress,
		      int *fd);

/*
 * Lets commands that need LIVE_TURN_CHANGE run during a watch.  Both functions do nothing if fd is
 * 0, which means that no lock is held.
 */
void live_lock_pause(int fd);
/* Ends the pause; waits until no other command has the turn. */
struct err *live_lock_again(int fd);

#endif
