/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The loop: look, decide, act, write down.  Before an action begins, the state says which one, so
 * that a call after a power cut knows what was under way.
 */
#include "auto/drive.h"

#include <stdlib.h>
#include <string.h>

#include "auto/history.h"
#include "base/alloc.h"

/* More steps than a level can take in one call, also if it is superseded several times. */
#define STEPS_MOST 40

/* So many rollbacks in a row, and nothing more is loaded. */
#define ROLLBACKS_MOST 2

void auto_outcome_free(struct auto_outcome *outcome)
{
	free(outcome->why);
	free(outcome->reboot);
	*outcome = (struct auto_outcome){};
}

static void apply_kernel(struct auto_state *state, const struct auto_facts *facts)
{
	auto_state_drop_level(state);
	auto_level_clear(&state->settled);
	state->has_settled = false;
	free(state->kernel);
	state->kernel = xstrdup(facts->kernel);
}

static void apply_level(struct auto_state *state, const struct auto_level *level, int64_t now)
{
	struct auto_level copy = auto_level_copy(level);

	auto_state_drop_level(state);
	state->level = copy;
	state->has_level = true;
	state->seen_at = now;
}

static void apply_settled(struct auto_state *state)
{
	auto_level_clear(&state->settled);
	state->settled = auto_level_copy(&state->level);
	state->has_settled = true;
	state->rollbacks = 0;
}

void auto_apply(struct auto_state *state, enum auto_event event, const struct auto_level *level,
		const struct auto_facts *facts, const char *why)
{
	enum auto_step from = state->step;
	int to = auto_step_next(from, event);

	if (to == -1)
		return;
	if (event == AUTO_EV_FAILED) {
		state->resume = from;
		state->next_try = auto_next_try(facts->now, ++state->failures);
	}
	if (event == AUTO_EV_DONE)
		state->failures = 0;
	if (event == AUTO_EV_KERNEL)
		apply_kernel(state, facts);
	if (event == AUTO_EV_GONE || event == AUTO_EV_RELEASED)
		auto_state_drop_level(state);
	if (event == AUTO_EV_UPDATE || event == AUTO_EV_SUPERSEDED)
		apply_level(state, level, facts->now);
	if (to == AUTO_REFUSED || to == AUTO_ROLLED_BACK)
		auto_state_add_bad(state, why, to == AUTO_ROLLED_BACK);
	if (to == AUTO_ROLLED_BACK && ++state->rollbacks >= ROLLBACKS_MOST)
		state->observe = true;
	if (to == AUTO_SETTLED)
		apply_settled(state);
	state->step = to == AUTO_STEP_RESUME ? state->resume : (enum auto_step)to;
	state->since = facts->now;
	state->doing = AUTO_DO_NOTHING;
	free(state->boot_id);
	state->boot_id = xstrdup(facts->boot_id);
	auto_state_set_why(state, why);
}

/* The mark is there while a level is loaded and not settled; it says more than it should, never
 * less. */
static struct err *drive_mark(const struct auto_run *run, const struct auto_state *state)
{
	enum auto_step at = auto_state_at(state);
	bool there = state->doing == AUTO_DO_LOAD || at == AUTO_LOADED || at == AUTO_WATCHING;

	return run->world->mark(run->world->data, state, there);
}

/* Writes the state: before what may take a machine down, the mark comes first, and goes last. */
static struct err *drive_write(const struct auto_run *run, const struct auto_state *state)
{
	if (state->doing == AUTO_DO_LOAD)
		err_try(drive_mark(run, state));
	err_try(auto_state_write(run->root, state));
	return drive_mark(run, state);
}

static struct err *drive_event(const struct auto_run *run, const struct auto_facts *facts,
			       const struct auto_decision *decision, struct auto_state *state)
{
	enum auto_step from = state->step;

	auto_apply(state, decision->event, decision->level, facts, decision->why);
	err_try(drive_write(run, state));
	err_try(auto_history_add(run->root, from, state, facts->now));
	run->world->tell(run->world->data, run->policy, state, facts, from);
	return NULL;
}

/* An error of an action is data from here on, so that the loop goes on later. */
static struct err *drive_failed(struct err *err, struct auto_result *result)
{
	if (!err || err_code(err) == ERR_INTERRUPTED)
		return err;
	free(result->why);
	*result = (struct auto_result){AUTO_EV_FAILED, xstrdup(err_message(err))};
	err_free(err);
	return NULL;
}

static struct err *drive_action(const struct auto_run *run, const struct auto_facts *facts,
				struct auto_decision *decision, struct auto_state *state)
{
	struct auto_result result = {.event = AUTO_EV_DONE};

	state->doing = decision->action;
	auto_state_set_why(state, decision->why);
	err_try(drive_write(run, state));

	struct err *err = drive_failed(
		run->world->act(run->world->data, run->policy, decision->action, state, &result),
		&result);

	if (err) {
		free(result.why);
		return err;
	}

	struct auto_decision done = {.event = result.event,
				     .why = result.why ? result.why : xstrdup(decision->why)};

	err = drive_event(run, facts, &done, state);
	free(done.why);
	return err;
}

static struct err *drive_undo(const struct auto_run *run, const struct auto_facts *facts,
			      const struct auto_decision *decision, struct auto_state *state)
{
	struct auto_decision done = {.event = AUTO_EV_BAD, .why = decision->why};

	err_try(run->world->undo(run->world->data, state, decision->why));
	return drive_event(run, facts, &done, state);
}

/* Nothing is due: the reason is kept if it is another one than before. */
static struct err *drive_wait(const struct auto_run *run, const struct auto_facts *facts,
			      const struct auto_decision *decision, struct auto_state *state)
{
	bool same = !strcmp(state->why, decision->why) && !strcmp(state->boot_id, facts->boot_id);

	if (same || run->dry_run)
		return NULL;
	auto_state_set_why(state, decision->why);
	free(state->boot_id);
	state->boot_id = xstrdup(facts->boot_id);
	err_try(drive_write(run, state));
	return auto_history_add(run->root, state->step, state, facts->now);
}

static struct err *drive_reboot(const struct auto_run *run, const struct auto_state *state,
				const struct auto_facts *facts, struct auto_outcome *outcome)
{
	bool now = auto_decide_reboot(run->policy, state, facts, &outcome->reboot);
	struct auto_state due = *state; /* as the history shows it */
	char *why = NULL;

	if (!now || run->dry_run)
		return NULL;
	due.why = outcome->reboot;
	err_try(auto_history_add(run->root, state->step, &due, facts->now));
	err_try(run->world->reboot(run->world->data, &why));
	outcome->rebooting = !why;
	if (why) {
		free(outcome->reboot);
		outcome->reboot = why;
	}
	return NULL;
}

/* Makes one step; *again is false once nothing more is due. */
static struct err *drive_step(const struct auto_run *run, struct auto_state *state,
			      struct auto_outcome *outcome, bool *again)
{
	scope_auto_facts facts = {};
	struct auto_decision decision;
	struct err *err;

	err_try(run->world->look(run->world->data, run->policy, state, &facts));
	if (!state->kernel)
		auto_state_begin(state, facts.kernel, facts.boot_id, facts.now);
	auto_decide(run->policy, state, &facts, &decision);
	free(outcome->why);
	outcome->why = xstrdup(decision.why);
	outcome->until = decision.until;
	outcome->due = decision.action;
	*again = !run->dry_run;
	if (run->dry_run)
		err = drive_reboot(run, state, &facts, outcome);
	else if (decision.event >= 0)
		err = drive_event(run, &facts, &decision, state);
	else if (decision.undo)
		err = drive_undo(run, &facts, &decision, state);
	else if (decision.action != AUTO_DO_NOTHING)
		err = drive_action(run, &facts, &decision, state);
	else {
		*again = false;
		err = drive_wait(run, &facts, &decision, state);
		if (!err)
			err = drive_reboot(run, state, &facts, outcome);
	}
	free(decision.why);
	return err;
}

struct err *auto_run(const struct auto_run *run, struct auto_state *state,
		     struct auto_outcome *outcome)
{
	bool there, again = true;

	*outcome = (struct auto_outcome){};
	err_try(auto_state_read(run->root, state, &there));
	for (; again && outcome->events < STEPS_MOST; outcome->events += again)
		err_try(drive_step(run, state, outcome, &again));
	return NULL;
}
