/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "vm/vm_internal.h"

#include <jansson.h>
#include <string.h>

/* What the guest's init writes to the log. */
#define STEP_MARK "suture: step "
#define END_MARK "suture: end\n"
/* A guest that floods its log must not flood us. */
#define LOG_LINES_MAX 5000

static const char *text_of(const json_t *event, const char *key)
{
	const char *text = json_string_value(json_object_get(event, key));

	return text ? text : "";
}

static long long num_of(const json_t *event, const char *key)
{
	return json_integer_value(json_object_get(event, key));
}

static struct vm_module_result *current(struct session *session)
{
	return session->module < 0 ? NULL : &session->result->modules.data[session->module];
}

static enum vm_stage current_stage(const struct session *session)
{
	return session->step ? session->step->stage : VM_AFTER;
}

static void set_damaged(struct session *session)
{
	if (!session->damaged)
		session->damaged_ms = vm_now_ms();
	session->damaged = true;
	session->over |= session->module < 0;
}

/* "ENOEXEC (Exec format error)[: the kernel's own words]" */
static char *describe_errno(const struct session *session, const json_t *event)
{
	int error = num_of(event, "errno");
	const char *name = strerrorname_np(error);
	const char *reason = session->reasons
				     ? session->reasons[session->step - session->plan->steps.data]
				     : NULL;

	return xasprintf("%s (%s)%s%s", name ? name : "unknown error", strerror(error),
			 reason ? ": " : "", reason ? reason : "");
}

static const struct plan_step *step_at(const struct session *session, long long line)
{
	return line < 1 || line > (long long)session->plan->steps.len
		       ? NULL
		       : &session->plan->steps.data[line - 1];
}

/* By step: the log can be some steps ahead of the events. */
static void keep_reason(struct session *session, const char *text)
{
	size_t step = session->log_step - session->plan->steps.data;

	if (!session->reasons)
		session->reasons = xcalloc(session->plan->steps.len, sizeof(*session->reasons));
	if (!session->reasons[step])
		session->reasons[step] = xstrdup(text);
}

static void judge_log_line(struct session *session, struct vm_module_result *module,
			   const char *line, const char *text)
{
	enum klog_kind kind = klog_classify(text);

	/* Before the patch is there, the kernel's complaints are not about it. */
	if (session->log_step->stage < VM_LOAD && kind != KLOG_REASON)
		return;
	if (kind == KLOG_REASON)
		keep_reason(session, text);
	if (kind == KLOG_FINDING || (kind == KLOG_TRACE && !module->findings.len)) {
		vec_push(&module->findings, xstrdup(line));
		vm_module_fail(module, session->log_step->stage, "kernel log: %s", text);
		set_damaged(session);
	}
}

/*
 * `line` is text with its time.  The guest marks in the log where each step begins; what
 * follows is that step's, also when it is read after the next module's trial has begun.
 */
static void add_log_line(struct session *session, const char *line, const char *text)
{
	if (str_starts(text, STEP_MARK)) {
		session->log_step = step_at(session, atoll(text + strlen(STEP_MARK)));
		return;
	}
	if (!session->log_step)
		return;

	struct vm_module_result *module = &session->result->modules.data[session->log_step->module];

	if (module->kernel_log.len >= LOG_LINES_MAX)
		return;
	vec_push(&module->kernel_log, xstrdup(line));
	judge_log_line(session, module, line, text);
}

static void take_log(struct session *session, const json_t *event)
{
	unsigned long long us = num_of(event, "us");
	const char *text = text_of(event, "text");
	scope_free char *line = xasprintf("[%5llu.%06llu] %s", us / 1000000, us % 1000000, text);

	add_log_line(session, line, text);
}

static void take_need(struct session *session, const json_t *event, bool ok)
{
	const char *name = session->step->subject;

	if (ok)
		vec_push(&session->loaded, xstrdup(name));
	else
		vec_push(&current(session)->absent,
			 (struct vm_absent){xstrdup(name), describe_errno(session, event)});
}

static void take_check(struct session *session, const json_t *event, bool ok)
{
	static const char *const expected[] = {"pass", "fail", "end"};
	struct vm_module_result *module = current(session);
	enum vm_phase phase = session->step->phase;
	enum vm_expect expect = session->spec->expect[phase];
	struct vm_check_result check = {
		.name = xstrdup(session->step->subject),
		.phase = phase,
		.status = num_of(event, "status"),
		.timed_out = json_is_true(json_object_get(event, "timed_out")),
		.output = xstrdup(text_of(event, "text")),
	};

	check.ok =
		!check.timed_out && (expect == VM_EXPECT_ANY || ok == (expect == VM_EXPECT_PASS));
	vec_push(&module->checks, check);
	if (check.timed_out)
		vm_module_fail(module, session->step->stage, "check %s: did not end in %u ms",
			       check.name, session->step->limit_ms);
	else if (!check.ok)
		vm_module_fail(module, session->step->stage,
			       "check %s: exit status %d, and it was expected to %s", check.name,
			       check.status, expected[expect]);
}

static void take_show(struct session *session, const json_t *event, bool ok)
{
	vec_push(&current(session)->shows,
		 (struct vm_show_result){xstrdup(session->step->subject), session->step->phase,
					 ok ? xstrdup(text_of(event, "text")) : NULL});
}

static void take_blockers(struct session *session, const json_t *event)
{
	const json_t *blocker;
	size_t i;

	json_array_foreach(json_object_get(event, "blockers"), i, blocker)
	{
		vec_push(&current(session)->blockers,
			 xasprintf("%s (%lld): %s", text_of(blocker, "name"),
				   num_of(blocker, "tid"), text_of(blocker, "stack")));
	}
}

static void take_stall(struct session *session, const json_t *event, const char *what)
{
	struct vm_module_result *module = current(session);
	scope_strbuf names = STRBUF_INIT;
	const json_t *blocker;
	size_t i;

	take_blockers(session, event);
	json_array_foreach(json_object_get(event, "blockers"), i, blocker)
	{
		if (i < 4)
			strbuf_addf(&names, "%s%s (%lld)",
				    i ? ", " : "; not yet switched: ", text_of(blocker, "name"),
				    num_of(blocker, "tid"));
	}
	vm_module_fail(module, session->step->stage, "%s did not complete in %u ms%s", what,
		       session->step->limit_ms, names.buf);
}

static void take_settle(struct session *session, const json_t *event)
{
	const char *why = text_of(event, "why");

	if (!strcmp(why, "stalled"))
		take_stall(session, event, "the transition");
	else if (!strcmp(why, "absent"))
		vm_module_fail(current(session), VM_TRANSITION,
			       "the module was loaded but registered no live patch of its name");
	else
		vm_module_fail(current(session), VM_TRANSITION, "the patch is not enabled");
}

static void take_disable(struct session *session, const json_t *event)
{
	if (json_object_get(event, "errno")) {
		scope_free char *why = describe_errno(session, event);

		vm_module_fail(current(session), VM_DISABLE, "cannot be disabled: %s", why);
	} else {
		take_stall(session, event, "the transition back");
	}
}

static bool is_loaded(const struct session *session, const char *object)
{
	vec_foreach(&session->loaded, it) {
		if (!strcmp(*it, object))
			return true;
	}
	return !strcmp(object, "vmlinux");
}

static void take_object(struct session *session, const json_t *object)
{
	struct vm_module_result *module = current(session);
	struct vm_object_result entry = {
		.name = xstrdup(text_of(object, "name")),
		.patched = num_of(object, "patched"), /* -1: too old a kernel to tell */
	};
	const json_t *function;
	size_t i;

	json_array_foreach(json_object_get(object, "functions"), i, function)
	{
		if (json_is_string(function))
			vec_push(&entry.functions, xstrdup(json_string_value(function)));
	}
	if (!entry.patched && is_loaded(session, entry.name))
		vm_module_fail(module, VM_PATCHED, "%s is loaded but was not patched", entry.name);
	vec_push(&module->objects, entry);
}

static void take_objects(struct session *session, const json_t *event)
{
	const json_t *object;
	size_t i;

	if (current(session)->objects.len)
		return; /* a later cycle */
	json_array_foreach(json_object_get(event, "objects"), i, object)
		take_object(session, object);
}

static void take_errno_failure(struct session *session, const json_t *event, const char *what)
{
	scope_free char *why = describe_errno(session, event);

	vm_module_fail(current(session), session->step->stage, "%s: %s", what, why);
}

static void end_module(struct session *session)
{
	if (session->module > session->last_done)
		session->last_done = session->module;
	session->module = -1;
	session->over |= session->damaged; /* what comes next would be blamed on the wrong module */
}

static void take_end(struct session *session, const json_t *event)
{
	struct vm_module_result *module = current(session);
	scope_free char *taint = klog_taint(session->taint, num_of(event, "taint"));

	if (taint) {
		vm_module_fail(module, VM_AFTER, "the kernel became tainted: %s", taint);
		set_damaged(session);
	}
	if (module->cycles < (session->spec->cycles ? session->spec->cycles : 1))
		vm_module_fail(module, VM_AFTER, "the guest did not do all of its plan");
	module->pass = !module->why;
	end_module(session);
}

static void keep_max(unsigned *max, long long ms)
{
	if (ms > *max && ms < INT32_MAX)
		*max = ms;
}

static void take_step(struct session *session, const json_t *event)
{
	bool ok = json_is_true(json_object_get(event, "ok"));
	struct vm_module_result *module = current(session);
	long long ms = num_of(event, "ms");

	switch (session->step->verb) {
	case PLAN_BEGIN:
		str_vec_free(&session->loaded);
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
		keep_max(&module->load_ms, ms);
		if (!module->cycles)
			session->taint = num_of(event, "taint");
		if (!ok)
			take_errno_failure(session, event, "the kernel rejects it");
		break;
	case PLAN_SETTLE:
		keep_max(&module->transition_ms, ms);
		if (!ok)
			take_settle(session, event);
		break;
	case PLAN_OBJECTS:
		take_objects(session, event);
		break;
	case PLAN_DISABLE:
		keep_max(&module->disable_ms, ms);
		if (!ok)
			take_disable(session, event);
		break;
	case PLAN_REMOVE:
		keep_max(&module->unload_ms, ms);
		module->cycles += ok;
		if (!ok)
			take_errno_failure(session, event, "cannot be unloaded");
		break;
	case PLAN_DROP:
		if (!ok)
			set_damaged(session);
		break;
	case PLAN_RELEASE:
		break;
	case PLAN_END:
		take_end(session, event);
		break;
	}
}

static void take_start(struct session *session, const json_t *event)
{
	session->step = step_at(session, num_of(event, "line"));
	session->step_start_ms = vm_now_ms();
	if (session->step && session->step->verb == PLAN_BEGIN)
		session->module = session->step->module;
}

static void take_hello(struct session *session, const json_t *event)
{
	session->hello = true;
	if (!session->result->release)
		session->result->release = xstrdup(text_of(event, "release"));
}

/* A task that the kernel killed or does not let go of. */
static void take_loss(struct session *session, const json_t *event, const char *what)
{
	struct vm_module_result *module = current(session);
	const char *stack = text_of(event, "stack");

	set_damaged(session);
	if (!module)
		return;
	vm_module_fail(module, current_stage(session), "%s", what);
	if (*stack)
		vec_push(&module->blockers, xasprintf("init (worker): %s", stack));
}

static void take_event(struct session *session, const json_t *event)
{
	const char *kind = text_of(event, "event");

	if (!strcmp(kind, "log")) {
		take_log(session, event);
	} else if (!strcmp(kind, "start")) {
		take_start(session, event);
	} else if (!strcmp(kind, "step")) {
		if (session->step && session->step == step_at(session, num_of(event, "line")) &&
		    current(session))
			take_step(session, event);
		session->step = NULL;
	} else if (!strcmp(kind, "hello")) {
		take_hello(session, event);
	} else if (!strcmp(kind, "died")) {
		take_loss(session, event, "the task that was in the kernel for it was killed");
	} else if (!strcmp(kind, "stuck")) {
		take_loss(session, event, "a system call for it does not return");
	} else if (!strcmp(kind, "bye")) {
		session->over = true;
	}
}

void session_line(struct session *session, const char *line, size_t size)
{
	json_t *event = json_loadb(line, size, JSON_ALLOW_NUL, NULL);

	session->heard_ms = vm_now_ms();
	if (json_is_object(event) && !session->over)
		take_event(session, event);
	json_decref(event);
}

static bool is_logged(const struct vm_module_result *module, const char *line)
{
	vec_foreach(&module->kernel_log, it) {
		if (!strcmp(*it, line))
			return true;
	}
	return false;
}

/* Where on the console the trial of a module begins. */
static char *trial_on_console(const struct session *session, unsigned module, char *console)
{
	for (size_t i = 0; i < session->plan->steps.len; i++) {
		const struct plan_step *step = &session->plan->steps.data[i];

		if (step->verb != PLAN_BEGIN || step->module != module)
			continue;

		scope_free char *mark = xasprintf(STEP_MARK "%zu\n", i + 1);
		char *at = strstr(console, mark);

		return at ? at : console;
	}
	return console;
}

/* What the console has of the log and the events have not: a dying kernel prints, no more. */
static void add_console(struct session *session, const char *console)
{
	struct vm_module_result *module = current(session);
	scope_free char *copy = xstrdup(console);
	char *line = trial_on_console(session, session->module, copy);
	char *end = strstr(line, END_MARK); /* of its own accord; no more of interest */

	if (end)
		*end = '\0';
	while (*line) {
		size_t size = strcspn(line, "\n");
		scope_free char *text = xstrndup(line, size);
		const char *behind_time = *text == '[' ? strstr(text, "] ") : NULL;

		line += size + (line[size] == '\n');
		if (behind_time && !is_logged(module, text))
			add_log_line(session, text, behind_time + 2);
	}
}

void session_abort(struct session *session, const char *how, const char *console)
{
	struct vm_module_result *module = current(session);

	set_damaged(session);
	if (!module)
		return;
	add_console(session, console);
	vm_module_fail(module, current_stage(session), "%s", how);
	end_module(session);
}

void session_free(struct session *session)
{
	str_vec_free(&session->loaded);
	for (size_t i = 0; session->reasons && i < session->plan->steps.len; i++)
		free(session->reasons[i]);
	free(session->reasons);
}
