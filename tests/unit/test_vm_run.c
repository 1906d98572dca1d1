/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Tests vm_run() with a script in place of QEMU: what the guest says is in a file, and a guest may
 * say anything.
 */
#include <unistd.h>

#include "base/clock.h"
#include "unit.h"
#include "vm_script.h"

START_TEST(good_module_passes)
{
	scope_dir_temp sandbox = set_up();
	scope_strbuf events = STRBUF_INIT;
	scope_vm_result result = NULL;

	strbuf_addstr(&events, HELLO);
	add_good(&events, 0);
	strbuf_addstr(&events, BYE);
	put("events.1", events.buf);
	ck_assert_ok(run(one, &result));

	const struct vm_module_result *module = &result->modules.data[0];

	ck_assert_msg(result->pass, "%s", module->why);
	ck_assert_str_eq(result->release, "6.1.0");
	ck_assert_uint_eq(module->cycles, 1);
	ck_assert_uint_eq(module->load_ms, 102);
	ck_assert_uint_eq(module->objects.len, 1);
	ck_assert_str_eq(module->objects.data[0].functions.data[0], "f,1");
	ck_assert_uint_eq(module->kernel_log.len, 0);
}
END_TEST

START_TEST(a_crash_costs_one_module)
{
	scope_dir_temp sandbox = set_up();
	scope_strbuf first = STRBUF_INIT, second = STRBUF_INIT;
	scope_vm_result result = NULL;

	strbuf_addstr(&first, HELLO);
	add_good(&first, 0);
	add_step(&first, 10, "\"taint\":0");
	strbuf_addstr(&first, "{\"event\":\"start\",\"line\":11}\n");
	put("events.1", first.buf);
	put("console.1", "[    1.000000] suture: step 10\n[    1.000000] suture: step 11\n"
			 "[    2.000000] BUG: unable to handle page fault\n"
			 "[    2.000000] RIP: 0010:f+0x1/0x2 [two]\n"
			 "[    2.000001] \xff\xfe\n"
			 "[    2.000002] Kernel panic - not syncing\n");
	strbuf_addstr(&second, HELLO);
	add_good(&second, 0);
	strbuf_addstr(&second, BYE);
	put("events.2", second.buf);
	ck_assert_ok(run(three, &result));

	const struct vm_module_result *modules = result->modules.data;

	ck_assert(!result->pass);
	ck_assert_uint_eq(result->boots, 2);
	ck_assert(modules[0].pass);
	ck_assert(!modules[1].pass);
	ck_assert_int_eq(modules[1].failed_at, VM_LOAD);
	ck_assert_str_eq(modules[1].why, "kernel log: BUG: unable to handle page fault");
	ck_assert_uint_eq(modules[1].kernel_log.len, 4);
	ck_assert_str_eq(modules[1].kernel_log.data[2], "[    2.000001] ??");
	ck_assert_uint_eq(modules[1].findings.len, 2);
	ck_assert(modules[2].pass);
}
END_TEST

START_TEST(a_damaged_guest_is_not_used_again)
{
	scope_dir_temp sandbox = set_up();
	scope_strbuf first = STRBUF_INIT;
	scope_vm_result result = NULL;

	strbuf_addstr(&first, HELLO);
	add_good(&first, 0);
	add_step(&first, 10, "\"taint\":0");
	add_step(&first, 11, "\"x\":0");
	strbuf_addstr(&first,
		      "{\"event\":\"log\",\"us\":1500000,\"text\":\"WARNING: CPU: 0 [two]\"}\n");
	for (unsigned line = 12; line <= 18; line++)
		add_step(&first, line, "\"taint\":512");
	add_good(&first, 2);	    /* this must not count */
	put("events.1", first.buf); /* the second guest does not boot */
	ck_assert_ok(run(three, &result));
	ck_assert_uint_eq(result->boots, 2);
	ck_assert(result->modules.data[0].pass);
	ck_assert(!result->modules.data[1].pass);
	ck_assert(!result->modules.data[2].pass);
	ck_assert(str_starts(result->modules.data[2].why, "the module was not tried: "));
	ck_assert_str_eq(result->modules.data[1].why, "kernel log: WARNING: CPU: 0 [two]");
	ck_assert_str_eq(result->modules.data[1].findings.data[0],
			 "[    1.500000] WARNING: CPU: 0 [two]");
	ck_assert_uint_eq(result->modules.data[1].cycles, 1);
}
END_TEST

START_TEST(refusal_is_told_in_the_kernels_words)
{
	scope_dir_temp sandbox = set_up();
	scope_strbuf events = STRBUF_INIT;
	scope_vm_result result = NULL;

	strbuf_addstr(&events, HELLO);
	add_step(&events, 1, "\"taint\":0");
	strbuf_addstr(&events,
		      "{\"event\":\"start\",\"line\":2}\n"
		      "{\"event\":\"log\",\"us\":1,\"text\":\"suture: step 2\"}\n"
		      "{\"event\":\"log\",\"us\":2,\"text\":\"one: Unknown symbol f (err -2)\"}\n"
		      "{\"event\":\"log\",\"us\":3,\"text\":\"suture: step 7\"}\n"
		      "{\"event\":\"log\",\"us\":4,\"text\":\"one: something failed\"}\n"
		      "{\"event\":\"step\",\"line\":2,\"errno\":2,\"ok\":false,\"ms\":3}\n");
	for (unsigned line = 7; line <= 9; line++)
		add_step(&events, line, "\"taint\":0");
	put("events.1", events.buf);
	ck_assert_ok(run(one, &result));
	ck_assert_str_eq(
		result->modules.data[0].why,
		"the kernel rejects the module: ENOENT (No such file or directory): one: Unknown "
		"symbol f (err -2)");
	ck_assert_int_eq(result->modules.data[0].failed_at, VM_LOAD);
}
END_TEST

START_TEST(taint_alone_fails)
{
	scope_dir_temp sandbox = set_up();
	scope_strbuf events = STRBUF_INIT;
	scope_vm_result result = NULL;

	strbuf_addstr(&events, HELLO);
	for (unsigned line = 1; line <= LINES_PER_MODULE; line++)
		add_step(&events, line, line == 9 ? "\"taint\":32" : "\"taint\":0");
	put("events.1", events.buf);
	ck_assert_ok(run(one, &result));
	ck_assert(!result->pass);
	ck_assert_str_eq(result->modules.data[0].why, "the kernel became tainted: B (bad page)");
}
END_TEST

START_TEST(garbage_is_no_pass)
{
	scope_dir_temp sandbox = set_up();
	static const char *const garbage[] = {
		HELLO
		"{\"event\":\"start\",\"line\":1}\n{\"event\":\"step\",\"line\":9,\"ok\":true}\n"
		"{\"event\":\"start\",\"line\":9}\n{\"event\":\"step\",\"line\":9,\"ok\":true}\n",
		HELLO
		"{\"event\":\"start\",\"line\":1}\n{\"event\":\"step\",\"line\":1,\"ok\":7}\n"
		"{\"event\":\"start\",\"line\":-1}\n{\"event\":\"step\"}\n[]\n\n7\n{\"event\":\n",
		HELLO
		"{\"event\":\"start\",\"line\":1}\n"
		"{\"event\":\"start\",\"line\":4}\n"
		"{\"event\":\"step\",\"line\":4,\"ok\":true,\"objects\":[1,{\"name\":7}]}\n"
		"{\"event\":\"start\",\"line\":3}\n"
		"{\"event\":\"step\",\"line\":3,\"why\":\"stalled\",\"blockers\":[{},[],7]}\n",
		HELLO "{\"event\":\"start\",\"line\":1}\n{\"event\":\"stuck\",\"stack\":7}\n",
		HELLO
		"{\"event\":\"start\",\"line\":1}\n{\"event\":\"log\",\"us\":-9,\"text\":null}\n"
		"{\"event\":\"log\",\"text\":\"suture: step 99999999999999999999\"}\n"
		"{\"event\":\"log\",\"text\":\"BUG: \"}\n\xff\xff\n",
	};

	for (size_t i = 0; i < array_size(garbage); i++) {
		scope_vm_result result = NULL;
		scope_free char *command = in_dir("command");

		unlink(command);
		put("events.1", garbage[i]);
		ck_assert_ok(run(one, &result));
		ck_assert(!result->pass);
		ck_assert(!result->modules.data[0].pass);
		ck_assert_ptr_nonnull(result->modules.data[0].why);
	}
}
END_TEST

START_TEST(what_is_no_live_patch_is_not_booted)
{
	scope_dir_temp sandbox = set_up();
	scope_vm_result result = NULL;
	scope_free char *command = in_dir("command");
	const char *const names[] = {"vmlinuz", "missing.ko", NULL};

	ck_assert_ok(run(names, &result));
	ck_assert(!result->pass);
	ck_assert_int_eq(result->modules.data[0].failed_at, VM_PREPARE);
	ck_assert_int_eq(result->modules.data[1].failed_at, VM_PREPARE);
	ck_assert_uint_eq(result->boots, 0);
	ck_assert(!file_exists(command));
}
END_TEST

START_TEST(a_guest_that_does_not_boot_is_an_error)
{
	scope_dir_temp sandbox = set_up();
	scope_vm_result result = NULL;

	put("console.1", "[    0.1] no init\n[    0.2] Kernel panic - not syncing: no init\n");
	ck_assert_fails(run(one, &result), "Kernel panic - not syncing: no init");
	put("say", "qemu: cannot set up guest memory\n");
	ck_assert_fails(run(one, &result), "cannot set up guest memory");
	ck_assert_ptr_null(result);
}
END_TEST

START_TEST(a_finished_guest_is_not_waited_for)
{
	scope_dir_temp sandbox = set_up();
	scope_strbuf events = STRBUF_INIT;
	scope_vm_result result = NULL;
	uint64_t start = clock_ms();

	strbuf_addstr(&events, HELLO);
	add_good(&events, 0);
	strbuf_addstr(&events, "{\"event\":\"bye\"}\n");
	put("events.1", events.buf);
	put("hang", "");
	ck_assert_ok(run(one, &result));
	ck_assert(result->pass);
	ck_assert_uint_lt(clock_ms() - start, 20000);
}
END_TEST

START_TEST(a_killed_qemu_is_nobodys_failure)
{
	scope_dir_temp sandbox = set_up();
	scope_strbuf events = STRBUF_INIT;
	scope_vm_result result = NULL;

	strbuf_addstr(&events, HELLO);
	add_good(&events, 0);
	add_step(&events, 10, "\"taint\":0");
	put("events.1", events.buf);
	put("kill.1", "");
	ck_assert_ok(run(three, &result)); /* earlier results are kept */
	ck_assert(result->modules.data[0].pass);
	ck_assert(
		str_starts(result->modules.data[1].why, "the trial was aborted: QEMU was killed"));
	ck_assert(str_starts(result->modules.data[2].why,
			     "the module was not tried: QEMU was killed"));

	/* SIGTERM is what shells and service managers send. */
	scope_free char *by_kill = in_dir("kill.1");

	unlink(by_kill);
	put("events.1", events.buf);
	put("events.2", "");
	put("command", "");
	put("say", "qemu-system-x86_64: terminating on signal 15 from pid 1\n");
	vm_result_free(result);
	result = NULL;
	ck_assert_ok(run(three, &result));
	ck_assert(
		str_starts(result->modules.data[1].why, "the trial was aborted: QEMU was killed"));

	scope_free char *command = in_dir("command");

	unlink(command);
	put("events.1", HELLO);
	vm_result_free(result);
	result = NULL;
	ck_assert_fails(run(one, &result), "the OOM killer");
}
END_TEST

START_TEST(endless_garbage_is_given_up)
{
	scope_dir_temp sandbox = set_up();
	scope_vm_result result = NULL;

	put("flood", "");
	ck_assert_fails(run(one, &result), "wrote too much output");
}
END_TEST

START_TEST(missing_qemu_names_the_package)
{
	setenv("PATH", "/nowhere", 1);
	ck_assert_fails(vm_check_host(), "qemu-system-x86");
}
END_TEST

UNIT_SUITE("vm_run", good_module_passes, a_crash_costs_one_module,
	   a_damaged_guest_is_not_used_again, refusal_is_told_in_the_kernels_words,
	   taint_alone_fails, garbage_is_no_pass, what_is_no_live_patch_is_not_booted,
	   a_guest_that_does_not_boot_is_an_error, a_finished_guest_is_not_waited_for,
	   a_killed_qemu_is_nobodys_failure, endless_garbage_is_given_up,
	   missing_qemu_names_the_package)
