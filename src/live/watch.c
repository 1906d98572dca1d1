/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Watches the machine after loading; a problem rolls the patches back and blocks them.  Other
 * commands may unload them meanwhile, since an administrator who sees a problem must not wait.
 */
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "finding/finding.h"
#include "live/health.h"
#include "live/block.h"
#include "live/journal.h"
#include "live/klog.h"
#include "live/lock.h"
#include "live/module.h"
#include "live/outcome.h"
#include "live/unload.h"
#include "live/watch.h"

/* Keeps the first of two errors, and frees the other. */
static struct err *err_first(struct err *first, struct err *second)
{
	if (!first)
		return second;
	err_free(second);
	return first;
}

/* Returns the module of a patch that was loaded. */
static const struct live_module *watch_module(const struct live_watching *watching,
					      const struct live_outcome *outcome)
{
	vec_foreach(watching->modules, it)
		if (!strcmp((*it)->name, outcome->name))
			return *it;
	return NULL;
}

static struct err *watch_roll_back_one(const struct live_watching *watching,
				       struct live_outcome *outcome, const char *why)
{
	const struct root *root = watching->root;
	const struct live_module *module = watch_module(watching, outcome);

	outcome->end = LIVE_END_ROLLED_BACK;
	outcome->why = xstrdup(why);
	live_journal(root, EVENT_ROLLED_BACK, outcome->name, "%s is rolled back: %s", outcome->name,
		     why);

	/* The module is blocked first, since the rollback may never finish. */
	struct err *err = live_block_add(root, module->name, module->digest, module->release, why);
	struct err *other = live_take_down(root, outcome->name, watching->rollback_ms,
					   watching->lock, watching->progress, outcome);
	bool undone = !other && outcome->end == LIVE_END_ROLLED_BACK;

	err = err_wrap(
		err,
		"%s %s (%s), but cannot be blocked: a boot or another 'suture load' would load it again",
		outcome->name, undone ? "was rolled back" : "could not be rolled back", why);
	return err_first(err, other);
}

/*
 * Rolls all patches back in reverse order and blocks them; an administrator has to find out which
 * of them caused the problem.  An error with one of them does not stop the rollback of others.
 */
static struct err *watch_roll_back(const struct live_watching *watching, const char *why,
				   struct live_outcome_vec *outcomes)
{
	struct err *err = NULL;

	progress_note(watching->progress, "the health check failed: %s; rolling back", why);
	for (size_t i = outcomes->len; i-- > 0;) {
		struct live_outcome *outcome = &outcomes->data[i];

		if (live_outcome_is_new(outcome))
			err = err_first(err, watch_roll_back_one(watching, outcome, why));
	}
	return err;
}

/*
 * Returns whether to watch.  Loaded patches are watched even if a later one of the stack could not
 * be loaded.  While a transition goes on, nothing can be rolled back, and watching would not help.
 */
static bool watch_is_due(const struct live_outcome_vec *outcomes)
{
	bool any = false;

	vec_foreach(outcomes, it) {
		if (it->end == LIVE_END_GOING_ON || it->end == LIVE_END_STUCK)
			return false;
		any |= live_outcome_is_new(it);
	}
	return any;
}

/* Changes the outcomes of patches that other commands have unloaded meanwhile. */
static void watch_mark_gone(const struct str_vec *gone, struct live_outcome_vec *outcomes)
{
	vec_foreach(outcomes, it) {
		if (it->end != LIVE_END_DONE || !str_vec_has(gone, it->name))
			continue;
		it->end = LIVE_END_FAILED;
		it->why = xstrdup("another process disabled or replaced it while it was watched");
	}
}

static void watch_tell_lost(const struct live_watching *watching)
{
	scope_free char *lost = live_klog_lost(watching->klog);

	if (lost)
		finding_add_about(
			watching->findings, SEVERITY_WARN, "log", NULL, NULL,
			"%s of the kernel's log were lost during the watch, which may have missed a problem: see 'journalctl -k'",
			lost);
}

struct err *live_watch_over(const struct live_watching *watching, struct live_outcome_vec *outcomes)
{
	scope_str_vec names = {}, gone = {};
	scope_free char *why = NULL;

	if (!watching->watch_ms || !watch_is_due(outcomes))
		return NULL;
	vec_foreach(outcomes, it)
		if (live_outcome_is_new(it))
			vec_push(&names, xstrdup(it->name));
	live_lock_pause(watching->lock);

	struct err *err = live_health_watch(&(struct live_health){.root = watching->root,
								  .watch_ms = watching->watch_ms,
								  .klog = watching->klog,
								  .taint = watching->taint,
								  .names = &names,
								  .progress = watching->progress},
					    &gone, &why);

	watch_mark_gone(&gone, outcomes);
	watch_tell_lost(watching);
	err_try(err);
	if (!why)
		return NULL;
	err_try(live_lock_again(watching->lock));
	return watch_roll_back(watching, why, outcomes);
}
