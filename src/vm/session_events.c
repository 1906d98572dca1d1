/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Takes the events of one guest in turn, and enters what they say into the result. */
#include "vm/session_events.h"

#include <string.h>

#include "base/clock.h"
#include "base/json.h"
#include "base/text.h"
#include "vm/kernel_log.h"
#include "vm/session_log.h"
#include "vm/session_step.h"

static void end_module(struct session *session)
{
	session_end_trial(session);
	if (session->at.module > session->at.last_done)
		session->at.last_done = session->at.module;
	session->at.module = -1;
	session->target.inserted = false;
	session->at.over |=
		session->damage.damaged ||
		session->damage.spoilt; /* else further findings would blame the wrong module */
}

static void require_coverage(struct session *session, struct vm_module_result *module)
{
	struct session_place place = session_here(session);
	scope_names names = NAMES_INIT(SIZE_MAX);

	place.trial = VM_TRIAL_COVERAGE;
	vec_foreach(&module->functions, it) {
		if (!it->hits)
			names_add(&names, "%s", it->name);
	}

	size_t missing = names.count;
	scope_free char *list = names_end(&names);

	if (!module->counted)
		session_fail_at(session, place,
				"this kernel cannot tell which of the patched functions ran");
	else if (missing)
		session_fail_at(session, place, "patched functions never ran: %s", list);
}

static void take_end(struct session *session, const json_t *event)
{
	struct vm_module_result *module = session_module(session);
	scope_free char *taint = kernel_taint_gained(
		session->taint.before, session_event_num(event, KEY_TAINT), KERNEL_LOG_GUEST);

	if (taint) {
		session_fail(session, "the kernel became tainted: %s", taint);
		session_hurt(session, session_here(session));
	}
	session->taint.ended = true;
	session->taint.end = session_event_num(event, KEY_TAINT);
	if (session->at.strayed || !module->cycles)
		session_fail(session, "the guest did not complete its plan");
	if (session->spec->require_coverage && !module->why)
		require_coverage(session, module);
	module->pass = !module->why;
	end_module(session);
}

/* Adds, as skipped, the trials that were asked for but cannot be made with this module. */
static void note_left_out(struct session *session)
{
	static const struct {
		enum vm_trial trial;
		const char *why;
	} needs[] = {
		{VM_TRIAL_LATE,
		 "the patch replaces no function of a module, or cannot be loaded without one"},
		{VM_TRIAL_RELOAD,
		 "the patch replaces no function of a module, or cannot be loaded without one"},
		{VM_TRIAL_LEAVING,
		 "the patch replaces no function of a module, or cannot be loaded without one"},
		{VM_TRIAL_REPLACE, "no older patch was given with --over"},
	};

	for (size_t i = 0; i < array_size(needs); i++) {
		bool planned = false;

		vec_foreach(&session->plan->steps, step)
			planned |= step->trial == needs[i].trial &&
				   (int)step->module == session->at.module;
		if (session->spec->trials & VM_TRIAL_BIT(needs[i].trial) && !planned)
			session_end_part(session, needs[i].trial, needs[i].why);
	}
}

static void begin_trial(struct session *session)
{
	/* The trial before has damaged the guest, so no finding could be blamed on this trial. */
	if (session->damage.damaged) {
		end_module(session);
		return;
	}
	session_end_trial(session);
	session_begin_trial(session);
}

/* Checks that the guest goes on with the step that the last result leads to. */
static void check_order(struct session *session)
{
	size_t line = session->at.step - session->plan->steps.data + 1;

	if (session->at.step->verb == PLAN_BEGIN)
		session->at.strayed = false;
	else if (line != session->at.next_line)
		session->at.strayed = true;
	session->at.next_line = 0;
}

static void expect_next(struct session *session, bool ok)
{
	const struct plan_step *step = session->at.step;

	session->at.next_line =
		!ok && step->next ? step->next : step - session->plan->steps.data + 2;
}

static void take_start(struct session *session, const json_t *event)
{
	long long ms = session_event_num(event, KEY_AT);

	session->at.step = session_step_at(session, session_event_num(event, KEY_LINE));
	session->at.step_start_ms = clock_ms();
	if (ms > 0 && ms < INT32_MAX)
		session->at.guest_ms = ms;
	if (!session->at.step)
		return;
	check_order(session);
	session->target.inserted |= session->at.step->verb == PLAN_INSERT;
	if (session->at.step->verb == PLAN_BEGIN)
		session->at.module = session->at.step->module;
	if (session->at.step->verb == PLAN_BEGIN || session->at.step->verb == PLAN_TRIAL)
		begin_trial(session);
}

static void take_hello(struct session *session, const json_t *event)
{
	session->at.booted = true;
	if (session->result->release)
		return;
	session->result->release = xstrdup(session_event_text(event, KEY_RELEASE));
	if (*session_event_text(event, KEY_BUILD_ID))
		session->result->build_id = xstrdup(session_event_text(event, KEY_BUILD_ID));
}

/* Gives " while check NAME ran" if a check may have ended the guest, else ""; free(). */
static char *blame_check(const struct session *session)
{
	const struct plan_step *step = session->at.step ? session->at.step : session->at.last;

	if (!step || step->verb != PLAN_CHECK)
		return xstrdup("");
	return xasprintf(" %s check %s ran%s", session->at.step ? "while" : "right after",
			 step->subject,
			 step->stage < VM_LOAD ? ", before the patch was loaded" : "");
}

/* Handles the loss of a task that the kernel killed, or whose system call does not return. */
static void take_loss(struct session *session, const json_t *event, const char *what)
{
	struct vm_module_result *module = session_module(session);
	const char *stack = session_event_text(event, KEY_STACK);
	scope_free char *check = blame_check(session);

	if (module) {
		session_fail(session, "%s%s", what, check);
		if (*stack)
			vec_push(&module->blockers, xasprintf("init (worker): %s", stack));
		session_hurt(session, session_here(session));
	}
	session_damage(session);
}

static void take_result(struct session *session, const json_t *event)
{
	const struct plan_step *step = session->at.step;

	if (step && step == session_step_at(session, session_event_num(event, KEY_LINE)) &&
	    session_module(session)) {
		expect_next(session, json_is_true(json_object_get(event, KEY_OK)));
		if (step->verb == PLAN_END)
			take_end(session, event);
		else
			session_take_step(session, event);
		if (step->verb == PLAN_RELEASE) {
			session_end_trial(session);
			note_left_out(session);
		}
	}
	session->at.last = step;
	session->at.step = NULL;
}

static void take_log(struct session *session, const json_t *event)
{
	unsigned long long us = session_event_num(event, KEY_US);
	const char *text = session_event_text(event, KEY_TEXT);
	scope_free char *line = xasprintf("[%5llu.%06llu] %s", us / 1000000, us % 1000000, text);

	session_log_line(session, line, text);
}

static void take_event(struct session *session, const json_t *event)
{
	const char *kind = session_event_text(event, KEY_EVENT);

	if (!strcmp(kind, EVENT_LOG)) {
		take_log(session, event);
	} else if (!strcmp(kind, EVENT_LOST)) {
		session_log_lost(session, session_event_num(event, KEY_RECORDS));
	} else if (!strcmp(kind, EVENT_START)) {
		take_start(session, event);
	} else if (!strcmp(kind, EVENT_STEP)) {
		take_result(session, event);
	} else if (!strcmp(kind, EVENT_HELLO)) {
		take_hello(session, event);
	} else if (!strcmp(kind, EVENT_DIED)) {
		take_loss(session, event, "the worker task was killed inside the kernel");
	} else if (!strcmp(kind, EVENT_STUCK)) {
		take_loss(session, event, "a system call of the worker task does not return");
	} else if (!strcmp(kind, EVENT_BYE)) {
		session->at.over = true;
	}
}

void session_line(struct session *session, const char *line, size_t size)
{
	scope_json event = json_loadb(line, size, JSON_ALLOW_NUL, NULL);

	session->at.heard_ms = clock_ms();
	if (json_is_object(event) && !session->at.over)
		take_event(session, event);
	/* The log may be ahead of the events, in which the trial before may not have ended yet. */
	session->at.over |= session->damage.victim && !session->damage.victim_ran &&
			    session->damage.victim == session_module(session);
}

void session_abort(struct session *session, const char *how, const char *console)
{
	bool lost = session->at.module < 0 && !session->at.over && session->at.last_done >= 0;

	if (lost) { /* no module is under trial: the last one has left something behind */
		session->at.module = session->at.last_done;
		session->target.inserted = true;
		session_hurt(session, session_here(session));
	}
	if (session->at.module >= 0) {
		scope_free char *check = blame_check(session);

		session_log_console(session, console);
		if (lost)
			session_fail(session, "after its trial: %s%s", how, check);
		else
			session_fail(session, "%s%s", how, check);
		if (!session->at.over)
			session_hurt(session, session_here(session));
		end_module(session);
	}
	session_damage(session);
}
