/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Handles the guest's answers to verbs; session_work.c has the verbs of single trials. */
#include "vm/session_step.h"

#include <errno.h>
#include <string.h>

#include "base/json.h"
#include "base/text.h"
#include "vm/kernel_log.h"
#include "vm/result.h"
#include "vm/session_answer.h"
#include "vm/session_work.h"

static void fail_errno(struct session *session, const json_t *event, const char *what)
{
	scope_free char *why = session_errno(session, event);

	session_fail(session, "%s%s: %s", session->at.step->over ? "the older patch: " : "", what,
		     why);
}

static bool is_loaded(const struct session *session, const char *object)
{
	return str_vec_has(&session->target.loaded, object) || !strcmp(object, "vmlinux");
}

static void take_need(struct session *session, const json_t *event, bool ok)
{
	const char *name = session->at.step->subject;
	scope_free char *why = session_errno(session, event);

	if (ok && !is_loaded(session, name))
		vec_push(&session->target.loaded, xstrdup(name));
	else if (!ok && session->at.step->stage == VM_TARGETS)
		vec_push(&session_module(session)->absent,
			 (struct vm_absent){xstrdup(name), take_ptr(why)});
	else if (!ok && session->at.step->stage == VM_PATCHED &&
		 !vm_why_absent(session_module(session), name))
		session_reload_refused(session, event, name);
}

static void take_check(struct session *session, const json_t *event, bool ok)
{
	static const char *const expected[] = {"pass", "fail", "end"};
	struct vm_module_result *module = session_module(session);
	enum vm_phase phase = session->at.step->phase;
	enum vm_expect expect = session->spec->expect[phase];
	struct vm_check_result check = {
		.name = xstrdup(session->at.step->subject),
		.phase = phase,
		.status = session_event_num(event, KEY_STATUS),
		.timed_out = json_is_true(json_object_get(event, KEY_TIMED_OUT)),
		.starved = session->log.starved &&
			   session->log.starved[session->at.step - session->plan->steps.data],
		.output = xstrdup(session_event_text(event, KEY_TEXT)),
	};

	/* A shell exits with these if a program cannot be run or found, so the check is broken. */
	bool broken = check.status == 126 || check.status == 127;
	bool never_ran = !json_object_get(event, KEY_STATUS);

	check.ok = !check.timed_out && !broken && !never_ran &&
		   (expect == VM_EXPECT_ANY || ok == (expect == VM_EXPECT_PASS));
	vec_push(&module->checks, check);
	if (never_ran)
		session_fail(session, "check %s: the program cannot be run in the guest: %s",
			     check.name, strerror(session_event_num(event, KEY_ERRNO)));
	else if (check.timed_out)
		session_fail(session, "check %s: did not finish within %u ms", check.name,
			     session->at.step->limit_ms);
	else if (broken)
		session_fail(
			session,
			"check %s: exit status %d: the check, or a program that it calls, cannot be run in the guest",
			check.name, check.status);
	else if (!check.ok)
		session_fail(session, "check %s: exit status %d, but the check was expected to %s",
			     check.name, check.status, expected[expect]);
	session_take_hang(session, event, check.name);
}

static void take_show(struct session *session, const json_t *event, bool ok)
{
	vec_push(&session_module(session)->shows,
		 (struct vm_show_result){xstrdup(session->at.step->subject),
					 session->at.step->phase,
					 ok ? xstrdup(session_event_text(event, KEY_TEXT)) : NULL});
}

static void take_stall(struct session *session, const json_t *event, const char *what)
{
	scope_names names = NAMES_INIT(4);
	const json_t *blocker;
	size_t i;

	session_take_blockers(session, event);
	json_array_foreach(json_object_get(event, KEY_BLOCKERS), i, blocker)
	{
		names_add(&names, "%s (%lld)", session_event_text(blocker, KEY_NAME),
			  session_event_num(blocker, KEY_TID));
	}

	const char *before = names.count ? "; tasks not switched yet: " : "";
	scope_free char *list = names_end(&names);

	session_fail(session, "%s did not complete within %u ms%s%s", what,
		     session->at.step->limit_ms, before, list);
}

static void take_settle(struct session *session, const json_t *event)
{
	const char *why = session_event_text(event, KEY_WHY);

	if (!strcmp(why, WHY_STALLED))
		take_stall(session, event, "the transition");
	else if (!strcmp(why, WHY_ABSENT))
		session_fail(session,
			     "the module was loaded, but registered no live patch of its name");
	else
		session_fail(session, "the patch is not enabled");
}

static void take_disable(struct session *session, const json_t *event)
{
	if (json_object_get(event, KEY_ERRNO))
		fail_errno(session, event, "the patch cannot be disabled");
	else
		take_stall(session, event, "the reverse transition");
}

static void take_object(struct session *session, const json_t *object, bool first)
{
	struct vm_module_result *module = session_module(session);
	struct vm_object_result entry = {
		.name = xstrdup(session_event_text(object, KEY_NAME)),
		.patched = session_event_num(object,
					     KEY_PATCHED), /* -1 of kernels that do not tell it */
	};

	if (!entry.patched && is_loaded(session, entry.name))
		session_fail(session, "%s is loaded, but the kernel did not patch it", entry.name);
	if (!first) {
		free(entry.name);
		return;
	}
	json_add_strings(json_object_get(object, KEY_FUNCTIONS), &entry.functions);
	vec_push(&module->objects, entry);
}

static void take_objects(struct session *session, const json_t *event)
{
	bool first = !session_module(session)->objects.len;
	const json_t *object;
	size_t i;

	json_array_foreach(json_object_get(event, KEY_OBJECTS), i, object)
		take_object(session, object, first);
}

static void keep_max(const struct plan_step *step, unsigned *max, long long ms)
{
	if (!step->over && ms > *max && ms < INT32_MAX)
		*max = ms;
}

/* A flag that was set before this module was loaded is held against the last module. */
static void take_first_taint(struct session *session, long taint)
{
	scope_free char *gained =
		session->taint.ended
			? kernel_taint_gained(session->taint.end, taint, KERNEL_LOG_GUEST)
			: NULL;
	struct session_place place = session_here(session);

	session->taint.before = taint;
	place.stage = VM_BEFORE;
	if (gained)
		session_fail_at(session, place, "the kernel became tainted: %s", gained);
}

/*
 * Returns whether the kernel refuses to load the older patch again because the new one has raised
 * the version of a klp_state, as a good patch may do (klp_is_state_compatible() in
 * kernel/livepatch/state.c).
 */
static bool is_older_state(const struct session *session)
{
	const char *reason = session_reason(session);

	return session->at.step->over && session->target.inserted && reason &&
	       kernel_log_is_older_state(reason, KERNEL_LOG_GUEST);
}

static void take_insert(struct session *session, const json_t *event, bool ok)
{
	struct vm_module_result *module = session_module(session);

	keep_max(session->at.step, &module->load_ms, session_event_num(event, KEY_MS));
	if (session->at.step->trial == VM_TRIAL_LOAD)
		take_first_taint(session, session_event_num(event, KEY_TAINT));
	if (!ok && !is_older_state(session))
		fail_errno(session, event,
			   session_event_num(event, KEY_ERRNO) == EEXIST
				   ? "a module of this name is loaded already"
				   : "the kernel rejects the module");
}

static void take_remove(struct session *session, const json_t *event, bool ok)
{
	struct vm_module_result *module = session_module(session);

	keep_max(session->at.step, &module->unload_ms, session_event_num(event, KEY_MS));
	module->cycles += ok;
	if (!ok)
		fail_errno(session, event, "the patch cannot be unloaded");
}

void session_take_step(struct session *session, const json_t *event)
{
	bool ok = json_is_true(json_object_get(event, KEY_OK));
	struct vm_module_result *module = session_module(session);
	long long ms = session_event_num(event, KEY_MS);

	switch (session->at.step->verb) {
	case PLAN_BEGIN:
		str_vec_free(&session->target.loaded);
		session->target.idle = false;
		break;
	case PLAN_NEED:
		take_need(session, event, ok);
		break;
	case PLAN_CHECK:
		take_check(session, event, ok);
		break;
	case PLAN_SHOW:
		take_show(session, event, ok);
		break;
	case PLAN_INSERT:
		take_insert(session, event, ok);
		break;
	case PLAN_SETTLE:
		keep_max(session->at.step, &module->transition_ms, ms);
		if (!ok)
			take_settle(session, event);
		break;
	case PLAN_OBJECTS:
		take_objects(session, event);
		break;
	case PLAN_DISABLE:
		keep_max(session->at.step, &module->disable_ms, ms);
		if (!ok)
			take_disable(session, event);
		break;
	case PLAN_REMOVE:
		take_remove(session, event, ok);
		break;
	case PLAN_DROP:
		if (!ok && session->at.step->subject)
			session_fail(session, "a copy of the patch cannot be unloaded");
		/* fall through */
	case PLAN_TRIAL:
		if (!ok && !session->at.step->over)
			session_damage(session);
		break;
	case PLAN_LEAVE:
	case PLAN_GONE:
		if (!ok)
			take_disable(session, event);
		break;
	default:
		session_take_work(session, event, ok);
	}
}
