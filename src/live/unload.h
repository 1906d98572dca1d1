/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Disables live patches and removes their modules. */
#ifndef SUTURE_LIVE_UNLOAD_H
#define SUTURE_LIVE_UNLOAD_H

#include "base/progress.h"
#include "base/root.h"
#include "live/outcome.h"

/* The default limit of a transition. */
#define LIVE_TIMEOUT_MS 60000

struct live_unload_spec {
	const struct str_vec *names; /* the patches, unloaded in this order */
	unsigned timeout_ms;	     /* enable a patch again after this time; 0: the default */
	int wait_ms;		     /* leave a transition running after this time; -1: never */
};

/*
 * Disables and removes patches by name, with an outcome for each.  A transition that does not
 * finish in time is reversed: the patch stays enabled.  Needs the command lock.
 */
struct err *live_unload(const struct root *root, const struct live_unload_spec *spec,
			struct progress *progress, struct live_outcome_vec *outcomes);

/*
 * Disables a patch, waits, and removes its module.  If the patch cannot be disabled in time, the
 * outcome is LIVE_END_STUCK, and the transition is left running.  While the kernel is busy with
 * another patch, the command lock is given up at times, so that this one can be unloaded; 0: none.
 */
struct err *live_take_down(const struct root *root, const char *name, unsigned limit_ms, int lock,
			   struct progress *progress, struct live_outcome *outcome);

/*
 * Enables a patch again that is being disabled: the outcome is LIVE_END_REVERSED, or LIVE_END_STUCK
 * if that does not finish in time.  If it was disabled just before, that stays so: the outcome is
 * LIVE_END_DONE.
 */
struct err *live_bring_back(const struct root *root, const char *name, unsigned limit_ms,
			    const char *why, struct progress *progress,
			    struct live_outcome *outcome);

#endif
