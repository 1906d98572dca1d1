/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which services may be restarted without asking, on made-up machines. */
#include "advise_machine.h"

/* Returns whether web.service may be restarted with these lines in its unit file. */
static bool safe_with(const char *lines)
{
	scope_free char *text = xasprintf("[Service]\n%s\n", lines);

	put("/usr/lib/systemd/system/web.service", text);
	ask(SOURCE_NONE, NULL);
	return service("web.service")->apply;
}

START_TEST(units_say_whether_a_restart_is_safe)
{
	machine("252");
	upgrade("/usr/lib/libssl.so");
	ck_assert(safe_with("Restart=always"));
	ck_assert(!safe_with(""));
	ck_assert(!safe_with("Restart=no"));
	ck_assert(!safe_with("Restart=on-abort"));
	ck_assert(!safe_with("Restart=always\nType=oneshot"));
	ck_assert_ptr_null(service("web.service")->command);
	ck_assert(!safe_with("Restart=always\nRefuseManualStop=yes"));
	ck_assert(!safe_with("Restart=always\nDelegate=cpu memory"));
	ck_assert(safe_with("Restart=always\nDelegate=no"));
	put("/etc/systemd/system/web.service.d/own.conf", "[Service]\nRestart=no\n");
	ck_assert(!safe_with("Restart=always"));
	put("/etc/systemd/system/web.service.d/own.conf", "");
	ck_assert_ok(root_make_dir(tree, "/proc/7/fd"));
	put_link("/proc/7/fd/5", "/dev/null");
	ck_assert(safe_with("Restart=always"));
	put_link("/proc/7/fd/6", "/dev/fuse");
	ck_assert(!safe_with("Restart=always"));
	ck_assert_ptr_nonnull(strstr(service("web.service")->why, "serves a file system"));
	done();
}
END_TEST

START_TEST(what_is_not_known_is_left)
{
	static const char *const units[] = {
		"xendomains.service",	"lxcfs.service",      "lxc@a.service",
		"rc-local.service",	"virtlogd.service",   "virtlockd.service",
		"usbguard.service",	"frr.service",	      "bird.service",
		"tinc@a.service",	"strongswan.service", "xrdp.service",
		"ModemManager.service", "bluetooth.service",  "cron-backup.service",
		"pacemaker.service",	"corosync.service",   "ceph-osd@1.service",
		"watchdog.service",	"my-own.service",
	};

	for (size_t i = 0; i < array_size(units); i++) {
		scope_free char *group = xasprintf("/system.slice/%s", units[i]);
		scope_free char *file = xasprintf("/usr/lib/systemd/system/%s", units[i]);

		machine("252");
		put_process(9, "x", group);
		add_map(9, "r-xp", "/usr/lib/libssl.so", "/usr/lib/libssl.so");
		put(file,
		    i < array_size(units) - 1 ? "[Service]\nRestart=always\n" : "[Service]\n");
		upgrade("/usr/lib/libssl.so");
		ask(SOURCE_NONE, NULL);
		ck_assert_msg(service(units[i]) && !service(units[i])->apply, "%s", units[i]);
		done();
	}
}
END_TEST

START_TEST(a_restart_that_would_change_nothing)
{
	machine("252");
	put("/usr/lib/systemd/system/web.service", "[Service]\nRestart=always\nKillMode=process\n");
	upgrade("/usr/lib/libssl.so");
	ck_assert_ok(root_make_dir(tree, "/run/systemd/units"));
	put_link("/run/systemd/units/invocation:web.service", "aaaa");
	put("/proc/7/environ", "INVOCATION_ID=aaaa");
	ask(SOURCE_NONE, NULL);
	ck_assert(service("web.service")->apply);
	put("/proc/7/environ", "INVOCATION_ID=bbbb");
	ask(SOURCE_NONE, NULL);
	ck_assert(!service("web.service")->apply);
	ck_assert_ptr_null(service("web.service")->command);
	ck_assert_ptr_nonnull(strstr(service("web.service")->why, "does not end it"));
	done();
}
END_TEST

UNIT_SUITE("advise-safe", units_say_whether_a_restart_is_safe, what_is_not_known_is_left,
	   a_restart_that_would_change_nothing)
