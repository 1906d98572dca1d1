/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Judges the kernel's log: lines that the guest forwards, and those on a dead guest's console. */
#include "vm/session_log.h"

#include <stdio.h>
#include <string.h>

#include "vm/kernel_log.h"

/* No more lines are kept, so that a guest that floods its log does not use up the memory. */
#define LOG_LINES_MAX 5000

/* Keeps the first reason of each step, since the log may be some steps ahead of the events. */
static void session_log_keep_reason(struct session *session, const char *text)
{
	size_t step = session->log.step - session->plan->steps.data;

	if (!session->log.reasons)
		session->log.reasons =
			xcalloc(session->plan->steps.len, sizeof(*session->log.reasons));
	if (!session->log.reasons[step])
		session->log.reasons[step] = xstrdup(text);
}

/* Returns whether the same check used up the memory before the patch was loaded, too. */
static bool is_starving_check(const struct session *session, const struct plan_step *step)
{
	for (size_t i = 0; i < session->plan->steps.len; i++) {
		const struct plan_step *it = &session->plan->steps.data[i];

		if (session->log.starved[i] && it->module == step->module &&
		    it->phase == VM_PHASE_BEFORE && it->check == step->check)
			return true;
	}
	return false;
}

/* Returns whether a check uses up the memory without the patch; else fails the module. */
static bool excuse_check(struct session *session, const char *text)
{
	const struct plan_step *step = session->log.step;

	if (!session->log.starved)
		session->log.starved =
			xcalloc(session->plan->steps.len, sizeof(*session->log.starved));
	session->log.starved[step - session->plan->steps.data] = true;

	bool excused = is_starving_check(session, step);

	/* A trace of where memory ran out follows, except behind the line on a killed process. */
	session->log.excused = excused && !strstr(text, "Out of memory");
	if (!excused)
		session_fail_at(
			session, session_place_of(step),
			"kernel log: %s; this happened in check %s, which did not run out of memory before the patch was loaded",
			text, step->subject);
	return excused;
}

/*
 * Notes whether a line says that the kernel was in the module's own code.  The module's name deeper
 * in a trace says less, as an interrupt may have come there.
 */
static void session_log_note_name(struct vm_module_result *module, const char *text)
{
	scope_free char *mark = xasprintf("[%s]", module->name);

	if (strstr(text, mark) && (strstr(text, "RIP: ") ||
				   kernel_log_judge(text, KERNEL_LOG_GUEST) == KERNEL_LOG_FINDING))
		module->named = true;
}

static void session_log_add_finding(struct session *session, struct vm_module_result *module,
				    const char *line, const char *text, bool weak)
{
	const struct plan_step *step = session->log.step, *before = session->log.weak_step;
	scope_free char *why = xasprintf("kernel log%s: %s",
					 step->verb == PLAN_END ? ", after its trial" : "", text);

	if (module->findings.len < LOG_LINES_MAX)
		vec_push(&module->findings, xstrdup(line));

	struct session_blame blame = session_fail_at(session, session_place_of(step), "%s", why);

	session_hurt(session, session_place_of(step));
	if (weak && !before) {
		session->log.weak = blame;
		session->log.weak_step = step;
	} else if (!weak && before && before->module == step->module &&
		   before->trial == step->trial) {
		session_fail_anew(session, session_place_of(step), session->log.weak, why);
		session->log.weak = (struct session_blame){};
	}
}

static void judge_log_line(struct session *session, struct vm_module_result *module,
			   const char *line, const char *text)
{
	const struct plan_step *step = session->log.step;
	enum kernel_log_kind kind = kernel_log_judge(text, KERNEL_LOG_GUEST);

	/* Checks may be reproducers, which crash and use up memory. */
	if (step->verb == PLAN_CHECK &&
	    (kind == KERNEL_LOG_USER || (kind == KERNEL_LOG_MEMORY && excuse_check(session, text))))
		return;
	/*
	 * In a fresh guest, no module is to blame for what the kernel says before the first load.
	 * If other modules were tried before, suspects.c finds out which of them is.
	 */
	if (step->trial == VM_TRIAL_LOAD && step->stage < VM_LOAD &&
	    step->module == session->plan->steps.data[0].module && kind != KERNEL_LOG_REASON)
		return;
	if (kind == KERNEL_LOG_REASON)
		session_log_keep_reason(session, text);
	if (kind == KERNEL_LOG_FINDING || kind == KERNEL_LOG_MEMORY)
		session_log_add_finding(session, module, line, text, false);
	else if (kind == KERNEL_LOG_USER || (kind == KERNEL_LOG_TRACE && !module->findings.len &&
					     !session->log.report && !session->log.excused))
		session_log_add_finding(session, module, line, text, true);
}

/*
 * The guest marks in the log where each step begins.  The lines that follow belong to that step,
 * also if they are read after the next module's trial has begun.
 */
void session_log_line(struct session *session, const char *line, const char *text)
{
	unsigned line_number;

	if (sscanf(text, LOG_MARK_STEP, &line_number) == 1) {
		session->log.step = session_step_at(session, line_number);
		session->log.report = session->log.excused = false;
		return;
	}
	session->log.report |= str_starts(text, LOG_MARK_REPORT);
	/* lib/show_mem.c ends the trace of the task that asked for memory. */
	session->log.excused &= !str_starts(text, "Mem-Info:");
	if (!session->log.step)
		return;

	struct vm_module_result *module = &session->result->modules.data[session->log.step->module];

	if (module->kernel_log.len < LOG_LINES_MAX) /* further lines are judged, but not kept */
		vec_push(&module->kernel_log, xstrdup(line));
	session_log_note_name(module, text);
	judge_log_line(session, module, line, text);
}

/*
 * The lost records may contain marks of steps.  So two modules fail: the one under trial according
 * to the events, and the one that the log is at.
 */
void session_log_lost(struct session *session, long long records)
{
	const struct plan_step *at[] = {session->log.step, session->at.step};

	for (size_t i = 0; i < array_size(at); i++) {
		if (at[i])
			session_fail_at(
				session, session_place_of(at[i]),
				"the kernel wrote to its log faster than the guest could read: %lld records are lost, so the result is not reliable",
				records);
	}
}

/* Returns where on the console the trial of a module begins. */
static char *trial_on_console(const struct session *session, unsigned module, char *console)
{
	for (size_t i = 0; i < session->plan->steps.len; i++) {
		const struct plan_step *step = &session->plan->steps.data[i];

		if (step->verb != PLAN_BEGIN || step->module != module)
			continue;

		scope_free char *mark = xasprintf(LOG_MARK_STEP "\n", (unsigned)i + 1);
		char *at = strstr(console, mark);

		return at ? at : console;
	}
	return console;
}

/* A dying kernel prints, but runs no process, so only the console has its last lines. */
void session_log_console(struct session *session, const char *console)
{
	struct vm_module_result *module = session_module(session);
	scope_free char *copy = xstrdup(console);
	char *line = trial_on_console(session, session->at.module, copy);
	/* Nothing of interest follows this mark, behind which the guest shuts down. */
	char *end = strstr(line, LOG_MARK_END "\n");

	if (end)
		*end = '\0';
	while (*line) {
		size_t size = strcspn(line, "\n");
		scope_free char *text = xstrndup(line, size);
		const char *behind_time = *text == '[' ? strstr(text, "] ") : NULL;

		line += size + (line[size] == '\n');
		if (behind_time && !str_vec_has(&module->kernel_log, text))
			session_log_line(session, text, behind_time + 2);
	}
}
