/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Disabling live patches and removing their modules. */
#ifndef SUTURE_LIVE_UNLOAD_H
#define SUTURE_LIVE_UNLOAD_H

#include "base/progress.h"
#include "base/root.h"
#include "live/outcome.h"

struct live_unload_spec {
	const struct str_vec *names; /* unloaded in this order */
	unsigned timeout_ms;	     /* after that a patch is enabled again; 0: the default */
	int wait_ms;		     /* leave a transition running after so long; -1: never */
};

/*
 * Disables and removes patches by name, with an outcome for each.  A transition that does not
 * finish in time is reversed: the patch stays enabled.  Needs the command lock.
 */
struct err *live_unload(const struct root *root, const struct live_unload_spec *spec,
			struct progress *progress, struct live_outcome_vec *outcomes);

/*
 * Disables a patch, waits, and removes its module.  A patch that cannot be disabled in time
 * is an outcome (LIVE_END_STUCK), and its transition is left running.
 */
struct err *live_take_down(const struct root *root, const char *name, unsigned limit_ms,
			   struct progress *progress, struct live_outcome *outcome);

#endif
