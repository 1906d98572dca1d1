/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a guest says about the trials, and what is written down of it. */
#include "base/alloc.h"
#include "base/file.h"
#include "base/strbuf.h"
#include "base/tempdir.h"
#include "unit.h"
#include "vm_trial.h"
#include "vm/attest.h"
#include "vm/plan.h"
#include "vm/result.h"
#include "vm/session_events.h"

START_TEST(trials_have_names)
{
	for (unsigned i = 0; i < VM_TRIAL_COUNT; i++)
		for (unsigned j = 0; j < i; j++)
			ck_assert_str_ne(vm_trial_name(i), vm_trial_name(j));
	ck_assert(vm_trials_default() & VM_TRIAL_BIT(VM_TRIAL_LOAD));
	ck_assert_uint_eq(vm_trials_default() & ~vm_trials_all(), 0);
}
END_TEST

START_TEST(jumps_stay_in_the_plan)
{
	struct trial trial = {};
	const struct plan_patch patch = {
		.name = "one", .needed = &nothing, .over_name = "old", .reloadable = true};

	begin(&trial, vm_trials_all(), &patch);
	for (size_t i = 0; i < trial.plan.steps.len; i++) {
		const struct plan_step *step = &trial.plan.steps.data[i];

		ck_assert(!step->next || step->next > i + 1);
		ck_assert_uint_le(step->next, trial.plan.steps.len);
	}
	end(&trial);
}
END_TEST

START_TEST(all_trials_pass)
{
	struct trial trial = {};
	const struct plan_patch patch = {
		.name = "one", .needed = &nothing, .over_name = "old", .reloadable = true};

	begin(&trial, vm_trials_all(), &patch);
	finish(&trial);

	const struct vm_module_result *module = &trial.result->modules.data[0];

	ck_assert_msg(module->pass, "%s", module->why);
	ck_assert_uint_eq(module->trials.len, VM_TRIAL_COUNT);
	vec_foreach(&module->trials, it) {
		ck_assert(it->outcome != VM_FAIL);
		ck_assert(it->trial == VM_TRIAL_COVERAGE || it->ms > 0);
	}
	end(&trial);
}
END_TEST

START_TEST(a_skipped_line_is_no_pass)
{
	struct trial trial = {};

	begin(&trial, VM_TRIAL_BIT(VM_TRIAL_HAMMER), &plain);

	unsigned line = go_to(&trial, PLAN_LEAK, 0);

	answer(&trial, line, "true", "");
	trial.session.at.next_line += 3; /* the guest skips steps */
	say(&trial, "{\"event\":\"start\",\"line\":%u}", line + 2);
	answer(&trial, line + 2, "true", "");
	finish(&trial);
	ck_assert(!trial.result->modules.data[0].pass);
	ck_assert_str_eq(trial.result->modules.data[0].why, "the guest did not complete its plan");
	end(&trial);
}
END_TEST

static const char functions[] =
	",\"functions\":[{\"object\":\"vmlinux\",\"name\":\"f\",\"hits\":7,\"by\":\"pipes\"},"
	"{\"object\":\"dummy\",\"name\":\"g\",\"hits\":0,\"errno\":2},"
	"{\"object\":\"vmlinux\",\"name\":\"h\",\"hits\":-5}]";

START_TEST(coverage_is_told_by_name)
{
	struct trial trial = {};

	begin(&trial, VM_TRIAL_BIT(VM_TRIAL_COVERAGE), &plain);
	answer(&trial, go_to(&trial, PLAN_COVER, 0), "true", functions);
	finish(&trial);

	const struct vm_module_result *module = &trial.result->modules.data[0];

	ck_assert(module->pass);
	ck_assert(module->counted);
	ck_assert_uint_eq(module->functions.len, 3);
	ck_assert_str_eq(module->functions.data[0].by, "pipes");
	ck_assert_uint_eq(module->functions.data[0].hits, 7);
	ck_assert_uint_eq(module->functions.data[1].hits, 0);
	ck_assert_ptr_nonnull(module->functions.data[1].why);
	ck_assert_uint_eq(module->functions.data[2].hits, 0);
	end(&trial);
}
END_TEST

static const char late_functions[] =
	",\"functions\":[{\"object\":\"vmlinux\",\"name\":\"f\",\"hits\":3},"
	"{\"object\":\"dummy\",\"name\":\"g\",\"hits\":2}]";

START_TEST(coverage_counts_what_a_late_module_calls)
{
	struct trial trial = {.spec.require_coverage = true};
	const struct plan_patch patch = {.name = "one", .needed = &nothing, .reloadable = true};

	begin(&trial, VM_TRIAL_BIT(VM_TRIAL_COVERAGE) | VM_TRIAL_BIT(VM_TRIAL_LATE), &patch);
	answer(&trial, go_to(&trial, PLAN_COVER, 0), "true", functions);
	answer(&trial, go_to(&trial, PLAN_COVER, 0), "true", late_functions);
	finish(&trial);

	const struct vm_module_result *module = &trial.result->modules.data[0];

	ck_assert_uint_eq(module->functions.len, 3);
	ck_assert_uint_eq(module->functions.data[0].hits, 10);
	ck_assert_str_eq(module->functions.data[0].by, "pipes");
	ck_assert_uint_eq(module->functions.data[1].hits, 2);
	ck_assert_str_eq(module->functions.data[1].by, "loading dummy");
	ck_assert_str_eq(module->why, "patched functions never ran: h");
	end(&trial);
}
END_TEST

static unsigned limit_of(const struct vm_plan *plan, enum plan_verb verb)
{
	vec_foreach(&plan->steps, it)
		if (it->verb == verb)
			return it->limit_ms;
	return 0;
}

/* A patch of hundreds of functions takes minutes, which is no hang; a small one does not. */
START_TEST(limits_follow_what_there_is_to_do)
{
	static const enum plan_verb verbs[] = {PLAN_INSERT,  PLAN_SETTLE, PLAN_DISABLE, PLAN_DROP,
					       PLAN_OBJECTS, PLAN_PROBE,  PLAN_COVER};
	const struct plan_patch large = {
		.name = "one", .needed = &nothing, .extra_ms = plan_extra_ms(500, 3, 2373)};
	struct trial small_trial = {}, large_trial = {}, given = {.spec.transition_ms = 1000};

	ck_assert_uint_eq(plan_extra_ms(1, 1, 10), 0);
	ck_assert_uint_eq(plan_extra_ms(20, 4, 50), 0);
	ck_assert_uint_gt(plan_extra_ms(500, 1, 0), 500 * 700);
	ck_assert_uint_gt(plan_extra_ms(500, 1, 2373), 500 * 700 + 2373 * 150);
	ck_assert_uint_eq(plan_extra_ms(SIZE_MAX / 4, 0, 0), 3600000);
	begin(&small_trial, VM_TRIAL_BIT(VM_TRIAL_COVERAGE), &plain);
	begin(&large_trial, VM_TRIAL_BIT(VM_TRIAL_COVERAGE), &large);
	for (size_t i = 0; i < array_size(verbs); i++)
		ck_assert_uint_eq(limit_of(&large_trial.plan, verbs[i]),
				  limit_of(&small_trial.plan, verbs[i]) + large.extra_ms);
	/* What the user asks for stays. */
	begin(&given, 0, &large);
	ck_assert_uint_eq(limit_of(&given.plan, PLAN_SETTLE), 1000);
	end(&small_trial);
	end(&large_trial);
	end(&given);
}
END_TEST

START_TEST(a_target_that_cannot_go_any_more_fails)
{
	static const struct {
		const char *idle, *busy;
		enum vm_outcome outcome;
	} cases[] = {
		{"true", ",\"busy\":\"dummy\",\"references\":2", VM_FAIL},
		{"true", ",\"busy\":\"dummy\",\"references\":0",
		 VM_SKIP}, /* this holds for modules only */
		{"true", ",\"busy\":\"dummy\",\"references\":-1", VM_SKIP},
		{"false", ",\"busy\":\"dummy\",\"references\":2", VM_SKIP},
	};
	const struct plan_patch patch = {.name = "one", .needed = &nothing, .reloadable = true};

	for (size_t i = 0; i < array_size(cases); i++) {
		struct trial trial = {};

		begin(&trial, VM_TRIAL_BIT(VM_TRIAL_RELOAD), &patch);
		answer(&trial, go_to(&trial, PLAN_IDLE, 0), cases[i].idle, "");
		answer(&trial, go_to(&trial, PLAN_UNNEED, 0), "false", cases[i].busy);
		finish(&trial);
		ck_assert_int_eq(find(&trial, VM_TRIAL_RELOAD)->outcome, cases[i].outcome);
		ck_assert_int_eq(trial.result->modules.data[0].pass, cases[i].outcome == VM_SKIP);
		end(&trial);
	}
}
END_TEST

/* A module that cannot be loaded without the patch says nothing about the patch. */
START_TEST(modules_that_come_after_a_large_patch_are_judged)
{
	static const struct {
		const char *before, *after;
		bool pass;
	} cases[] = {{"true", "true", true}, {"true", "false", false}, {"false", "false", true}};
	char *names[] = {"early", "late"};
	const struct str_vec needed = {names, array_size(names), array_size(names)};
	const struct plan_patch patch = {
		.name = "one", .needed = &needed, .reloadable = true, .large = true, .early = 1};

	for (size_t i = 0; i < array_size(cases); i++) {
		struct trial trial = {};
		unsigned line;

		begin(&trial, VM_TRIAL_BIT(VM_TRIAL_LOAD), &patch);
		answer(&trial, go_to(&trial, PLAN_NEED, 1), cases[i].before, ",\"errno\":19");
		line = go_to(&trial, PLAN_SHED, 0);
		ck_assert_str_eq(trial.plan.steps.data[line - 1].args, " 1");
		ck_assert_int_eq(trial.plan.steps.data[line].verb, PLAN_INSERT);
		answer(&trial, line, "true", "");
		answer(&trial, go_to(&trial, PLAN_NEED, 1), cases[i].after, ",\"errno\":19");
		finish(&trial);
		ck_assert_int_eq(trial.result->modules.data[0].pass, cases[i].pass);
		end(&trial);
	}
}
END_TEST

START_TEST(coverage_can_be_required)
{
	struct trial trial = {.spec.require_coverage = true};

	begin(&trial, VM_TRIAL_BIT(VM_TRIAL_COVERAGE), &plain);
	answer(&trial, go_to(&trial, PLAN_COVER, 0), "true", functions);
	finish(&trial);
	ck_assert_str_eq(trial.result->modules.data[0].why, "patched functions never ran: g, h");
	ck_assert_int_eq(find(&trial, VM_TRIAL_COVERAGE)->outcome, VM_FAIL);
	ck_assert_int_eq(find(&trial, VM_TRIAL_LOAD)->outcome, VM_PASS);
	end(&trial);

	begin(&trial, VM_TRIAL_BIT(VM_TRIAL_COVERAGE), &plain);
	answer(&trial, go_to(&trial, PLAN_PROBE, 0), "false", ",\"why\":\"no kprobes\"");
	finish(&trial);
	ck_assert(!trial.result->modules.data[0].pass);
	end(&trial);
}
END_TEST

START_TEST(a_leak_is_told_from_the_kernels_own)
{
	static const struct {
		const char *fields;
		bool leak;
	} cases[] = {
#define ROUND(kb, calls) "{\"kb\":" #kb ",\"calls\":" #calls "}"
#define PATCHED ",\"patched\":[" ROUND(900, 20) "," ROUND(800, 10) "," ROUND(900, 20) "]"
#define FEW                                                                                        \
	",\"patched\":[" ROUND(4, 20) "," ROUND(0, 10) "," ROUND(8, 20) "],\"control\":[" ROUND(   \
		4, 20) "," ROUND(0, 10) "," ROUND(8, 20) "]"
#define SLAB(patched, control)                                                                     \
	"{\"name\":\"kmalloc-64\",\"patched\":" #patched ",\"control\":" #control "}"
		{PATCHED ",\"control\":[" ROUND(0, 20) "," ROUND(8, 10) "," ROUND(
			 -4, 20) "]"
				 ",\"by\":\"pipes\"",
		 true},
		{PATCHED ",\"control\":[" ROUND(700, 20) "," ROUND(900, 10) "]", false},
		/* The control is slow, but loses as much for each call. */
		{PATCHED ",\"control\":[" ROUND(20, 1) "," ROUND(20, 1) "]", false},
		{PATCHED ",\"control\":[" ROUND(5, 1) "," ROUND(5, 1) "]", true},
		{",\"patched\":[" ROUND(900, 9) "," ROUND(8, 9) "," ROUND(900,
									  9) "],\"control\":[]",
		 false},
		{",\"patched\":[" ROUND(900, 9) "," ROUND(800, 9) "],\"control\":[]", false},
		/* Objects of a cache are lost, though memory hardly shrinks. */
		{FEW ",\"slabs\":[" SLAB(60, 2) "]", true},
		{FEW ",\"slabs\":[" SLAB(60, 58) "]", false},
		{FEW ",\"slabs\":[" SLAB(40, 0) "]", false}, /* there are too few */
		{FEW ",\"slabs\":[]", false},
		/* There is too little work for a verdict. */
		{",\"patched\":[" ROUND(900, 2) "," ROUND(800, 2) "," ROUND(
			 900, 2) "],"
				 "\"control\":[" ROUND(0, 2) "," ROUND(0, 2) "," ROUND(0, 2) "]",
		 false},
		{PATCHED, false},
		{",\"patched\":[7,8,9],\"control\":[1]", false},
		{",\"patched\":7,\"control\":\"x\"", false},
		{"", false},
	};

	for (size_t i = 0; i < array_size(cases); i++) {
		struct trial trial = {};

		begin(&trial, VM_TRIAL_BIT(VM_TRIAL_HAMMER), &plain);
		answer(&trial, go_to(&trial, PLAN_LEAK, 1), "true", cases[i].fields);
		finish(&trial);
		ck_assert_int_eq(trial.result->modules.data[0].pass, !cases[i].leak);
		ck_assert_int_eq(trial.session.at.over,
				 cases[i].leak); /* the rest of the plan needs another guest then */
		if (cases[i].leak)
			ck_assert(str_starts(trial.result->modules.data[0].why,
					     strstr(cases[i].fields, "slabs")
						     ? "memory leak: 60 objects of kmalloc-64 were "
						       "lost in 50 calls"
						     : "memory leak: 2600 KB were lost in 50 "
						       "calls"));
		end(&trial);
	}
}
END_TEST

START_TEST(loads_that_leak)
{
	static const struct {
		const char *fields;
		unsigned cycles;
		bool leak;
	} cases[] = {
#define LEVELS(a, b) ",\"levels\":[{\"kb\":" #a "},{\"kb\":" #b "}]"
		{LEVELS(4096, 4100), 3, true},
		{LEVELS(-96, 1028), 3, false},
		{LEVELS(0, 0) ",\"slabs\":[" SLAB(60, 0) "]", 25, true},
		{LEVELS(0, 0) ",\"slabs\":[" SLAB(60, 0) "]", 3, false},
		{LEVELS(0, 0) ",\"slabs\":7", 25, false},
		{",\"levels\":7", 3, false},
		{"", 3, false},
	};

	for (size_t i = 0; i < array_size(cases); i++) {
		struct trial trial = {.spec.cycles = cases[i].cycles};

		begin(&trial, VM_TRIAL_BIT(VM_TRIAL_CYCLES), &plain);
		answer(&trial, go_to(&trial, PLAN_LEVEL, 2), "true", cases[i].fields);
		finish(&trial);
		ck_assert_int_eq(trial.result->modules.data[0].pass, !cases[i].leak);
		ck_assert_int_eq(find(&trial, VM_TRIAL_CYCLES)->outcome,
				 cases[i].leak ? VM_FAIL : VM_PASS);
		end(&trial);
	}
}
END_TEST

START_TEST(lost_lines_of_the_log_are_no_pass)
{
	struct trial trial = {};
	unsigned line;

	begin(&trial, VM_TRIAL_BIT(VM_TRIAL_HAMMER), &plain);
	line = go_to(&trial, PLAN_LEAK, 0);
	say(&trial, "{\"event\":\"lost\",\"records\":17}");
	answer(&trial, line, "true", "");
	finish(&trial);
	ck_assert(!trial.result->modules.data[0].pass);
	ck_assert_ptr_nonnull(strstr(trial.result->modules.data[0].why, "17 records are lost"));
	end(&trial);
}
END_TEST

START_TEST(a_hang_ends_the_module)
{
	struct trial trial = {};

	begin(&trial, VM_TRIAL_BIT(VM_TRIAL_COVERAGE) | VM_TRIAL_BIT(VM_TRIAL_CYCLES), &plain);
	answer(&trial, go_to(&trial, PLAN_EXERCISE, 1), "false",
	       ",\"hangs\":\"pipes\",\"stack\":\"[<0>] pipe_read+0x1/0x2\\n[<0>] x+0x1\"");
	go_to(&trial, PLAN_TRIAL, 0);
	ck_assert(trial.session.at.over);
	ck_assert_str_eq(
		trial.result->modules.data[0].why,
		"a process hangs in the kernel and cannot be killed: pipes, in pipe_read+0x1/0x2");
	ck_assert_uint_eq(trial.result->modules.data[0].blockers.len, 1);
	end(&trial);
}
END_TEST

START_TEST(a_stalled_transition_is_reversed)
{
	struct trial trial = {};

	begin(&trial, VM_TRIAL_BIT(VM_TRIAL_SLEEPER), &plain);
	answer(&trial, go_to(&trial, PLAN_STALL, 0), "true",
	       ",\"blockers\":[{\"name\":\"sleeper\",\"tid\":9,\"stack\":\"f\"}]");
	finish(&trial);
	ck_assert(trial.result->modules.data[0].pass);
	ck_assert_int_eq(find(&trial, VM_TRIAL_SLEEPER)->outcome, VM_PASS);
	ck_assert_str_eq(trial.result->modules.data[0].blockers.data[0], "sleeper (9): f");
	end(&trial);

	begin(&trial, VM_TRIAL_BIT(VM_TRIAL_SLEEPER), &plain);
	answer(&trial, go_to(&trial, PLAN_STALL, 0), "false", "");
	finish(&trial);
	ck_assert(trial.result->modules.data[0].pass);
	ck_assert_int_eq(find(&trial, VM_TRIAL_SLEEPER)->outcome, VM_SKIP);
	end(&trial);

	begin(&trial, VM_TRIAL_BIT(VM_TRIAL_SLEEPER), &plain);
	answer(&trial, go_to(&trial, PLAN_STALL, 0), "true", "");
	answer(&trial, go_to(&trial, PLAN_REVERSE, 0), "false", "");
	finish(&trial);
	ck_assert_int_eq(find(&trial, VM_TRIAL_SLEEPER)->outcome, VM_FAIL);
	end(&trial);
}
END_TEST

/* The file is "abc", a signature of 5 bytes, the record behind it, and the mark. */
#define SIGNED "abc12345\0\0\0\0\0\0\0\0\0\0\0\5~Module signature appended~\n"

START_TEST(attestations_come_back)
{
	scope_dir_temp dir = NULL;
	scope_vm_attest attest = NULL;
	scope_vm_attest again = NULL;

	ck_assert_ok(dir_temp(dir_for_temp(), "suture-test", &dir));

	scope_free char *ko = xasprintf("%s/one.ko", dir);
	struct trial trial = {};
	struct vm_module_result *module;

	ck_assert_ok(vm_attest_read(ko, &attest));
	ck_assert_ptr_null(attest);
	begin(&trial, VM_TRIAL_BIT(VM_TRIAL_COVERAGE) | VM_TRIAL_BIT(VM_TRIAL_SLEEPER), &plain);
	say(&trial, "{\"event\":\"hello\",\"release\":\"6.1.0\",\"build_id\":\"abcd\"}");
	answer(&trial, go_to(&trial, PLAN_COVER, 0), "true", functions);
	answer(&trial, go_to(&trial, PLAN_STALL, 0), "false", "");
	finish(&trial);
	module = &trial.result->modules.data[0];
	free(module->path);
	module->path = xstrdup(ko);
	ck_assert_fails(vm_attest_write(trial.result, module), "nothing to attest");
	ck_assert_ok(file_write(ko, "abc", 3));
	ck_assert_ok(vm_sha256((struct bytes){(const uint8_t *)"abc", 3}, &module->sha256));
	ck_assert_str_eq(module->sha256,
			 "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
	ck_assert_ok(vm_attest_write(trial.result, module));
	ck_assert_ok(vm_attest_read(ko, &attest));
	ck_assert(attest->pass);
	ck_assert(!attest->exercised); /* the guest said nothing of a patched object */
	ck_assert(attest->current);
	ck_assert_str_eq(attest->kernel, "6.1.0");
	ck_assert_str_eq(attest->build_id, "abcd");
	ck_assert_uint_eq(attest->trials.len, 3);
	ck_assert_str_eq(attest->trials.data[2].result, "skip");
	ck_assert_uint_eq(attest->covered.len, 1);
	ck_assert_str_eq(attest->covered.data[0], "vmlinux:f");
	ck_assert_uint_eq(attest->uncovered.len, 2);
	vm_attest_freep(&attest);

	vec_push(&module->objects, (struct vm_object_result){xstrdup("dummy"), false});
	ck_assert(!vm_was_exercised(module));
	vec_push(&module->objects, (struct vm_object_result){xstrdup("vmlinux"), true});
	vec_push(&module->checks, (struct vm_check_result){.name = xstrdup("odd\033"),
							   .phase = VM_PHASE_PATCHED,
							   .ok = true,
							   .status = 3,
							   .output = xstrdup("")});
	ck_assert_ok(vm_attest_write(trial.result, module));
	ck_assert_ok(vm_attest_read(ko, &attest));
	ck_assert(attest->exercised);
	ck_assert_uint_eq(attest->checks.len, 1);
	ck_assert_str_eq(attest->checks.data[0].name, "odd\\x1b");
	ck_assert_str_eq(attest->checks.data[0].phase, "patched");
	ck_assert(attest->checks.data[0].ok);
	ck_assert_int_eq(attest->checks.data[0].status, 3);
	vm_attest_freep(&attest);
	ck_assert_ok(file_write(ko, SIGNED, sizeof(SIGNED) - 1));
	ck_assert_ok(vm_attest_read(ko, &attest));
	ck_assert(attest->current);
	ck_assert_ok(file_write(ko, "abd", 3));
	ck_assert_ok(vm_attest_read(ko, &again));
	ck_assert(!again->current);
	end(&trial);
}
END_TEST

START_TEST(what_is_no_attestation_is_refused)
{
	static const char *const texts[] = {
		"",
		"{",
		"[]",
		"7",
		"{\"schema\":\"suture.attest/1\"}",
		"{\"schema\":\"suture.attest/2\",\"result\":\"pass\"}",
		"{\"schema\":\"suture.attest/1\",\"module\":\"m\",\"sha256\":\"\",\"kernel\":\"\","
		"\"build_id\":\"\",\"suture\":\"\",\"time\":\"\",\"result\":\"maybe\"}",
		"{\"schema\":\"suture.attest/1\",\"module\":\"m\",\"sha256\":\"\",\"kernel\":\"\","
		"\"build_id\":\"\",\"suture\":\"\",\"time\":\"\",\"result\":\"pass\","
		"\"trials\":[7]}",
	};

	for (size_t i = 0; i < array_size(texts); i++) {
		scope_vm_attest attest = NULL;

		ck_assert_fails(vm_attest_parse("a.json", texts[i], strlen(texts[i]), &attest),
				"a.json");
	}
}
END_TEST

START_TEST(attestations_lie_beside_modules)
{
	static const struct {
		const char *module, *attest;
	} cases[] = {{"/a/x.ko", "/a/x.attest.json"},
		     {"x.ko.xz", "x.attest.json"},
		     {"x.kofix.ko", "x.kofix.attest.json"},
		     {"x.ko/y", "x.ko/y.attest.json"},
		     {"/a.ko/x", "/a.ko/x.attest.json"}};

	for (size_t i = 0; i < array_size(cases); i++) {
		scope_free char *path = vm_attest_path(cases[i].module);

		ck_assert_str_eq(path, cases[i].attest);
	}
}
END_TEST

UNIT_SUITE("vm_trials", trials_have_names, jumps_stay_in_the_plan, all_trials_pass,
	   a_skipped_line_is_no_pass, coverage_is_told_by_name, coverage_can_be_required,
	   coverage_counts_what_a_late_module_calls, a_target_that_cannot_go_any_more_fails,
	   modules_that_come_after_a_large_patch_are_judged, limits_follow_what_there_is_to_do,
	   a_leak_is_told_from_the_kernels_own, loads_that_leak, lost_lines_of_the_log_are_no_pass,
	   a_hang_ends_the_module, a_stalled_transition_is_reversed, attestations_come_back,
	   what_is_no_attestation_is_refused, attestations_lie_beside_modules)
