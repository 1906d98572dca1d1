/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Trials with tasks that sleep or wait, with copies of a patch, and with an older one. */
#include "unit.h"
#include "vm_trial.h"

START_TEST(a_waiter_that_is_lost_fails)
{
	struct trial trial = {};

	begin(&trial, VM_TRIAL_BIT(VM_TRIAL_WAITERS), &plain);
	answer(&trial, go_to(&trial, PLAN_WAKE, 1), "false", ",\"lost\":\"futex\"");
	finish(&trial);
	ck_assert_str_eq(trial.result->modules.data[0].why,
			 "a waiting task is no longer woken: futex");
	ck_assert_int_eq(trial.result->modules.data[0].failed_at, VM_DISABLE);
	ck_assert_int_eq(find(&trial, VM_TRIAL_WAITERS)->outcome, VM_FAIL);
	end(&trial);
}
END_TEST

START_TEST(nobody_asleep_in_new_code_skips)
{
	struct trial trial = {};

	begin(&trial, VM_TRIAL_BIT(VM_TRIAL_ASLEEP), &plain);
	answer(&trial, go_to(&trial, PLAN_SLEPT, 0), "false", "");
	finish(&trial);
	ck_assert_int_eq(find(&trial, VM_TRIAL_ASLEEP)->outcome, VM_SKIP);
	ck_assert(trial.result->modules.data[0].pass);
	end(&trial);
}
END_TEST

/* If the kernel refuses a copy, that says nothing about the patch; if one stays loaded, it does. */
START_TEST(copies_of_a_patch)
{
	struct trial refused = {}, stays = {};

	begin(&refused, VM_TRIAL_BIT(VM_TRIAL_STACK), &plain);
	answer(&refused, go_to(&refused, PLAN_COPY, 14), "false", ",\"errno\":12");
	finish(&refused);
	ck_assert(refused.result->modules.data[0].pass);
	ck_assert_int_eq(find(&refused, VM_TRIAL_STACK)->outcome, VM_SKIP);
	end(&refused);

	begin(&stays, VM_TRIAL_BIT(VM_TRIAL_STACK), &plain);
	answer(&stays, go_to(&stays, PLAN_DROP, 0), "false", "");
	finish(&stays);
	ck_assert_str_eq(stays.result->modules.data[0].why,
			 "a copy of the patch cannot be unloaded");
	ck_assert_int_eq(find(&stays, VM_TRIAL_STACK)->outcome, VM_FAIL);
	end(&stays);
}
END_TEST

/* A patch that raises the version of a klp_state cannot be replaced by the previous one. */
START_TEST(an_older_state_need_not_come_back)
{
	static const char *const says[] = {
		"livepatch: Livepatch patch (old) is not compatible with the already installed "
		"livepatches.",
		"livepatch: symbol 'f' not found in symbol table",
	};
	const struct plan_patch patch = {.name = "one", .needed = &nothing, .over_name = "old"};

	for (size_t i = 0; i < array_size(says); i++) {
		struct trial trial = {};

		begin(&trial, VM_TRIAL_BIT(VM_TRIAL_REPLACE), &patch);

		/*
		 * The plan is: the first load, the old patch, the new one over it, the old one
		 * again.
		 */
		unsigned line = go_to(&trial, PLAN_INSERT, 3);

		say(&trial, "{\"event\":\"log\",\"us\":1,\"text\":\"suture: step %u\"}", line);
		say(&trial, "{\"event\":\"log\",\"us\":2,\"text\":\"%s\"}", says[i]);
		answer(&trial, line, "false", ",\"errno\":22");
		finish(&trial);
		ck_assert_int_eq(trial.result->modules.data[0].pass, !i);
		ck_assert_int_eq(find(&trial, VM_TRIAL_REPLACE)->outcome, i ? VM_FAIL : VM_PASS);
		end(&trial);
	}
}
END_TEST

/* The first line of a trace fails a trial, until the log has a line that says more. */
START_TEST(a_better_line_of_the_log_replaces_the_reason)
{
	static const struct {
		const char *before; /* what failed the module earlier, or NULL */
		const char *why;
	} cases[] = {
		{NULL, "kernel log: BUG: unable to handle page fault"},
		{"kernel log: Call Trace:", "kernel log: Call Trace:"},
	};

	for (size_t i = 0; i < array_size(cases); i++) {
		struct trial trial = {};

		begin(&trial, VM_TRIAL_BIT(VM_TRIAL_HAMMER), &plain);

		unsigned line = go_to(&trial, PLAN_INSERT, 1);
		struct vm_module_result *module = &trial.result->modules.data[0];

		if (cases[i].before)
			session_fail_at(&trial.session, (struct session_place){}, "%s",
					cases[i].before);
		say(&trial, "{\"event\":\"log\",\"us\":1,\"text\":\"suture: step %u\"}", line);
		say(&trial, "{\"event\":\"log\",\"us\":2,\"text\":\"Call Trace:\"}");
		ck_assert_str_eq(module->why, "kernel log: Call Trace:");
		say(&trial, "{\"event\":\"log\",\"us\":3,\"text\":\"%s\"}",
		    "BUG: unable to handle page fault");
		ck_assert_str_eq(module->why, cases[i].why);
		ck_assert_str_eq(find(&trial, VM_TRIAL_HAMMER)->why,
				 "kernel log: BUG: unable to handle page fault");
		say(&trial, "{\"event\":\"log\",\"us\":4,\"text\":\"%s\"}",
		    "BUG: workqueue lockup");
		ck_assert_str_eq(find(&trial, VM_TRIAL_HAMMER)->why,
				 "kernel log: BUG: unable to handle page fault");
		end(&trial);
	}
}
END_TEST

UNIT_SUITE("vm_copies", a_waiter_that_is_lost_fails, nobody_asleep_in_new_code_skips,
	   copies_of_a_patch, an_older_state_need_not_come_back,
	   a_better_line_of_the_log_replaces_the_reason)
