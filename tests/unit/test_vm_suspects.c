/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Damage that one module does in the time of another: who is tried again, and who fails for it. */
#include "unit.h"
#include "vm_script.h"

#define WARNING "{\"event\":\"log\",\"us\":1500000,\"text\":\"WARNING: CPU: 0 at late\"}\n"
#define EXERCISE 9 /* the line of a module that is tried alone, before its last line */

static void begin(struct strbuf *out)
{
	strbuf_reset(out);
	strbuf_addstr(out, HELLO);
}

static void save(unsigned boot, const struct strbuf *out)
{
	scope_free char *name = xasprintf("events.%u", boot);

	put(name, out->buf);
}

/* Saves a boot of one good module, alone, that says something at its end. */
static void save_alone(unsigned boot, const char *last_words)
{
	scope_strbuf out = STRBUF_INIT;

	begin(&out);
	for (unsigned line = 1; line < EXERCISE; line++)
		add_step(&out, line, "\"taint\":0");
	add_step(&out, EXERCISE, "\"x\":0");
	strbuf_addf(&out, "{\"event\":\"start\",\"line\":%u}\n", EXERCISE + 1);
	strbuf_addf(&out, "{\"event\":\"log\",\"us\":1,\"text\":\"suture: step %u\"}\n",
		    EXERCISE + 1);
	strbuf_addf(&out,
		    "%s{\"event\":\"step\",\"line\":%u,\"ok\":true,\"ms\":1,\"taint\":0}\n" BYE,
		    last_words, EXERCISE + 1);
	save(boot, &out);
}

/*
 * Saves a boot in which the first module is good, and the kernel complains after `steps` of the
 * second.
 */
static void save_doubt(unsigned boot, unsigned steps, const char *words)
{
	scope_strbuf out = STRBUF_INIT;

	begin(&out);
	add_good(&out, 0);
	for (unsigned line = 1; line <= steps; line++)
		add_step(&out, LINES_PER_MODULE + line, "\"taint\":0");
	strbuf_addstr(&out, words);
	for (unsigned line = steps + 1; line <= LINES_PER_MODULE; line++)
		add_step(&out, LINES_PER_MODULE + line, "\"taint\":0");
	add_good(&out, 2);
	save(boot, &out);
}

static void save_good(unsigned boot, unsigned modules)
{
	scope_strbuf out = STRBUF_INIT;

	begin(&out);
	for (unsigned i = 0; i < modules; i++)
		add_good(&out, i);
	strbuf_addstr(&out, BYE);
	save(boot, &out);
}

static const struct vm_module_result *run_three(struct vm_result **result, unsigned boots)
{
	ck_assert_ok(run(three, result));
	ck_assert_uint_eq((*result)->boots, boots);
	ck_assert((*result)->modules.data[2].pass);
	return (*result)->modules.data;
}

START_TEST(who_does_it_again_alone_fails)
{
	scope_dir_temp sandbox = set_up();
	scope_free char *command = in_dir("command");

	/*
	 * The kernel complains before the second one was loaded, or while it was, without a call of
	 * its code.
	 */
	for (unsigned steps = 1; steps <= 3; steps += 2) {
		scope_vm_result result = NULL;

		unlink(command);
		save_doubt(1, steps, WARNING);
		save_good(2, 2);
		save_alone(3, WARNING);

		const struct vm_module_result *modules = run_three(&result, 3);

		ck_assert_str_eq(modules[0].why,
				 "kernel log, after its trial: WARNING: CPU: 0 at late");
		ck_assert(!modules[0].pass);
		ck_assert_int_eq(modules[0].failed_at, VM_AFTER);
		ck_assert_msg(modules[1].pass, "%s", modules[1].why);
		ck_assert_uint_eq(modules[1].findings.len, 0);
	}
}
END_TEST

START_TEST(what_nobody_does_again_is_somebodys)
{
	scope_dir_temp sandbox = set_up();
	scope_vm_result result = NULL;
	const struct vm_module_result *modules;

	save_doubt(1, 1, WARNING);
	save_good(2, 2);
	save_alone(3, "");
	modules = run_three(&result, 3);
	ck_assert(str_starts(modules[0].why, "after its trial, before the next module was loaded: "
					     "kernel log: WARNING: CPU: 0 at late; "));
	ck_assert_uint_eq(modules[0].findings.len, 1);
	ck_assert_int_eq(modules[0].trials.data[0].outcome, VM_FAIL);
	ck_assert(modules[1].pass);
	vm_result_free(result);
	result = NULL;

	scope_free char *command = in_dir("command");

	unlink(command);
	save_doubt(1, 3, WARNING); /* code of the second module had run */
	modules = run_three(&result, 3);
	ck_assert(modules[0].pass);
	ck_assert(str_starts(
		modules[1].why,
		"kernel log: WARNING: CPU: 0 at late; this did not happen again in a fresh guest"));
	ck_assert_int_eq(modules[1].failed_at, VM_TRANSITION);
}
END_TEST

/* The log names the second module's own code: it is the cause, and nothing is in doubt. */
START_TEST(a_module_whose_code_is_named_fails_at_once)
{
	static const char *const words[] = {
		"{\"event\":\"log\",\"us\":1500000,"
		"\"text\":\"WARNING: CPU: 0 PID: 1 at f+0x1/0x2 [two]\"}\n",
		WARNING "{\"event\":\"log\",\"us\":1500000,"
			"\"text\":\"RIP: 0010:f+0x1/0x2 [two]\"}\n",
	};
	scope_dir_temp sandbox = set_up();
	scope_free char *command = in_dir("command");

	for (size_t i = 0; i < array_size(words); i++) {
		scope_vm_result result = NULL;

		unlink(command);
		save_doubt(1, 3, words[i]);
		save_good(2, 1);

		const struct vm_module_result *modules = run_three(&result, 2);

		ck_assert(modules[0].pass);
		ck_assert(!modules[1].pass);
		ck_assert_ptr_null(strstr(modules[1].why, "did not happen again"));
	}
}
END_TEST

START_TEST(a_death_before_a_load_is_not_that_modules)
{
	scope_dir_temp sandbox = set_up();
	scope_strbuf out = STRBUF_INIT;
	scope_vm_result result = NULL;

	begin(&out);
	add_good(&out, 0);
	strbuf_addf(&out, "{\"event\":\"start\",\"line\":%u}\n", LINES_PER_MODULE + 1);
	save(1, &out); /* the guest says nothing more */
	save_good(2, 2);
	save_alone(3, WARNING);

	const struct vm_module_result *modules = run_three(&result, 3);

	ck_assert(!modules[0].pass);
	ck_assert(modules[1].pass);
}
END_TEST

START_TEST(a_death_behind_a_trial_is_its_modules)
{
	scope_dir_temp sandbox = set_up();
	scope_strbuf out = STRBUF_INIT;
	scope_vm_result result = NULL;

	begin(&out);
	add_good(&out, 0);
	save(1, &out);
	save_good(2, 2);

	const struct vm_module_result *modules = run_three(&result, 2);

	ck_assert(!modules[0].pass);
	ck_assert(str_starts(modules[0].why, "after its trial: "));
	ck_assert(modules[1].pass);
}
END_TEST

START_TEST(taint_between_two_is_not_the_seconds)
{
	scope_dir_temp sandbox = set_up();
	scope_strbuf out = STRBUF_INIT;
	scope_vm_result result = NULL;

	begin(&out);
	add_good(&out, 0);
	add_step(&out, LINES_PER_MODULE + 1, "\"x\":0");
	for (unsigned line = 2; line <= LINES_PER_MODULE; line++)
		add_step(&out, LINES_PER_MODULE + line, "\"taint\":32");
	add_good(&out, 2);
	save(1, &out);
	save_good(2, 2);
	save_alone(3, "");

	const struct vm_module_result *modules = run_three(&result, 3);

	ck_assert_ptr_nonnull(strstr(modules[0].why, "became tainted: B (bad page)"));
	ck_assert(modules[1].pass);
}
END_TEST

START_TEST(the_same_in_a_fresh_guest_clears_the_others)
{
	scope_dir_temp sandbox = set_up();
	scope_strbuf out = STRBUF_INIT;
	scope_vm_result result = NULL;

	save_doubt(1, 3, WARNING);
	begin(&out);
	for (unsigned line = 1; line <= 3; line++)
		add_step(&out, line, "\"taint\":0");
	strbuf_addstr(&out, WARNING);
	for (unsigned line = 4; line <= LINES_PER_MODULE; line++)
		add_step(&out, line, "\"taint\":0");
	save(2, &out);
	save_good(3, 1);

	const struct vm_module_result *modules = run_three(&result, 3);

	ck_assert(modules[0].pass);
	ck_assert_str_eq(modules[1].why, "kernel log: WARNING: CPU: 0 at late");
}
END_TEST

START_TEST(suspects_that_cannot_be_tried_again_do_not_pass)
{
	scope_dir_temp sandbox = set_up();
	scope_vm_result result = NULL;

	save_doubt(1, 1, WARNING);
	save_good(2, 2);
	put("events.3", ""); /* the guest does not boot */

	const struct vm_module_result *modules = run_three(&result, 3);

	ck_assert(!modules[0].pass);
	ck_assert(modules[0].aborted);
	ck_assert(modules[1].pass);
}
END_TEST

/*
 * The nth module of a plan with the trial `hammer` passes, or its last check for leaks finds this.
 */
static void add_hammered(struct strbuf *out, unsigned n, const char *leak)
{
	enum { LINES = 18, OBJECTS = 4, LEAK = 14 };

	for (unsigned line = 1; line <= LINES; line++)
		add_step(out, n * LINES + line,
			 line == OBJECTS ? "\"objects\":[{\"name\":\"vmlinux\",\"patched\":1,"
					   "\"functions\":[\"f,1\"]}]"
			 : line == LEAK	 ? leak
					 : "\"taint\":0");
}

static void save_hammered(unsigned boot, unsigned good, const char *leak)
{
	scope_strbuf out = STRBUF_INIT;

	begin(&out);
	for (unsigned i = 0; i < good; i++)
		add_hammered(&out, i, "\"taint\":0");
	add_hammered(&out, good, leak);
	strbuf_addstr(&out, BYE);
	save(boot, &out);
}

#define LEAK_ROUND(kb) "{\"kb\":" #kb ",\"calls\":100}"
#define LEAK_OF_MEMORY                                                                             \
	"\"by\":\"/proc\",\"patched\":[" LEAK_ROUND(500) "," LEAK_ROUND(500) "," LEAK_ROUND(       \
		540) "],\"control\":[" LEAK_ROUND(0) "," LEAK_ROUND(0) "," LEAK_ROUND(0) "]"

/* No cache has grown, so only a second trial in a fresh guest shows that it is a leak. */
START_TEST(a_leak_of_memory_alone_is_tried_again)
{
	static const char *const two[] = {"one.ko", "two.ko", NULL};
	scope_dir_temp sandbox = set_up();
	scope_free char *command = in_dir("command");

	for (unsigned again = 0; again < 2; again++) {
		scope_vm_result result = NULL;

		unlink(command);
		save_hammered(1, 1, LEAK_OF_MEMORY);
		save_hammered(2, 0, again ? LEAK_OF_MEMORY : "\"taint\":0");
		ck_assert_ok(run_trials(two, VM_TRIAL_BIT(VM_TRIAL_HAMMER), &result));
		ck_assert_uint_eq(result->boots, 2);
		ck_assert(result->modules.data[0].pass);
		ck_assert_int_eq(result->modules.data[1].pass, !again);
		if (again)
			ck_assert(str_starts(result->modules.data[1].why,
					     "memory leak: 1540 KB were lost in 300 calls"));
	}
}
END_TEST

/* A cache that grew names what is lost, so that no second trial is needed. */
START_TEST(a_leak_of_objects_fails_at_once)
{
	scope_dir_temp sandbox = set_up();
	scope_vm_result result = NULL;

	save_hammered(1, 0,
		      LEAK_OF_MEMORY ",\"slabs\":[{\"name\":\"kmalloc-64\",\"patched\":600,"
				     "\"control\":0}]");
	ck_assert_ok(run_trials(one, VM_TRIAL_BIT(VM_TRIAL_HAMMER), &result));
	ck_assert_uint_eq(result->boots, 1);
	ck_assert(!result->modules.data[0].pass);
}
END_TEST

UNIT_SUITE("vm_suspects", a_leak_of_memory_alone_is_tried_again, a_leak_of_objects_fails_at_once,
	   who_does_it_again_alone_fails, what_nobody_does_again_is_somebodys,
	   a_module_whose_code_is_named_fails_at_once, a_death_before_a_load_is_not_that_modules,
	   a_death_behind_a_trial_is_its_modules, taint_between_two_is_not_the_seconds,
	   the_same_in_a_fresh_guest_clears_the_others,
	   suspects_that_cannot_be_tried_again_do_not_pass)
