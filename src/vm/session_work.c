/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Handles the answers to verbs of single trials: functions reached, time taken, tasks that hang. */
#include "vm/session_work.h"

#include <errno.h>
#include <string.h>

#include "vm/session_answer.h"
#include "vm/session_leak.h"

/*
 * Returns "f+0x1/0x2 [module]", where a task is, from its stack "[<0>] f+0x1/0x2 [module]\n...";
 * free().
 */
static char *top_of_stack(const char *stack)
{
	const char *start = strstr(stack, "] ");

	start = str_starts(stack, "[<0>] ") ? start + 2 : stack;
	return xstrndup(start, strcspn(start, "\n"));
}

void session_take_hang(struct session *session, const json_t *event, const char *who)
{
	const json_t *value = json_object_get(event, KEY_STACK);
	const char *stack = session_event_text(event, KEY_STACK);
	scope_free char *top = top_of_stack(stack);

	if (!value)
		return;
	vec_push(&session_module(session)->blockers, xasprintf("%s: %s", who, stack));
	session_fail(session, "a process hangs in the kernel and cannot be killed: %s%s%s", who,
		     *top ? ", in " : ", which never sleeps", top);
	session_hurt(session, session_here(session));
}

static void take_exercise(struct session *session, const json_t *event)
{
	const char *hangs = session_event_text(event, KEY_HANGS),
		   *died = session_event_text(event, KEY_DIED);
	const char *late = session_event_text(event, KEY_LATE);

	if (*hangs) {
		session_take_hang(session, event, hangs);
	} else if (session->at.step->stage >= VM_LOAD) {
		if (*died)
			session_fail(session, "%s: the process was killed", died);
		else if (*late)
			session_fail(session, "%s does not finish", late);
	}
}

static void take_function(struct vm_module_result *module, const json_t *item)
{
	const char *by = session_event_text(item, KEY_BY);
	int error = session_event_num(item, KEY_ERRNO);
	long long hits = session_event_num(item, KEY_HITS);

	vec_push(
		&module->functions,
		(struct vm_function_result){
			.object = xstrdup(session_event_text(item, KEY_OBJECT)),
			.name = xstrdup(session_event_text(item, KEY_NAME)),
			.sympos = session_event_num(item, KEY_SYMPOS),
			.hits = hits > 0 && !error ? hits : 0,
			.by = *by ? xstrdup(by) : NULL,
			.why = error ? xasprintf("its calls cannot be counted: %s", strerror(error))
				     : NULL,
		});
}

/* Adds calls that were counted while a patched module was loaded to those of an earlier trial. */
static void add_hits(struct vm_module_result *module, const json_t *item)
{
	long long hits = session_event_num(item, KEY_HITS);

	vec_foreach(&module->functions, it) {
		if (strcmp(it->object, session_event_text(item, KEY_OBJECT)) ||
		    strcmp(it->name, session_event_text(item, KEY_NAME)) ||
		    it->sympos != session_event_num(item, KEY_SYMPOS) || hits <= 0 ||
		    session_event_num(item, KEY_ERRNO))
			continue;
		if (!it->hits) {
			free(it->by);
			it->by = xasprintf("loading %s", it->object);
		}
		it->hits += hits;
	}
}

static void take_cover(struct session *session, const json_t *event)
{
	struct vm_module_result *module = session_module(session);
	const json_t *functions = json_object_get(event, KEY_FUNCTIONS), *item;
	size_t i;

	if (module->functions.len) {
		json_array_foreach(functions, i, item) add_hits(module, item);
		return;
	}
	module->counted = json_array_size(functions) > 0;
	session_end_part(session, VM_TRIAL_COVERAGE,
			 module->counted ? NULL : "this kernel cannot count calls");
	json_array_foreach(functions, i, item) take_function(module, item);
}

static struct vm_cost *cost_of(struct vm_module_result *module, const char *by)
{
	vec_foreach(&module->costs, it) {
		if (!strcmp(it->by, by))
			return it;
	}
	vec_push(&module->costs, (struct vm_cost){.by = xstrdup(by)});
	return &module->costs.data[module->costs.len - 1];
}

static void take_measure(struct session *session, const json_t *event)
{
	const json_t *item;
	size_t i;

	json_array_foreach(json_object_get(event, KEY_COSTS), i, item)
	{
		struct vm_cost *cost =
			cost_of(session_module(session), session_event_text(item, KEY_BY));
		long long ns = session_event_num(item, KEY_NS);

		if (ns < 0)
			ns = 0;
		if (session->at.step->phase == VM_PHASE_PATCHED)
			cost->patched_ns = ns;
		else
			cost->before_ns = ns;
	}
}

void session_reload_refused(struct session *session, const json_t *event, const char *name)
{
	scope_free char *why = session_errno(session, event);

	/*
	 * Before 0c05e7bd2d01 (v6.3), kernels on x86 refuse the relocations of a module that is
	 * loaded a second time, as those of the first time were not cleared.
	 */
	bool second = session->at.step->trial == VM_TRIAL_RELOAD ||
		      session->at.step->trial == VM_TRIAL_LEAVING;

	if (second && session_event_num(event, KEY_ERRNO) == ENOEXEC)
		session_skip(session, "this kernel refuses to load %s a second time: %s", name,
			     why);
	else
		session_fail(session, "%s cannot be loaded below the patch: %s", name, why);
}

static void take_unneed(struct session *session, const json_t *event, bool ok)
{
	const char *busy = session_event_text(event, KEY_BUSY);
	long long references = session_event_num(event, KEY_REFERENCES);

	str_vec_free(&session->target.loaded);
	if (ok) {
		session->target.idle = true;
	} else if (session->target.idle && references > 0) {
		session_fail(
			session,
			"%s could be unloaded before the patch was loaded, but not now: %lld reference%s not released",
			busy, references, references == 1 ? "" : "s");
		session->damage.spoilt = true; /* the next module may want to unload it */
	} else {
		session_skip(session, "%s is in use and cannot be unloaded", busy);
	}
}

/* Skips the trial if a copy cannot be loaded: callbacks may refuse that, or memory may lack. */
static void take_copy(struct session *session, const json_t *event, bool ok)
{
	scope_free char *why = session_errno(session, event);

	if (!ok)
		session_skip(session, "a copy of the patch cannot be loaded: %s", why);
}

#define NOBODY_SLEEPS "no task sleeps in the patched functions"

static void take_stalled(struct session *session, const json_t *event, bool ok)
{
	if (ok)
		session_take_blockers(session, event);
	else
		session_skip(session, NOBODY_SLEEPS);
}

void session_take_work(struct session *session, const json_t *event, bool ok)
{
	switch (session->at.step->verb) {
	case PLAN_EXERCISE:
		take_exercise(session, event);
		break;
	case PLAN_COVER:
		take_cover(session, event);
		break;
	case PLAN_MEASURE:
		take_measure(session, event);
		session_take_hang(session, event, session_event_text(event, KEY_WHO));
		break;
	case PLAN_LEAK:
		session_take_leak(session, event);
		break;
	case PLAN_LEVEL:
		session_take_level(session, event);
		break;
	case PLAN_IDLE:
		session->target.idle = ok;
		break;
	case PLAN_SHED:
		str_vec_free(&session->target.loaded);
		break;
	case PLAN_UNNEED:
		take_unneed(session, event, ok);
		break;
	case PLAN_INSIDE:
		if (!ok)
			session_skip(session, NOBODY_SLEEPS);
		break;
	case PLAN_STALL:
		take_stalled(session, event, ok);
		break;
	case PLAN_REVERSE:
		if (!ok)
			session_fail(session, "a stalled transition cannot be reversed");
		break;
	case PLAN_SLEPT:
	case PLAN_ASLEEP:
		if (!ok)
			session_skip(session, "no task sleeps in the new code");
		break;
	case PLAN_CALLEES:
		if (!ok)
			session_skip(session, "functions that the patch calls cannot be traced");
		break;
	case PLAN_COPY:
		take_copy(session, event, ok);
		break;
	case PLAN_WAKE:
		if (!ok)
			session_fail(session, "a waiting task is no longer woken: %s",
				     session_event_text(event, KEY_LOST));
		break;
	case PLAN_HAMMER:
	case PLAN_SLEEPERS:
	case PLAN_PRESSURE:
	case PLAN_VISITORS:
	case PLAN_WAITERS:
		session_take_hang(session, event, session_event_text(event, KEY_WHO));
		break;
	default:
		break;
	}
}
