/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The time after loading, in which what speaks against the patches has them undone.  Other commands
 * may unload meanwhile: who sees that something is wrong should not have to wait.
 */
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "live/findings.h"
#include "live/health.h"
#include "live/held.h"
#include "live/journal.h"
#include "live/klog.h"
#include "live/load.h"
#include "live/lock.h"
#include "live/module.h"
#include "live/outcome.h"
#include "live/unload.h"
#include "live/watch.h"

/* The first of two errors. */
static struct err *first_of(struct err *first, struct err *second)
{
	if (!first)
		return second;
	err_free(second);
	return first;
}

static struct err *roll_back_one(const struct root *root, const struct live_load_spec *spec,
				 const struct live_module *module, const char *why,
				 struct progress *progress, struct live_outcome *outcome)
{
	outcome->end = LIVE_END_ROLLED_BACK;
	outcome->why = xstrdup(why);
	live_journal(root, EVENT_ROLLED_BACK, outcome->name, "%s is undone: %s", outcome->name,
		     why);

	/* Held back first: the undoing may not come to its end. */
	struct err *err = live_hold(root, module->name, module->digest, module->release, why);
	struct err *other = live_take_down(root, outcome->name,
					   spec->timeout_ms ? spec->timeout_ms : LIVE_TIMEOUT_MS,
					   progress, outcome);
	bool undone = !other && outcome->end == LIVE_END_ROLLED_BACK;

	err = err_wrap(
		err,
		"%s %s (%s), but cannot be held back: a boot or another 'suture load' would load it again",
		outcome->name, undone ? "is undone" : "could not be undone", why);
	return first_of(err, other);
}

/*
 * Undone in reverse order, and held back: which of them it was is for somebody to find out.
 * What goes wrong with one of them leaves the others no better where they are.
 */
static struct err *roll_back(const struct root *root, const struct live_load_spec *spec,
			     const struct live_module_vec *modules, const char *why,
			     struct progress *progress, struct live_outcome_vec *outcomes)
{
	struct err *err = NULL;

	progress_note(progress, "not well: %s; undoing", why);
	for (size_t i = outcomes->len; i-- > 0;)
		if (outcomes->data[i].end == LIVE_END_DONE)
			err = first_of(err, roll_back_one(root, spec, modules->data[i], why,
							  progress, &outcomes->data[i]));
	return err;
}

/*
 * What is in is watched, also when a later one of the stack could not be loaded.  In the middle
 * of a transition nothing else can be undone, so that watching would be of no use.
 */
static bool is_to_be_watched(const struct live_outcome_vec *outcomes)
{
	bool any = false;

	vec_foreach(outcomes, it) {
		if (it->end == LIVE_END_GOING_ON || it->end == LIVE_END_STUCK)
			return false;
		any |= it->end == LIVE_END_DONE;
	}
	return any;
}

/* Other commands may take patches out meanwhile. */
static void mark_gone(const struct str_vec *gone, struct live_outcome_vec *outcomes)
{
	vec_foreach(outcomes, it) {
		if (it->end != LIVE_END_DONE || !str_vec_has(gone, it->name))
			continue;
		it->end = LIVE_END_FAILED;
		it->why = xstrdup(
			"it was disabled or replaced by somebody else while it was watched");
	}
}

static void tell_lost(const struct live_watching *watching)
{
	scope_free char *lost = live_klog_lost(watching->klog);

	if (lost)
		live_finding_add(
			watching->findings, LIVE_WARN, "log", NULL,
			"%s of the kernel's log were lost while it was watched, which cannot vouch for them: see 'journalctl -k'",
			lost);
}

struct err *live_watch_over(const struct live_watching *watching, struct live_outcome_vec *outcomes)
{
	const struct live_load_spec *spec = watching->spec;
	scope_str_vec names = {}, gone = {};
	scope_free char *why = NULL;

	if (!spec->watch_ms || !is_to_be_watched(outcomes))
		return NULL;
	vec_foreach(outcomes, it)
		if (it->end == LIVE_END_DONE)
			vec_push(&names, xstrdup(it->name));
	live_lock_pause(spec->lock);

	struct err *err = live_health_watch(&(struct live_health){.root = watching->root,
								  .watch_ms = spec->watch_ms,
								  .klog = watching->klog,
								  .taint = watching->taint,
								  .names = &names,
								  .progress = watching->progress},
					    &gone, &why);

	mark_gone(&gone, outcomes);
	tell_lost(watching);
	err_try(err);
	if (!why)
		return NULL;
	err_try(live_lock_again(spec->lock));
	return roll_back(watching->root, spec, watching->modules, why, watching->progress,
			 outcomes);
}
