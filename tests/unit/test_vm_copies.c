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

UNIT_SUITE("vm_copies", a_waiter_that_is_lost_fails, nobody_asleep_in_new_code_skips,
	   copies_of_a_patch, an_older_state_need_not_come_back)
