/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The running kernel as made-up trees have it: patches, tasks, what stands in the way. */
#include <stdio.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "live/fixes.h"
#include "live/load.h"
#include "live/machine.h"
#include "live/module.h"
#include "live/name.h"
#include "live/outcome.h"
#include "live/patches.h"
#include "live/paths.h"
#include "live/record.h"
#include "live/tasks.h"
#include "live_tree.h"

START_TEST(the_machine)
{
	scope_live_machine machine = NULL;

	tree_open();
	put("/sys/kernel/security/lockdown", "none [integrity] confidentiality\n");
	put("/sys/module/module/parameters/sig_enforce", "Y\n");
	put("/proc/cmdline", "quiet suture=off\n");
	put(LIVE_ETC "/disabled", "");
	put("/proc/sys/kernel/tainted", "4224\n"); /* flag 128 means that the kernel has died */
	ck_assert_ok(live_machine_read(tree, &machine));
	ck_assert_str_eq(machine->release, "6.1.0-9-amd64");
	ck_assert_str_eq(machine->lockdown, "integrity");
	ck_assert(machine->sig_enforce && machine->off && machine->disabled && machine->has_died);
	ck_assert(machine->livepatch && machine->is_root && machine->may_load);
	ck_assert_ptr_null(machine->container);
	ck_assert_uint_eq(machine->free_bytes, 2000000ull * 1024);
	ck_assert_ok(live_machine_check(machine));
	tree_close();
}
END_TEST

/* Changes a file and checks what live_machine_check() then says. */
static void check_machine_says(const char *path, const char *text, const char *says)
{
	scope_live_machine machine = NULL;

	tree_open();
	if (text)
		put(path, text);
	else
		ck_assert_ok(root_remove(tree, path));
	ck_assert_ok(live_machine_read(tree, &machine));
	ck_assert_fails(live_machine_check(machine), says);
	tree_close();
}

START_TEST(what_stands_in_the_way)
{
	check_machine_says("/proc/self/status", "Uid:\t1000\t0\nCapEff:\t0\n", "only root");
	check_machine_says("/proc/self/status", "Uid:\t0\t0\nCapEff:\t0\nCapBnd:\tfffffffffeffff\n",
			   "this is a container");
	check_machine_says("/proc/self/status", "Uid:\t0\t0\nCapEff:\t0\nCapBnd:\t1ffffffffff\n",
			   "CAP_SYS_MODULE");
	check_machine_says(LIVE_SYSFS, NULL, "CONFIG_LIVEPATCH");
	check_machine_says("/proc/sys/kernel/modules_disabled", "1\n", "modules_disabled=1");
	check_machine_says("/proc/sys/kernel/ftrace_enabled", "0\n", "ftrace_enabled=1");
}
END_TEST

/* Returns the machine of the tree with another text in a file; for the tests below. */
static struct live_machine *machine_with(const char *path, const char *text)
{
	struct live_machine *machine = NULL;

	tree_open();
	put(path, text);
	ck_assert_ok(live_machine_read(tree, &machine));
	tree_close();
	return machine;
}

/*
 * A kernel that was told not to load anything leads to a verdict; a missing right or a kernel that
 * lacks live patching is a failure.
 */
START_TEST(settings_lead_to_a_verdict)
{
	static const struct {
		const char *path, *text;
		enum err_code code;
	} obstacles[] = {
		{"/proc/sys/kernel/ftrace_enabled", "0\n", ERR_REFUSED},
		{"/proc/sys/kernel/modules_disabled", "1\n", ERR_REFUSED},
		{"/proc/self/status", "Uid:\t1000\t0\nCapEff:\t0\n", ERR_FAILED},
		{"/proc/self/status", "Uid:\t0\t0\nCapEff:\t0\nCapBnd:\t1ffffffffff\n", ERR_FAILED},
	};

	for (size_t i = 0; i < array_size(obstacles); i++) {
		scope_live_machine machine = machine_with(obstacles[i].path, obstacles[i].text);
		struct err *err = live_machine_check(machine);

		ck_assert_int_eq(err_code(err), obstacles[i].code);
		err_free(err);
	}
}
END_TEST

/* A kernel that loads nothing more, or a process that may not load, can still disable patches. */
START_TEST(undoing_needs_less_than_loading)
{
	static const char *const files[][2] = {
		{"/proc/sys/kernel/modules_disabled", "1\n"},
		{"/proc/sys/kernel/ftrace_enabled", "0\n"},
		{"/proc/self/status", "Uid:\t0\t0\nCapEff:\t0\nCapBnd:\t1ffffffffff\n"},
		{"/proc/self/status", "Uid:\t0\t0\nCapEff:\t0\nCapBnd:\tfffffffffeffff\n"},
	};

	for (size_t i = 0; i < array_size(files); i++) {
		scope_live_machine machine = machine_with(files[i][0], files[i][1]);
		struct err *err = live_machine_check(machine);

		ck_assert_ptr_nonnull(err);
		err_free(err);
		ck_assert_ok(live_machine_check_unload(machine));
	}

	scope_live_machine user = machine_with("/proc/self/status", "Uid:\t1000\t0\nCapEff:\t0\n");

	ck_assert_fails(live_machine_check_unload(user), "only root");
}
END_TEST

/* What could not be disabled again is not loaded. */
START_TEST(nothing_is_loaded_that_cannot_be_undone)
{
	scope_live_machine machine = machine_with("/proc/cmdline", "quiet\n");

	ck_assert_ok(live_machine_check(machine));
	machine->sys_read_only = true;
	ck_assert_fails(live_machine_check(machine), "could not be disabled again");
	ck_assert_fails(live_machine_check_unload(machine), "mounted read-only");
	machine->sys_read_only = false;
	machine->sys = false;
	ck_assert_fails(live_machine_check(machine), "/sys is not mounted");
	machine->sys_hidden = "/sys/module";
	ck_assert_fails(live_machine_check(machine), "another file system hides");
	ck_assert_fails(live_machine_check_unload(machine), "another file system hides");
}
END_TEST

/* Makes outcomes that end so, and checks the status of the service for so many patches. */
static void check_status(const enum live_end *ends, size_t count, size_t wanted, const char *says)
{
	scope_live_outcomes outcomes = {};

	for (size_t i = 0; i < count; i++)
		vec_push(&outcomes, (struct live_outcome){.name = xstrdup("x"), .end = ends[i]});

	scope_free char *status = live_outcomes_status(&outcomes, wanted, true);

	ck_assert_str_eq(status ? status : "", says);
}

START_TEST(the_status_of_the_service)
{
	static const enum live_end done[] = {LIVE_END_DONE, LIVE_END_DONE},
				   half[] = {LIVE_END_DONE, LIVE_END_REVERSED},
				   none[] = {LIVE_END_FAILED},
				   on[] = {LIVE_END_DONE, LIVE_END_GOING_ON};

	check_status(done, 2, 2, "Live patches are loaded; watching the machine's health");
	check_status(half, 2, 3, "1 of 3 live patches were loaded");
	check_status(none, 1, 1, "");
	check_status(on, 2, 2, "Live patches are loaded; some tasks do not run their code yet");
}
END_TEST

/* Returns what a boot tells systemd as its status on the made-up machine; free(). */
static char *boot_status(void)
{
	scope_free char *path = xasprintf("%s/notify", tree_dir);
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	struct live_load_spec spec = {.installed = true, .wait_ms = -1};
	scope_findings findings = {};
	scope_live_outcomes outcomes = {};
	scope_close int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	char text[500];

	snprintf(address.sun_path, sizeof(address.sun_path), "%s", path);
	ck_assert_int_eq(bind(fd, (struct sockaddr *)&address, sizeof(address)), 0);
	setenv("NOTIFY_SOCKET", path, 1);
	ck_assert_ok(live_load(tree, &spec, NULL, &findings, &outcomes));
	unsetenv("NOTIFY_SOCKET");

	ssize_t len = recv(fd, text, sizeof(text) - 1, MSG_DONTWAIT);

	return xstrndup(text, len > 0 ? len : 0);
}

/* A patch that was loaded by hand stays, so that nothing may be said of what is loaded. */
START_TEST(a_boot_that_is_switched_off)
{
	tree_open();
	put("/proc/cmdline", "quiet suture=off\n");
	put_patch("by_hand", "1\n", "0\n", "f,1");

	scope_free char *status = boot_status();

	ck_assert_str_eq(
		status,
		"READY=1\nSTATUS=Nothing was loaded: boots are told not to load live patches");
	tree_close();
}
END_TEST

START_TEST(containers_by_their_files)
{
	static const struct {
		const char *file, *text, *kind;
	} signs[] = {{"/.dockerenv", "", "docker"},
		     {"/run/.containerenv", "", "podman"},
		     {"/run/systemd/container", "lxc\n", "lxc"}};

	for (size_t i = 0; i < array_size(signs); i++) {
		scope_live_machine machine = NULL;

		tree_open();
		put(signs[i].file, signs[i].text);
		ck_assert_ok(live_machine_read(tree, &machine));
		ck_assert_str_eq(machine->container, signs[i].kind);
		tree_close();
	}
}
END_TEST

START_TEST(no_proc)
{
	scope_live_machine machine = NULL;

	tree_open();
	ck_assert_ok(root_remove(tree, "/proc"));
	ck_assert_fails(live_machine_read(tree, &machine), "is /proc mounted?");
	ck_assert_ptr_null(machine);
	tree_close();
}
END_TEST

START_TEST(build_ids_among_notes)
{
	const uint8_t notes[] =
		"\4\0\0\0\3\0\0\0\6\0\0\0Xen\0abc\0" /* a note that is no build id */
		"\4\0\0\0\4\0\0\0\3\0\0\0GNU\0\xde\xad\xbe\xef";
	scope_free char *id = live_build_id((struct bytes){notes, sizeof(notes) - 1});

	ck_assert_str_eq(id, "deadbeef");
	ck_assert_ptr_null(live_build_id((struct bytes){notes, sizeof(notes) - 2}));
	ck_assert_ptr_null(live_build_id((struct bytes){}));
}
END_TEST

START_TEST(patches_in_the_order_of_loading)
{
	scope_live_patches patches = NULL;

	tree_open();
	put_patch("alpha", "1\n", "0\n", "f,1");
	put_patch("beta", "1\n", "0\n", "f,1");
	put_patch("gamma", "0\n", "1\n", "f,1");
	put("/sys/module/delta/taint",
	    "OEK\n"); /* it is replaced: its patch does not exist any more */
	put("/sys/module/ext4/taint", "\n");
	put("/proc/modules", "gamma 1 1 - Live 0x0 (OEK)\nalpha 1 1 - Live 0x0 (OEK)\n"
			     "ext4 1 0 - Live 0x0\nbeta 1 1 - Live 0x0\ndelta 1 0 - Live 0x0\n");
	ck_assert_ok(live_patches_read(tree, &patches));
	ck_assert_uint_eq(patches->list.len, 4);

	const struct live_patch *list = patches->list.data;

	ck_assert_str_eq(list[0].name, "delta");
	ck_assert_int_eq(list[0].state, LIVE_REPLACED);
	ck_assert_str_eq(list[1].name, "beta");
	ck_assert_int_eq(list[1].state, LIVE_ENABLED);
	ck_assert_str_eq(list[1].objects.data[0].functions.data[0].top, "alpha");
	ck_assert_str_eq(list[2].name, "alpha");
	ck_assert_int_eq(list[2].objects.data[0].patched, 1);
	ck_assert_uint_eq(live_patch_functions(&list[2]), 1);
	ck_assert_str_eq(list[3].name, "gamma");
	ck_assert_int_eq(list[3].state, LIVE_UNPATCHING);
	ck_assert_ptr_eq(live_patches_find(patches, "alpha.ko"), &list[2]);
	ck_assert_ptr_null(live_patches_find(patches, "ext4"));
	tree_close();
}
END_TEST

START_TEST(nothing_loaded)
{
	scope_live_patches patches = NULL;

	tree_open();
	ck_assert_ok(root_remove(tree, LIVE_SYSFS));
	ck_assert_ok(live_patches_read(tree, &patches));
	ck_assert_uint_eq(patches->list.len, 0);
	tree_close();
}
END_TEST

START_TEST(tasks_that_block)
{
	scope_live_tasks tasks = {};

	tree_open();
	put_task(1, 1, "init", "S", "1\n", "[<0>] do_wait+0x1/0x2\n");
	put_task(20, 20, "a) b (c", "D", "0\n", "[<0>] f+0x1/0x2\n[<0>] g+0x3/0x4\n");
	put_task(20, 21, "thr\033ead", "R", "0\n", "");
	put_task(3, 3, "none", "S", "-1\n", "");
	put("/proc/stat", "cpu\n");
	ck_assert_ok(live_tasks_read(tree, 1, 8, &tasks));
	ck_assert_uint_eq(tasks.total, 4);
	ck_assert_uint_eq(tasks.done, 2);
	ck_assert_uint_eq(tasks.blocking.len, 2);

	scope_free char *first = live_task_describe(&tasks.blocking.data[0]);
	scope_free char *second = live_task_describe(&tasks.blocking.data[1]);

	ck_assert_str_eq(first, "a) b (c (pid 20), sleeping, uninterruptible: f < g");
	ck_assert_str_eq(second, "thr?ead (pid 20, thread 21), running");
	live_tasks_free(&tasks);
	ck_assert_ok(live_tasks_read(tree, 0, 0, &tasks));
	ck_assert_uint_eq(tasks.done, 3);
	ck_assert_uint_eq(tasks.blocking.len, 0);
	tree_close();
}
END_TEST

START_TEST(records_are_of_one_load)
{
	tree_open();
	put_patch("alpha", "1\n", "0\n", "f,1");

	struct klp_module klp = {};
	struct live_module module = {
		.path = "/", .name = "alpha", .sha256 = "12", .digest = "34", .klp = &klp};

	vec_push(&klp.states, (struct klp_module_state){7, 2});
	vec_push(&module.uncovered,
		 xstrdup("f\377\033")); /* an attestation may contain any bytes */
	ck_assert_ok(live_record_write(tree, &module, true));

	struct live_record *record = NULL;

	ck_assert_ok(live_record_read(tree, "alpha", &record));

	ck_assert_ptr_nonnull(record);
	ck_assert_str_eq(record->digest, "34");
	ck_assert(record->installed);
	ck_assert_uint_eq(record->states.len, 1);
	ck_assert_uint_eq(record->states.data[0].id, 7);
	ck_assert_str_eq(record->uncovered.data[0], "f\\xff\\x1b");
	live_record_free(record);

	/* Another program loaded it again, so that it has a new folder. */
	ck_assert_ok(root_rename(tree, "/sys/module/alpha", "/sys/module/gone"));
	put("/sys/module/alpha/taint", "OEK\n");
	ck_assert_ok(live_record_read(tree, "alpha", &record));
	ck_assert_ptr_null(record);
	put(LIVE_RUN "/loaded/alpha.json", "{\"inode\":");
	ck_assert_fails(live_record_read(tree, "alpha", &record), "line 1 is not JSON");
	put(LIVE_RUN "/loaded/alpha.json", "{}");
	ck_assert_fails(live_record_read(tree, "alpha", &record), "not a valid Suture state file");
	ck_assert_ptr_null(record);
	vec_free(&klp.states);
	str_vec_free(&module.uncovered);
	tree_close();
}
END_TEST

START_TEST(fixes_of_a_report)
{
	struct str_vec cves = {};

	static const char report[] =
		"{\"units\": [{\"state\": \"patched\", \"cves\": [\"CVE-2026-1001\", \"CVE-1\"]},"
		"{\"state\": \"refused\", \"cves\": [\"CVE-2026-1002\"]},"
		"{\"state\": \"patched\", \"cves\": [\"CVE-2026-1004\"]},"
		"{\"state\": \"dropped-with\", \"cves\": [\"CVE-2026-1004\"]},"
		"{\"state\": \"no-code\", \"cves\": [\"CVE-2026-1001\"]}],"
		"\"patches\": [{\"name\": \"CVE-2026-1003.patch\"}]}";

	ck_assert(live_report_cves(report, strlen(report), &cves));
	ck_assert_uint_eq(cves.len, 2);
	ck_assert_str_eq(cves.data[1], "CVE-2026-1003");
	ck_assert(!live_report_cves("[", 1, &cves));
	str_vec_free(&cves);
}
END_TEST

/* The fixes are those of the module itself, and those that the report beside it adds. */
START_TEST(records_keep_the_fixes)
{
	tree_open();
	put_patch("alpha", "1\n", "0\n", "f,1");
	put("/alpha.report.json", "{\"cves\": [\"CVE-2026-2\", \"CVE-2026-1002\"]}");

	scope_free char *report = root_path(tree, "/alpha.report.json");
	struct klp_module klp = {};
	struct live_module module = {
		.path = "/", .name = "alpha", .sha256 = "", .digest = "", .klp = &klp};

	vec_push(&klp.info, "suture_allow=x CVE-2026-9999");
	vec_push(&klp.info, "suture_patch=0123 CVE-2026-1000-pipe.patch");
	vec_push(&klp.info, "suture_cve=CVE-2026-1001");
	for (int i = 0; i < 2; i++) {
		ck_assert_ok(live_record_write(tree, &module, false));

		struct live_record *record = NULL;

		ck_assert_ok(live_record_read(tree, "alpha", &record));

		ck_assert_uint_eq(record->cves.len, 2 + i);
		ck_assert_str_eq(record->cves.data[0], "CVE-2026-1000");
		ck_assert_str_eq(record->cves.data[1], "CVE-2026-1001");
		ck_assert_str_eq(record->cves.data[1 + i], i ? "CVE-2026-1002" : "CVE-2026-1001");
		live_record_free(record);
		module.report = report;
	}
	vec_free(&klp.info);
	tree_close();
}
END_TEST

/* The list beside a cumulative module may take its claim back, and says what is open. */
START_TEST(records_keep_what_a_cumulative_patch_carries)
{
	static const struct {
		const char *claim, *list;
		bool equivalent;
		int nr_open;
	} cases[] = {
		{"6.1.1-1 6.1.1-2 equivalent", "{}", true, 0},
		{"6.1.1-1 6.1.1-2 partial", "{}", false, -1},
		{"6.1.1-1 6.1.1-2 equivalent",
		 "{\"from\": \"6.1.1-1\", \"to\": \"6.1.1-2\", \"verdict\": \"partial\"}", false,
		 0},
		{"6.1.1-1 6.1.1-2 partial",
		 "{\"from\": \"6.1.1-1\", \"to\": \"6.1.1-2\", \"verdict\": \"partial\", \"units\":"
		 "[{\"name\": \"a\", \"state\": \"patched\"}, {\"name\": \"b\", \"state\": "
		 "\"refused\"}, {\"name\": \"c\", \"state\": \"dropped-with\"}]}",
		 false, 2},
		/* Another run's list does not count. */
		{"6.1.1-1 6.1.1-2 equivalent",
		 "{\"from\": \"6.1.1-1\", \"to\": \"6.1.1-3\", \"verdict\": \"partial\"}", true, 0},
	};

	for (size_t i = 0; i < array_size(cases); i++) {
		tree_open();
		put_patch("alpha", "1\n", "0\n", "f,1");
		put("/alpha.cover.json", cases[i].list);

		scope_free char *path = root_path(tree, "/alpha.ko");
		scope_free char *list = root_path(tree, "/alpha.cover.json");
		scope_free char *claim = xasprintf("suture_cover=%s", cases[i].claim);
		struct klp_module klp = {};
		struct live_module module = {.cover = list,
					     .path = path,
					     .name = "alpha",
					     .sha256 = "",
					     .digest = "",
					     .klp = &klp};
		struct live_record *record = NULL;

		vec_push(&klp.info, claim);
		ck_assert_ok(live_record_write(tree, &module, false));
		ck_assert_ok(live_record_read(tree, "alpha", &record));
		ck_assert_str_eq(record->cover->from, "6.1.1-1");
		ck_assert_str_eq(record->cover->to, "6.1.1-2");
		ck_assert_int_eq(record->cover->equivalent, cases[i].equivalent);
		ck_assert_int_eq(record->cover->nr_open, cases[i].nr_open);
		ck_assert_uint_eq(record->cover->open.len, cases[i].nr_open > 0 ? 2 : 0);
		live_record_free(record);
		vec_free(&klp.info);
		tree_close();
	}
}
END_TEST

START_TEST(names_of_modules)
{
	static const char *const names[][2] = {
		{"a-b", "a_b"}, {"/x/y/live-one.ko", "live_one"}, {"one.ko.xz", "one"}};

	for (size_t i = 0; i < array_size(names); i++) {
		scope_free char *name = live_name_of(names[i][0]);

		ck_assert_str_eq(name, names[i][1]);
	}
}
END_TEST

UNIT_SUITE("live", the_machine, what_stands_in_the_way, settings_lead_to_a_verdict,
	   undoing_needs_less_than_loading, nothing_is_loaded_that_cannot_be_undone,
	   the_status_of_the_service, a_boot_that_is_switched_off, containers_by_their_files,
	   no_proc, build_ids_among_notes, patches_in_the_order_of_loading, nothing_loaded,
	   tasks_that_block, records_are_of_one_load, fixes_of_a_report, records_keep_the_fixes,
	   records_keep_what_a_cumulative_patch_carries, names_of_modules)
