/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Decides what `suture auto` does next.  The order of the questions is the order of their weight:
 * first what happened to the machine, then what the administrator said, then what is offered, and
 * last what the step itself needs.
 */
#include "auto/decide.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "advise/version.h"
#include "auto/values.h"
#include "base/alloc.h"

#define RETRY_SECONDS 3600
#define RETRY_DOUBLINGS 4
#define DAY 86400

void auto_facts_free(struct auto_facts *facts)
{
	free(facts->kernel);
	free(facts->boot_id);
	free(facts->offers_unknown);
	free(facts->version);
	free(facts->effective);
	free(facts->blocked);
	free(facts->hold);
	free(facts->sick);
	auto_levels_free(&facts->offers);
	*facts = (struct auto_facts){};
}

char *auto_time_text(int64_t when)
{
	time_t seconds = when;
	struct tm tm;
	char text[64];

	if (!gmtime_r(&seconds, &tm) || !strftime(text, sizeof(text), "%Y-%m-%d %H:%M UTC", &tm))
		return xstrdup("never");
	return xstrdup(text);
}

/* Returns when a level that was first seen at a time is loaded at the earliest. */
static int64_t auto_due(const struct auto_policy *policy, unsigned ring, int64_t seen_at)
{
	return seen_at + (int64_t)policy->delay + (int64_t)policy->spread * ring / 100;
}

int64_t auto_next_try(int64_t now, unsigned failures)
{
	unsigned doublings = failures > RETRY_DOUBLINGS ? RETRY_DOUBLINGS : failures;
	int64_t wait = (int64_t)RETRY_SECONDS << (doublings ? doublings - 1 : 0);

	return now + (failures > RETRY_DOUBLINGS + 1 || wait > DAY ? DAY : wait);
}

static void decide_event(struct auto_decision *decision, enum auto_event event, char *why)
{
	decision->event = event;
	decision->why = why;
}

static void decide_wait(struct auto_decision *decision, int64_t until, char *why)
{
	decision->until = until;
	decision->why = why;
}

/* Did something happen to the machine, outside of this program? */
static bool decide_machine(const struct auto_state *state, const struct auto_facts *facts,
			   struct auto_decision *decision)
{
	enum auto_step at = auto_state_at(state);

	if (state->step == AUTO_HELD)
		return false;
	if (facts->went_down && auto_step_next(state->step, AUTO_EV_DOWN) >= 0) {
		decide_event(decision, AUTO_EV_DOWN,
			     xasprintf("the machine went down while level %s was loaded or watched",
				       state->level.version));
		return true;
	}
	if (strcmp(state->kernel, facts->kernel)) {
		decide_event(decision, AUTO_EV_KERNEL,
			     xasprintf("the machine runs kernel %s now, not %s", facts->kernel,
				       state->kernel));
		return true;
	}
	if (auto_step_runs(at) && facts->blocked && facts->loaded) {
		decision->undo = true; /* a rollback that has not succeeded yet */
		decision->why =
			xasprintf("the live patch is to be rolled back: %s", facts->blocked);
		return true;
	}
	if ((at == AUTO_TESTED || auto_step_runs(at)) && facts->blocked) {
		decide_event(decision, AUTO_EV_BAD,
			     xasprintf("the live patch was rolled back: %s", facts->blocked));
		return true;
	}
	if ((at == AUTO_LOADED || at == AUTO_WATCHING) && !facts->loaded &&
	    state->step != AUTO_FAILED) {
		if (strcmp(state->boot_id, facts->boot_id))
			decide_event(decision, AUTO_EV_REBOOTED,
				     xstrdup("the machine was rebooted during the watch"));
		else
			decide_event(decision, AUTO_EV_REFUSED,
				     xstrdup("somebody has unloaded the live patch"));
		return true;
	}
	return false;
}

/*
 * Returns whether an offer leads further than what runs.  A repository may have levels of the
 * kernel's own version, which carry single fixes, and several levels of one version, such as the
 * successor of one that was withdrawn.
 */
static bool offer_is_newer(const struct auto_state *state, const struct auto_facts *facts,
			   const struct auto_level *offer)
{
	int order = version_compare(offer->to, facts->effective);

	if (state->has_settled && !auto_level_is_later(offer, &state->settled))
		return false; /* even if the successor of a withdrawn level carries less than its
				 name says */
	if (order || offer->source != AUTO_REPOSITORY)
		return order > 0;
	return state->has_settled ? state->settled.source == AUTO_REPOSITORY
				  : !strcmp(offer->to, facts->version);
}

static const struct auto_level *offer_of(const struct auto_facts *facts, enum auto_source source)
{
	vec_foreach(&facts->offers, it)
		if (it->source == source)
			return it;
	return NULL;
}

/*
 * Finds the level to take: the first source that has a newer one.  If a repository has one that is
 * not for this machine yet, nothing is built in its place.  Without a level, *why says what there
 * is.
 */
static const struct auto_level *offer_choose(const struct auto_policy *policy,
					     const struct auto_state *state,
					     const struct auto_facts *facts, char **why)
{
	*why = NULL;
	for (unsigned i = 0; i < policy->nr_sources; i++) {
		const struct auto_level *offer = offer_of(facts, policy->sources[i]);

		if (!offer || !offer_is_newer(state, facts, offer))
			continue;

		const struct auto_bad *bad = auto_state_bars(state, facts->kernel, offer);

		if (!bad && auto_ring_is_offered(facts->ring, offer->phase))
			return offer;
		free(*why);
		*why = bad ? xasprintf("level %s is not tried again: %s", offer->version, bad->why)
			   : xasprintf(
				     "level %s is offered to %u%% of machines; this one is at %u%%",
				     offer->version, offer->phase, facts->ring);
		if (!bad || bad->rolled_back)
			return NULL;
	}
	return NULL;
}

static void decide_update(const struct auto_state *state, const struct auto_level *offer,
			  enum auto_event event, struct auto_decision *decision)
{
	decision->level = offer;
	if (event == AUTO_EV_SUPERSEDED)
		decide_event(decision, event,
			     xasprintf("level %s is superseded by %s", state->level.version,
				       offer->version));
	else
		decide_event(decision, event,
			     xasprintf("level %s is offered (%s)", offer->version,
				       auto_source_name(offer->source)));
}

/* Decides whether to take another level, or to drop the current one. */
static bool decide_offer(const struct auto_policy *policy, const struct auto_state *state,
			 const struct auto_facts *facts, struct auto_decision *decision)
{
	scope_free char *why = NULL;
	const struct auto_level *offer = offer_choose(policy, state, facts, &why);
	bool working = auto_step_is_before_load(auto_state_at(state));

	if (!working && auto_step_runs(auto_state_at(state)) && state->step != AUTO_SETTLED)
		return false; /* the watch ends before another level begins */
	if (!working) {
		if (offer && auto_step_next(state->step, AUTO_EV_UPDATE) >= 0)
			decide_update(state, offer, AUTO_EV_UPDATE, decision);
		else
			decide_wait(
				decision, 0,
				why ? take_ptr(why)
				: facts->offers_unknown
					? xasprintf(
						  "it is not known whether there is an update: %s",
						  facts->offers_unknown)
					: xasprintf("no update is known; the kernel is at %s",
						    facts->effective));
		return true;
	}
	if (offer && auto_level_is_later(offer, &state->level)) {
		decide_update(state, offer, AUTO_EV_SUPERSEDED, decision);
		return true;
	}
	if (!offer_is_newer(state, facts, &state->level) && !facts->loaded) {
		decide_event(decision, AUTO_EV_GONE,
			     xasprintf("the kernel is at %s already", facts->effective));
		return true;
	}
	if (!facts->offers_unknown && !offer && !facts->loaded) {
		decide_event(
			decision, AUTO_EV_GONE,
			why ? take_ptr(why)
			    : xasprintf("level %s is not offered any more", state->level.version));
		return true;
	}
	return false;
}

/* Decides whether the tested level may be loaded now. */
static void decide_load(const struct auto_policy *policy, const struct auto_state *state,
			const struct auto_facts *facts, struct auto_decision *decision)
{
	int64_t due = auto_due(policy, facts->ring, state->seen_at);

	if (facts->loaded) {
		decide_event(decision, AUTO_EV_DONE, xstrdup("the live patch is loaded already"));
		return;
	}
	if (policy->mode < AUTO_APPLY || state->observe) {
		decide_wait(
			decision, 0,
			state->observe
				? xstrdup("nothing is loaded after two rollbacks in a row, until 'suture auto release'")
				: xasprintf("mode = %s: nothing is loaded",
					    auto_mode_name(policy->mode)));
		return;
	}
	if (facts->now < due || facts->now < facts->window) {
		int64_t until = due > facts->window ? due : facts->window;
		scope_free char *when = auto_time_text(facts->now < due ? due : until);

		decide_wait(decision, until == INT64_MAX ? 0 : until,
			    facts->now < due ? xasprintf("the delay ends at %s", when)
			    : facts->window == INT64_MAX
				    ? xstrdup("the window never opens again")
				    : xasprintf("the window opens at %s", when));
		return;
	}
	decision->action = AUTO_DO_LOAD;
	decision->why = xstrdup("the window is open, and the trial has passed");
}

static void decide_watching(const struct auto_state *state, const struct auto_facts *facts,
			    struct auto_decision *decision)
{
	scope_free char *when = auto_time_text(state->watch_until);

	if (facts->sick) {
		decision->undo = true;
		decision->why = xasprintf("a health check failed: %s", facts->sick);
	} else if (facts->now < state->watch_until) {
		decide_wait(decision, state->watch_until,
			    xasprintf("no problem so far; the watch ends at %s", when));
	} else {
		decision->action = AUTO_DO_SETTLE;
		decision->why = xstrdup("no problem was found during the whole watch");
	}
}

static void decide_step(const struct auto_policy *policy, const struct auto_state *state,
			const struct auto_facts *facts, struct auto_decision *decision)
{
	bool prepare = policy->mode >= AUTO_PREPARE && !state->observe;

	switch (state->step) {
	case AUTO_SEEN:
	case AUTO_GOT:
	case AUTO_BUILT:
		if (!prepare) {
			decide_wait(decision, 0,
				    xasprintf("mode = observe: level %s is only reported",
					      state->level.version));
			return;
		}
		decision->action = auto_step_action(state->step);
		decision->why = xasprintf("level %s is next", state->level.version);
		return;
	case AUTO_TESTED:
		decide_load(policy, state, facts, decision);
		return;
	case AUTO_LOADED:
		decision->action = AUTO_DO_WATCH;
		decision->why = xstrdup("the live patch is loaded");
		return;
	case AUTO_WATCHING:
		decide_watching(state, facts, decision);
		return;
	case AUTO_FAILED: {
		scope_free char *when = auto_time_text(state->next_try);

		if (facts->now >= state->next_try)
			decide_event(decision, AUTO_EV_AGAIN,
				     xasprintf("'%s' is tried again",
					       auto_action_name(auto_step_action(state->resume))));
		else
			decide_wait(decision, state->next_try,
				    xasprintf("'%s' is tried again at %s",
					      auto_action_name(auto_step_action(state->resume)),
					      when));
		return;
	}
	default:
		decide_wait(decision, 0, xstrdup("nothing is due"));
	}
}

void auto_decide(const struct auto_policy *policy, const struct auto_state *state,
		 const struct auto_facts *facts, struct auto_decision *decision)
{
	*decision = (struct auto_decision){.event = -1};
	if (decide_machine(state, facts, decision))
		return;
	if (state->step == AUTO_HELD) {
		decide_wait(
			decision, 0,
			xstrdup("'suture auto' has been on hold since the machine went down; 'suture auto release' ends that"));
		return;
	}
	/* A sick machine is healed even while it is held. */
	if (state->step == AUTO_WATCHING && facts->sick) {
		decide_watching(state, facts, decision);
		return;
	}
	if (facts->hold) {
		decide_wait(decision, 0,
			    facts->damaged
				    ? xasprintf("nothing new is begun, since %s", facts->hold)
				    : xasprintf("the administrator put 'suture auto' on hold%s%s",
						*facts->hold ? ": " : "", facts->hold));
		return;
	}
	if (decide_offer(policy, state, facts, decision))
		return;
	decide_step(policy, state, facts, decision);
}

bool auto_decide_reboot(const struct auto_policy *policy, const struct auto_state *state,
			const struct auto_facts *facts, char **why)
{
	enum auto_step at = auto_state_at(state);

	*why = NULL;
	if (!facts->reboot_due || policy->reboot != AUTO_REBOOT_WHEN_DUE)
		return false;
	if (facts->hold || state->step == AUTO_HELD)
		*why = xstrdup("a reboot is due, but 'suture auto' is on hold");
	else if (at == AUTO_LOADED || at == AUTO_WATCHING)
		*why = xstrdup("a reboot is due, but the watch has not ended");
	else if (facts->open < 0)
		*why = xstrdup("a reboot is due, but the number of open fixes is unknown");
	else if ((unsigned)facts->open < policy->reboot_open)
		*why = xasprintf("%d fixes are open; a reboot becomes due at %u", facts->open,
				 policy->reboot_open);
	else if (facts->now < facts->reboot_window) {
		scope_free char *when = auto_time_text(facts->reboot_window);

		*why = facts->reboot_window == INT64_MAX
			       ? xstrdup("a reboot is due, but its window never opens again")
			       : xasprintf("a reboot is due, and its window opens at %s", when);
	} else {
		*why = xasprintf("%d fixes are open, and the window for reboots is open",
				 facts->open);
		return true;
	}
	return false;
}
