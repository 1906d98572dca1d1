/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Takes the events of one guest in turn, and enters what they say into the result. */
#include "vm/session.h"

#include <string.h>

#include "base/clock.h"
#include "base/json.h"
#include "base/text.h"
#include "vm/kernel_log.h"
#include "vm/result.h"
#include "vm/session_log.h"
#include "vm/session_step.h"

const char *event_text_of(const json_t *event, const char *key)
{
	const char *text = json_string_value(json_object_get(event, key));

	return text ? text : "";
}

long long event_num_of(const json_t *event, const char *key)
{
	return json_integer_value(json_object_get(event, key));
}

struct vm_module_result *session_module(struct session *session)
{
	return session->at.module < 0 ? NULL : &session->result->modules.data[session->at.module];
}

const struct plan_step *session_step_at(const struct session *session, long long line)
{
	return line < 1 || line > (long long)session->plan->steps.len
		       ? NULL
		       : &session->plan->steps.data[line - 1];
}

void session_damage(struct session *session)
{
	if (!session->damage.damaged)
		session->damage.damaged_ms = clock_ms();
	session->damage.damaged = true;
	session->at.over |= session->at.module < 0;
}

/* Returns the result of a trial of the module; adds it if the trial had not begun. */
static struct vm_trial_result *trial_of(struct session *session, unsigned module,
					enum vm_trial trial)
{
	struct vm_trial_results *trials =
		(struct vm_trial_results *)&session->result->modules.data[module].trials;

	vec_foreach(trials, it) {
		if (it->trial == trial)
			return it;
	}
	vec_push(trials,
		 (struct vm_trial_result){.trial = trial, .start_ms = session->at.guest_ms});
	return &trials->data[trials->len - 1];
}

static void set_outcome(struct vm_trial_result *trial, enum vm_outcome outcome, const char *why)
{
	if (trial->outcome != VM_PASS)
		return;
	trial->outcome = outcome;
	trial->why = xstrdup(why);
}

/* Returns whether the module itself is the cause: none was tried before, or its code had run. */
static bool is_own(const struct session *session, struct session_place place)
{
	return place.module == session->plan->steps.data[0].module ||
	       place.trial != VM_TRIAL_LOAD || place.stage >= VM_LOAD;
}

struct session_place session_place_of(const struct plan_step *step)
{
	return (struct session_place){step->module, step->trial, step->stage};
}

struct session_place session_here(const struct session *session)
{
	if (session->at.step)
		return session_place_of(session->at.step);
	return (struct session_place){.module = session->at.module,
				      .trial = VM_TRIAL_LOAD,
				      .stage = session->target.inserted ? VM_AFTER : VM_BEFORE};
}

/* Notes the first module that damage is seen at; suspects.c finds out which module did it. */
static void note_victim(struct session *session, struct vm_module_result *module, bool ran)
{
	if (session->damage.victim)
		return;
	session->damage.victim = module;
	session->damage.victim_ran = ran;
}

void session_hurt(struct session *session, struct session_place place)
{
	note_victim(session, &session->result->modules.data[place.module], is_own(session, place));
	session_damage(session);
}

static void fail_with(struct session *session, struct session_place place, const char *why)
{
	struct vm_module_result *result = &session->result->modules.data[place.module];

	set_outcome(trial_of(session, place.module, place.trial), VM_FAIL, why);
	if (!is_own(session, place))
		note_victim(session, result, false);
	if (!result->why)
		result->failed_trial = place.trial;
	vm_module_fail(result, place.stage, "%s", why);
}

void session_fail(struct session *session, const char *fmt, ...)
{
	scope_strbuf why = STRBUF_INIT;
	va_list ap;

	va_start(ap, fmt);
	strbuf_vaddf(&why, fmt, ap);
	va_end(ap);
	fail_with(session, session_here(session), why.buf);
}

void session_fail_at(struct session *session, struct session_place place, const char *fmt, ...)
{
	scope_strbuf why = STRBUF_INIT;
	va_list ap;

	va_start(ap, fmt);
	strbuf_vaddf(&why, fmt, ap);
	va_end(ap);
	fail_with(session, place, why.buf);
}

void session_fail_anew(struct session *session, struct session_place place, const char *was,
		       const char *why)
{
	struct vm_module_result *result = &session->result->modules.data[place.module];
	char **told[] = {&result->why, &trial_of(session, place.module, place.trial)->why};

	for (size_t i = 0; i < array_size(told); i++) {
		if (*told[i] && !strcmp(*told[i], was)) {
			free(*told[i]);
			*told[i] = xstrdup(why);
		}
	}
}

void session_skip(struct session *session, const char *fmt, ...)
{
	scope_strbuf why = STRBUF_INIT;
	va_list ap;

	va_start(ap, fmt);
	strbuf_vaddf(&why, fmt, ap);
	va_end(ap);
	set_outcome(trial_of(session, session->at.step->module, session->at.step->trial), VM_SKIP,
		    why.buf);
}

/* Ends the current trial, and sets how long it took. */
static void end_trial(struct session *session)
{
	struct vm_module_result *module = session_module(session);

	if (!module || !module->trials.len)
		return;

	struct vm_trial_result *trial = trial_of(session, session->at.module, session->at.trial);

	if (!trial->ms && session->at.guest_ms > trial->start_ms)
		trial->ms = session->at.guest_ms - trial->start_ms;
}

void session_end_part(struct session *session, enum vm_trial trial, const char *skipped)
{
	struct vm_trial_result *result = trial_of(session, session->at.module, trial);

	if (skipped)
		set_outcome(result, VM_SKIP, skipped);
}

static void end_module(struct session *session)
{
	end_trial(session);
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
		session->taint.before, event_num_of(event, "taint"), KERNEL_LOG_GUEST);

	if (taint) {
		session_fail(session, "the kernel became tainted: %s", taint);
		session_hurt(session, session_here(session));
	}
	session->taint.ended = true;
	session->taint.end = event_num_of(event, "taint");
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
			set_outcome(trial_of(session, session->at.module, needs[i].trial), VM_SKIP,
				    needs[i].why);
	}
}

static void begin_trial(struct session *session)
{
	/* The trial before has damaged the guest, so no finding could be blamed on this trial. */
	if (session->damage.damaged) {
		end_module(session);
		return;
	}
	end_trial(session);
	session->at.trial = session->at.step->trial;
	trial_of(session, session->at.step->module, session->at.trial);
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
	long long ms = event_num_of(event, "at");

	session->at.step = session_step_at(session, event_num_of(event, "line"));
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
	session->result->release = xstrdup(event_text_of(event, "release"));
	if (*event_text_of(event, "build_id"))
		session->result->build_id = xstrdup(event_text_of(event, "build_id"));
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
	const char *stack = event_text_of(event, "stack");
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

	if (step && step == session_step_at(session, event_num_of(event, "line")) &&
	    session_module(session)) {
		expect_next(session, json_is_true(json_object_get(event, "ok")));
		if (step->verb == PLAN_END)
			take_end(session, event);
		else
			session_take_step(session, event);
		if (step->verb == PLAN_RELEASE) {
			end_trial(session);
			note_left_out(session);
		}
	}
	session->at.last = step;
	session->at.step = NULL;
}

static void take_log(struct session *session, const json_t *event)
{
	unsigned long long us = event_num_of(event, "us");
	const char *text = event_text_of(event, "text");
	scope_free char *line = xasprintf("[%5llu.%06llu] %s", us / 1000000, us % 1000000, text);

	session_log_line(session, line, text);
}

static void take_event(struct session *session, const json_t *event)
{
	const char *kind = event_text_of(event, "event");

	if (!strcmp(kind, EVENT_LOG)) {
		take_log(session, event);
	} else if (!strcmp(kind, EVENT_LOST)) {
		session_log_lost(session, event_num_of(event, "records"));
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
		session_fail(session, "%s%s%s", lost ? "after its trial: " : "", how, check);
		if (!session->at.over)
			session_hurt(session, session_here(session));
		end_module(session);
	}
	session_damage(session);
}

struct session session_new(struct vm_result *result, const struct vm_spec *spec,
			   const struct vm_plan *plan)
{
	return (struct session){.result = result,
				.spec = spec,
				.plan = plan,
				.at = {.module = -1, .last_done = -1}};
}

void session_free(struct session *session)
{
	str_vec_free(&session->target.loaded);
	for (size_t i = 0; session->log.reasons && i < session->plan->steps.len; i++)
		free(session->log.reasons[i]);
	free(session->log.reasons);
	free(session->log.starved);
	free(session->log.weak_why);
}
