/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A made-up guest that answers the steps of one module's plan. */
#ifndef SUTURE_TEST_VM_TRIAL_H
#define SUTURE_TEST_VM_TRIAL_H

#include "base/strbuf.h"
#include "unit.h"
#include "vm/plan_module.h"
#include "vm/result.h"
#include "vm/session_events.h"

static const struct str_vec nothing;

/* A session at the beginning of the plan of one module. */
struct trial {
	struct vm_spec spec;
	struct vm_result *result;
	struct vm_plan plan;
	struct session session;
};

static void begin(struct trial *trial, unsigned trials, const struct plan_patch *patch)
{
	static const char *const patches[] = {"one.ko", NULL};

	trial->spec.patches = patches;
	trial->spec.trials = trials;
	trial->result = vm_result_new(&trial->spec);
	trial->plan = (struct vm_plan)PLAN_INIT;
	plan_add_module(&trial->plan, &trial->spec, 0, patch);
	trial->session = session_new(trial->result, &trial->spec, &trial->plan);
}

static void end(struct trial *trial)
{
	session_free(&trial->session);
	plan_free(&trial->plan);
	vm_result_free(trial->result);
}

static const struct plan_patch plain = {.name = "one", .needed = &nothing};

static void say(struct trial *trial, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
static void say(struct trial *trial, const char *fmt, ...)
{
	scope_strbuf line = STRBUF_INIT;
	va_list ap;

	va_start(ap, fmt);
	strbuf_vaddf(&line, fmt, ap);
	va_end(ap);
	session_line(&trial->session, line.buf, line.len);
}

/* Answers well to all steps up to the nth one (from 0) of a verb; returns that step's line. */
static unsigned go_to(struct trial *trial, enum plan_verb verb, unsigned nth)
{
	unsigned line = trial->session.at.next_line ? trial->session.at.next_line : 1;

	for (;; line++) {
		const struct plan_step *step = &trial->plan.steps.data[line - 1];

		ck_assert_uint_le(line, trial->plan.steps.len);
		say(trial, "{\"event\":\"start\",\"line\":%u,\"at\":%u}", line, 1000 * line);
		if (step->verb == verb && !nth--)
			return line;
		say(trial, "{\"event\":\"step\",\"line\":%u,\"ok\":true,\"ms\":1,\"taint\":0}",
		    line);
	}
}

/* Answers the step that go_to() has reached. */
#define answer(trial, line, ok, fields)                                                            \
	say(trial, "{\"event\":\"step\",\"line\":%u,\"ok\":%s,\"ms\":1,\"taint\":0%s}", line, ok,  \
	    fields)

static inline void finish(struct trial *trial)
{
	unsigned line = go_to(trial, PLAN_END, 0);

	answer(trial, line, "true", "");
}

static inline const struct vm_trial_result *find(const struct trial *trial, enum vm_trial which)
{
	vec_foreach(&trial->result->modules.data[0].trials, it) {
		if (it->trial == which)
			return it;
	}
	ck_abort_msg("no result of %s", vm_trial_name(which));
}

#endif
