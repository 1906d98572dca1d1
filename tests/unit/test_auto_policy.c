/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The policy of `suture auto`: keys, values, files, windows of time. */
#include <sys/stat.h>

#include "auto/policy.h"
#include "auto/values.h"
#include "live_tree.h"

static struct err *parse(struct auto_policy *policy, const char *text)
{
	scope_free char *copy = xstrdup(text);

	auto_policy_free(policy);
	auto_policy_default(policy);
	return auto_policy_parse("f", copy, policy);
}

START_TEST(test_defaults)
{
	scope_auto_policy policy = {};

	auto_policy_default(&policy);
	ck_assert_uint_eq(policy.mode, AUTO_OBSERVE);
	ck_assert_uint_eq(policy.nr_sources, 2);
	ck_assert_uint_eq(policy.sources[0], AUTO_REPOSITORY);
	ck_assert_uint_eq(policy.accept, AUTO_EQUIVALENT);
	ck_assert_uint_eq(policy.require_tested, 1);
	ck_assert_uint_eq(policy.ring, AUTO_RING_OF_MACHINE);
	ck_assert_uint_eq(policy.max_cpu, 50);
	ck_assert_uint_eq(policy.max_memory, 4ULL << 30);
	ck_assert_uint_eq(policy.watch, 3600);
	ck_assert_uint_eq(policy.window.spans.len, 0);
	ck_assert_uint_eq(policy.reboot, AUTO_REBOOT_FLAG);
}
END_TEST

START_TEST(test_each_key_takes_its_default)
{
	const char *name, *value;

	for (unsigned i = 0; (name = auto_policy_key(i, &value)); i++) {
		scope_free char *line = xasprintf("%s = %s\n", name, value);
		scope_auto_policy policy = {};

		ck_assert_ok(parse(&policy, line));
	}
}
END_TEST

START_TEST(test_values)
{
	scope_auto_policy policy = {};

	ck_assert_ok(parse(&policy, "mode = apply # all of it\nsource=build\naccept = partial\n"
				    "delay = 1d 2h\nspread = 36h\nring = 5%\nwatch = 90\n"
				    "probe = /bin/a, /bin/b\nmax-cpu = 150%\nmax-memory = 512M\n"
				    "max-disk = unlimited\nreboot = when-due\nreboot-open = 20\n"
				    "window = Mon..Fri 02:00-05:30; Sun 22:00-01:00\n"));
	ck_assert_uint_eq(policy.mode, AUTO_APPLY);
	ck_assert_uint_eq(policy.nr_sources, 1);
	ck_assert_uint_eq(policy.sources[0], AUTO_BUILD);
	ck_assert_uint_eq(policy.delay, 26 * 3600);
	ck_assert_uint_eq(policy.spread, 36 * 3600);
	ck_assert_uint_eq(policy.ring, 5);
	ck_assert_uint_eq(policy.watch, 90);
	ck_assert_uint_eq(policy.probes.len, 2);
	ck_assert_str_eq(policy.probes.data[1], "/bin/b");
	ck_assert_uint_eq(policy.max_cpu, 150);
	ck_assert_uint_eq(policy.max_memory, 512ULL << 20);
	ck_assert_uint_eq(policy.max_disk, 0);
	ck_assert_uint_eq(policy.reboot_open, 20);
	ck_assert_uint_eq(policy.window.spans.len, 2);
	ck_assert_str_eq(policy.window.spans.data[0].start, "Mon..Fri 02:00");
	ck_assert_uint_eq(policy.window.spans.data[0].seconds, 210 * 60);
	ck_assert_uint_eq(policy.window.spans.data[1].seconds, 3 * 3600);
	ck_assert_str_eq(policy.window.where, "f: line 14");
}
END_TEST

START_TEST(test_wrong_lines)
{
	static const struct {
		const char *text, *message;
	} cases[] = {
		{"mode = maybe", "f: line 1: mode: 'maybe' is not observe, prepare or apply"},
		{"mode = aply", "did you mean 'apply'?"},
		{"\n\nmodus = apply", "f: line 3: 'modus' is not a key of the policy"},
		{"mod = apply", "did you mean 'mode'?"},
		{"mode", "not of the form name = value"},
		{"require-tested = no",
		 "must be yes: patches that are not tested are never loaded"},
		{"source = build, build", "'build' is there twice"},
		{"source =", "no source is named"},
		{"ring = 101", "not a percentage from 0 to 100"},
		{"ring = -1", "not a percentage"},
		{"max-cpu = 0", "leaves no time for a build"},
		{"max-cpu = %", "not a percentage"},
		{"max-memory = 0", "not a size"},
		{"max-memory = 4X", "not a size"},
		{"max-disk = 99999999999999999999", "not a size"},
		{"delay = 1 fortnight", "not a time"},
		{"delay = 1h 2", NULL},
		{"delay = 99999999999999999999d", "not a time"},
		{"delay =", "not a time"},
		{"probe = a.sh", "not the absolute path"},
		{"window = Mon..Fri 02:00", "not a window"},
		{"window = Mon..Fri", "not a window"},
		{"window = 02:00-25:00", "not a window"},
		{"window = ;", "a window or 'always' is expected"},
		{"reboot-open = 0", "not a number from 1"},
	};

	for (size_t i = 0; i < array_size(cases); i++) {
		scope_auto_policy policy = {};

		if (cases[i].message)
			ck_assert_fails(parse(&policy, cases[i].text), cases[i].message);
		else
			ck_assert_ok(parse(&policy, cases[i].text));
	}
}
END_TEST

START_TEST(test_files)
{
	scope_auto_policy policy = {};

	tree_open();
	ck_assert_ok(auto_policy_read(tree, NULL, &policy));
	ck_assert_uint_eq(policy.mode, AUTO_OBSERVE);
	put(AUTO_CONF, "mode = apply\nmax-cpu = 20%\n");
	put(AUTO_CONF_DIR "/20.conf", "mode = prepare\n");
	put(AUTO_CONF_DIR "/10.conf", "mode = observe\n");
	auto_policy_free(&policy);
	ck_assert_ok(auto_policy_read(tree, NULL, &policy));
	ck_assert_uint_eq(policy.mode, AUTO_PREPARE);
	ck_assert_uint_eq(policy.max_cpu, 20);
	put("/other.conf", "mode = apply\n");
	auto_policy_free(&policy);
	ck_assert_ok(auto_policy_read(tree, "/other.conf", &policy));
	ck_assert_uint_eq(policy.max_cpu, 50);
	auto_policy_free(&policy);
	ck_assert_fails(auto_policy_read(tree, "/none.conf", &policy), "no such file");
	auto_policy_free(&policy);

	scope_free char *open = root_path(tree, AUTO_CONF_DIR "/20.conf");

	chmod(open, 0666);
	ck_assert_fails(auto_policy_read(tree, NULL, &policy), "20.conf");
	chmod(open, 0644);
	auto_policy_free(&policy);
	put(AUTO_CONF_DIR "/20.conf", "notify = /usr/bin/tell\n");
	ck_assert_fails(auto_policy_read(tree, NULL, &policy),
			"notify: /usr/bin/tell is not an executable file");
	tree_close();
}
END_TEST

START_TEST(test_windows_are_checked_by_systemd)
{
	scope_auto_policy policy = {};
	int64_t opens;

	if (system("command -v systemd-analyze >/dev/null"))
		return;
	setenv("TZ", "UTC", 1);
	tree_open();
	put(AUTO_CONF, "mode = apply\nwindow = Mom..Fri 02:00-05:00\n");
	ck_assert_fails(auto_policy_read(tree, NULL, &policy), "auto.conf: line 2: ");
	auto_policy_free(&policy);
	put(AUTO_CONF, "window = Mon..Fri 02:00-05:00\n");
	ck_assert_ok(auto_policy_read(tree, NULL, &policy));
	/* 2026-11-30 is a Monday. */
	ck_assert_ok(auto_window_opens(&policy.window, 1796003999, &opens)); /* 01:59:59 */
	ck_assert_int_eq(opens, 1796004000);
	ck_assert_ok(auto_window_opens(&policy.window, 1796004000 + 3 * 3600 - 1, &opens));
	ck_assert_int_eq(opens, 1796004000);
	ck_assert_ok(auto_window_opens(&policy.window, 1796004000 + 3 * 3600, &opens));
	ck_assert_int_eq(opens, 1796004000 + 86400);
	tree_close();
}
END_TEST

START_TEST(test_calendar_output)
{
	int64_t when;

	ck_assert_ok(auto_calendar_parse("    Next elapse: Mon 2026-11-30 02:00:00 CET\n"
					 "       (in UTC): Mon 2026-11-30 01:00:00 UTC\n",
					 &when));
	ck_assert_int_eq(when, 1796000400);
	ck_assert_ok(auto_calendar_parse("    Next elapse: never\n", &when));
	ck_assert(when == INT64_MAX);
	ck_assert_fails(
		auto_calendar_parse("    Next elapse: Mon 2026-11-30 02:00:00 CET\n", &when),
		"no time in UTC");
	ck_assert_fails(auto_calendar_parse("", &when), "no time in UTC");
}
END_TEST

UNIT_SUITE("auto_policy", test_defaults, test_each_key_takes_its_default, test_values,
	   test_wrong_lines, test_files, test_windows_are_checked_by_systemd, test_calendar_output)
