/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a cumulative live patch means for the reboot that its version would ask for. */
#include "advise/find_cve.h"
#include "advise_machine.h"
#include "live/live.h"

#define PACKAGE "linux-image-6.1.0-56-amd64"

/* A loaded patch "fix", with a record of that it carries what changes between the versions. */
static void put_cover(const char *from, const char *to, const char *verdict)
{
	struct stat st = {};

	put("/sys/kernel/livepatch/fix/enabled", "1\n");
	put("/sys/kernel/livepatch/fix/transition", "0\n");
	put("/sys/kernel/livepatch/fix/vmlinux/patched", "1\n");
	ck_assert_ok(root_make_dir(tree, "/sys/kernel/livepatch/fix/vmlinux/f,1"));
	put("/sys/module/fix/taint", "OEK\n");
	ck_assert_int_eq(root_stat(tree, "/sys/module/fix", &st), 0);

	scope_free char *text = xasprintf(
		"{\"inode\": %llu, \"cover\": {\"from\": \"%s\", \"to\": \"%s\", \"verdict\": "
		"\"%s\", \"nr_open\": 2, \"open\": [\"a.c: f\", \"b.c: g\"]}}",
		(unsigned long long)st.st_ino, from, to, verdict);

	put("/run/suture/loaded/fix.json", text);
}

START_TEST(an_installed_kernel_needs_no_reboot)
{
	bool changed;

	machine("252");
	put_image("6.1.0-56-amd64", BUILD_56); /* 6.1.192-2 */
	put("/run/reboot-required", "");
	put("/run/reboot-required.pkgs", PACKAGE "\n");
	ask(SOURCE_NONE, NULL);
	ck_assert_int_eq(advice->verdict, VERDICT_REBOOT);
	put_cover("6.1.176-1", "6.1.192-2", "equivalent");
	ask(SOURCE_NONE, NULL);
	ck_assert(advice->kernel.equivalent);
	ck_assert_str_eq(advice->kernel.cover_patch, "fix");
	ck_assert_int_eq(advice->verdict, VERDICT_COVERED);
	ck_assert_ok(advise_flag_update(tree, advice, &changed));
	ck_assert(changed);
	ck_assert(!root_exists(tree, "/run/reboot-required"));
	/* What carries more, carries this, too. */
	put_cover("6.1.176-1", "6.1.195-1", "equivalent");
	ask(SOURCE_NONE, NULL);
	ck_assert_int_eq(advice->verdict, VERDICT_COVERED);
	done();
}
END_TEST

/* Each claim is not enough for the kernel 6.1.192-2 to need no reboot. */
START_TEST(anything_less_needs_one)
{
	bool changed;

	machine("252");
	put_image("6.1.0-56-amd64", BUILD_56);
	put_cover("6.1.176-1", "6.1.192-2", "partial");
	ask(SOURCE_NONE, NULL);
	ck_assert_int_eq(advice->verdict, VERDICT_REBOOT);
	ck_assert_int_eq(advice->kernel.cover->nr_open, 2);
	ck_assert_str_eq(advice->kernel.cover->open.data[1], "b.c: g");
	ck_assert_ok(advise_flag_update(tree, advice, &changed));
	ck_assert(root_exists(tree, "/run/reboot-required"));
	put_cover("6.1.176-1", "6.1.192-1", "equivalent");
	ask(SOURCE_NONE, NULL);
	ck_assert_int_eq(advice->verdict, VERDICT_REBOOT);
	/* It was made for a kernel that does not run. */
	put_cover("6.1.180-1", "6.1.192-2", "equivalent");
	ask(SOURCE_NONE, NULL);
	ck_assert_ptr_null(advice->kernel.cover);
	ck_assert_int_eq(advice->verdict, VERDICT_REBOOT);
	put_cover("6.1.176-1", "6.1.192-2", "equivalent");
	put("/sys/kernel/livepatch/fix/transition", "1\n");
	ask(SOURCE_NONE, NULL);
	ck_assert_int_eq(advice->verdict, VERDICT_REBOOT);
	put("/sys/kernel/livepatch/fix/transition", "0\n");
	put("/sys/kernel/livepatch/fix/enabled", "0\n");
	ask(SOURCE_NONE, NULL);
	ck_assert_int_eq(advice->verdict, VERDICT_REBOOT);
	done();
}
END_TEST

/* A patch on top may bring back what the cumulative one has mended. */
START_TEST(another_patch_on_top_ends_it)
{
	machine("252");
	put_image("6.1.0-56-amd64", BUILD_56);
	put_cover("6.1.176-1", "6.1.192-2", "equivalent");
	put("/sys/kernel/livepatch/other/enabled", "1\n");
	put("/sys/kernel/livepatch/other/transition", "0\n");
	put("/sys/kernel/livepatch/other/vmlinux/patched", "1\n");
	ck_assert_ok(root_make_dir(tree, "/sys/kernel/livepatch/other/vmlinux/g,1"));
	put("/sys/module/other/taint", "OEK\n");
	put("/proc/modules", "other 1 1 - Live 0x0 (OEK)\nfix 1 1 - Live 0x0 (OEK)\n");
	ask(SOURCE_NONE, NULL);
	ck_assert_int_eq(advice->verdict, VERDICT_COVERED);
	ck_assert_ok(root_make_dir(tree, "/sys/kernel/livepatch/other/vmlinux/f,1"));
	ask(SOURCE_NONE, NULL);
	ck_assert_int_eq(advice->verdict, VERDICT_REBOOT);
	done();
}
END_TEST

START_TEST(pending_kernels_up_to_its_version)
{
	machine("252");
	put_cover("6.1.176-1", "6.1.192-2", "equivalent");
	ck_assert_int_eq(action_of(PACKAGE, "6.1.192-2"), ACTION_LIVE_PATCH);
	ck_assert(advice->updates.data[0].equivalent);
	ck_assert_int_eq(advice->pending, VERDICT_COVERED);
	ck_assert_int_eq(action_of(PACKAGE, "6.1.192-3"), ACTION_REBOOT);
	ck_assert(!advice->updates.data[0].equivalent);
	put_cover("6.1.176-1", "6.1.192-2", "partial");
	ck_assert_int_eq(action_of(PACKAGE, "6.1.192-2"), ACTION_REBOOT);
	done();
}
END_TEST

/* Has "fix" fix a CVE by its function f. */
static void put_fix(void)
{
	struct stat st = {};

	put_cover("6.1.176-1", "6.1.192-2", "partial");
	ck_assert_int_eq(root_stat(tree, "/sys/module/fix", &st), 0);

	scope_free char *text = xasprintf("{\"inode\": %llu, \"cves\": [\"CVE-2026-1001\"]}",
					  (unsigned long long)st.st_ino);

	put("/run/suture/loaded/fix.json", text);
}

static enum advise_verdict verdict_on_cve(const char *words)
{
	enum advise_verdict verdict;

	ask(SOURCE_NONE, NULL);

	scope_free char *why = advise_find_cve(tree, advice, "CVE-2026-1001", &verdict);

	ck_assert_msg(strstr(why, words), "%s", why);
	return verdict;
}

START_TEST(fixes_whose_code_does_not_run)
{
	machine("252");
	put_fix();
	ck_assert_int_eq(verdict_on_cve("fixes it"), VERDICT_NOTHING);
	put("/sys/kernel/livepatch/top/enabled", "1\n");
	put("/sys/kernel/livepatch/top/transition", "0\n");
	put("/sys/kernel/livepatch/top/vmlinux/patched", "1\n");
	ck_assert_ok(root_make_dir(tree, "/sys/kernel/livepatch/top/vmlinux/f,1"));
	put("/sys/module/top/taint", "OEK\n");
	put("/proc/modules", "top 1 1 - Live 0x0 (OEK)\nfix 1 1 - Live 0x0 (OEK)\n");
	ck_assert_int_eq(verdict_on_cve("the code of top runs"), VERDICT_REBOOT);
	ck_assert_uint_eq(advice->kernel.patched.len, 0);
	/* Below it, it is that one whose code does not run. */
	put("/proc/modules", "fix 1 1 - Live 0x0 (OEK)\ntop 1 1 - Live 0x0 (OEK)\n");
	ck_assert_int_eq(verdict_on_cve("fixes it"), VERDICT_NOTHING);
	/* Another module's direct call has the function. */
	put("/sys/kernel/tracing/enabled_functions",
	    "f (2) R I D    \ttramp: ftrace_regs_caller+0x0/0x65 "
	    "(call_direct_funcs+0x0/0x20)\n\tdirect-->my_tramp+0x0/0x10 [other]\n");
	ck_assert_int_eq(verdict_on_cve("a direct call"), VERDICT_REBOOT);
	done();
}
END_TEST

START_TEST(live_patches_are_unknown_without_sys)
{
	machine("252");
	ck_assert_int_eq(verdict_on_cve("without /sys"), VERDICT_UNKNOWN);
	ck_assert_ptr_nonnull(strstr(advice->notes.data[0], "no /sys"));
	ck_assert_ok(root_make_dir(tree, "/sys/kernel"));
	ck_assert_int_eq(verdict_on_cve("no loaded live patch"), VERDICT_UNKNOWN);
	ck_assert_uint_eq(advice->notes.len, 0);
	done();
}
END_TEST

UNIT_SUITE("advise_cover", an_installed_kernel_needs_no_reboot, anything_less_needs_one,
	   another_patch_on_top_ends_it, pending_kernels_up_to_its_version,
	   fixes_whose_code_does_not_run, live_patches_are_unknown_without_sys)
