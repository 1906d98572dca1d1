/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Keeps the state of one boot, and enters failures and skipped trials into the result. */
#include "vm/session.h"

#include "base/clock.h"
#include "base/strbuf.h"
#include "vm/result.h"

const char *session_event_text(const json_t *event, const char *key)
{
	const char *text = json_string_value(json_object_get(event, key));

	return text ? text : "";
}

long long session_event_num(const json_t *event, const char *key)
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

/* Returns whether the trial had no outcome but to pass before. */
static bool set_outcome(struct vm_trial_result *trial, enum vm_outcome outcome, const char *why)
{
	if (trial->outcome != VM_PASS)
		return false;
	trial->outcome = outcome;
	trial->why = xstrdup(why);
	return true;
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

static struct session_blame fail_with(struct session *session, struct session_place place,
				      const char *why)
{
	struct vm_module_result *result = &session->result->modules.data[place.module];
	struct session_blame blame = {.module = !result->why};

	blame.trial = set_outcome(trial_of(session, place.module, place.trial), VM_FAIL, why);
	if (!is_own(session, place))
		note_victim(session, result, false);
	if (!result->why)
		result->failed_trial = place.trial;
	vm_module_fail(result, place.stage, "%s", why);
	return blame;
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

struct session_blame session_fail_at(struct session *session, struct session_place place,
				     const char *fmt, ...)
{
	scope_strbuf why = STRBUF_INIT;
	va_list ap;

	va_start(ap, fmt);
	strbuf_vaddf(&why, fmt, ap);
	va_end(ap);
	return fail_with(session, place, why.buf);
}

static void replace_why(char **why, const char *better)
{
	free(*why);
	*why = xstrdup(better);
}

void session_fail_anew(struct session *session, struct session_place place,
		       struct session_blame blame, const char *why)
{
	if (blame.module)
		replace_why(&session->result->modules.data[place.module].why, why);
	if (blame.trial)
		replace_why(&trial_of(session, place.module, place.trial)->why, why);
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

void session_end_trial(struct session *session)
{
	struct vm_module_result *module = session_module(session);

	if (!module || !module->trials.len)
		return;

	struct vm_trial_result *trial = trial_of(session, session->at.module, session->at.trial);

	if (!trial->ms && session->at.guest_ms > trial->start_ms)
		trial->ms = session->at.guest_ms - trial->start_ms;
}

void session_begin_trial(struct session *session)
{
	session->at.trial = session->at.step->trial;
	trial_of(session, session->at.step->module, session->at.trial);
}

void session_end_part(struct session *session, enum vm_trial trial, const char *skipped)
{
	struct vm_trial_result *result = trial_of(session, session->at.module, trial);

	if (skipped)
		set_outcome(result, VM_SKIP, skipped);
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
}
