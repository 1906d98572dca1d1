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
	ck_assert(!safe_with("Restart=always\n[Unit]\nRefuseManualStop=yes"));
	ck_assert(!safe_with("Restart=always\nDelegate=cpu memory"));
	ck_assert(safe_with("Restart=always\nDelegate=no"));
	/* What users, guests or a connection depend on is left. */
	ck_assert(!safe_with("Restart=always\nPAMName=login\nTTYPath=/dev/tty1"));
	ck_assert(!safe_with("Restart=always\nStandardInput=tty-force"));
	ck_assert(!safe_with("Restart=always\nSlice=machine.slice"));
	ck_assert(!safe_with("Restart=always\nStandardInput=socket"));
	ck_assert(safe_with("Restart=always\nStandardInput=null\nSlice=system-web.slice"));
	put("/run/systemd/machines/m", "# x\nNAME=m\nUNIT=web.service\n");
	ck_assert(!safe_with("Restart=always"));
	put("/run/systemd/machines/m", "# x\nNAME=m\nUNIT=webs.service\n");
	ck_assert(safe_with("Restart=always"));
	/* Only settings of their sections count, and no parts of others' values. */
	ck_assert(!safe_with("[X-Vendor]\nRestart=always"));
	ck_assert(!safe_with("ExecStart=/bin/env \\\n # a comment\n Restart=always /bin/x"));
	ck_assert(safe_with("ExecStart=/bin/env \\\n x\nRestart=\\\nalways"));
	ck_assert(safe_with("[Unit]\nRestart=no\n[Service]\nRestart=always"));
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
		"xendomains.service",
		"lxcfs.service",
		"lxc@a.service",
		"rc-local.service",
		"virtlogd.service",
		"virtlockd.service",
		"usbguard.service",
		"frr.service",
		"bird.service",
		"tinc@a.service",
		"strongswan.service",
		"xrdp.service",
		"ModemManager.service",
		"bluetooth.service",
		"cron-backup.service",
		"pacemaker.service",
		"corosync.service",
		"ceph-osd@1.service",
		"watchdog.service",

		"x2gocleansessions.service",
		"booth@a.service",
		"ssh@1-10.0.0.1:22-10.0.0.2:5.service",
		"my-own.service",
	};

	for (size_t i = 0; i < array_size(units); i++)
		expect_left(units[i], i < array_size(units) - 2 ? "[Service]\nRestart=always\n"
								: "[Service]\n");
}
END_TEST

START_TEST(drop_ins_of_prefixes)
{
	machine("252");
	put_process(7, "x", "/system.slice/app-a-b@1.service");
	add_map(7, "r-xp", "/usr/lib/libssl.so", "/usr/lib/libssl.so");
	put("/usr/lib/systemd/system/app-a-b@.service", "[Service]\nRestart=always\n");
	upgrade("/usr/lib/libssl.so");
	ask(SOURCE_NONE, NULL);
	ck_assert(service("app-a-b@1.service")->apply);
	/* Those of the template's beginnings apply, in the order of their names. */
	put("/etc/systemd/system/app-@.service.d/10-own.conf", "[Service]\nRestart=no\n");
	ask(SOURCE_NONE, NULL);
	ck_assert(!service("app-a-b@1.service")->apply);
	put("/usr/lib/systemd/system/app-a-.service.d/20-own.conf", "[Service]\nRestart=always\n");
	ask(SOURCE_NONE, NULL);
	ck_assert(service("app-a-b@1.service")->apply);
	put("/etc/systemd/system/app-a-b@1.service.d/15-own.conf", "[Service]\nRestart=no\n");
	ask(SOURCE_NONE, NULL);
	ck_assert(service("app-a-b@1.service")->apply);
	/* A file replaces others of its name that have less precedence. */
	put("/etc/systemd/system/app-a-.service.d/20-own.conf", "");
	ask(SOURCE_NONE, NULL);
	ck_assert(!service("app-a-b@1.service")->apply);
	done();
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

START_TEST(what_a_restart_leaves_is_told)
{
	machine("252");
	put("/usr/lib/systemd/system/web.service", "[Service]\nRestart=always\nKillMode=process\n");
	put_process(6, "web", "/system.slice/web.service");
	add_map(6, "r-xp", "/usr/lib/libssl.so", "/usr/lib/libssl.so");
	upgrade("/usr/lib/libssl.so");
	ck_assert_ok(root_make_dir(tree, "/run/systemd/units"));
	put_link("/run/systemd/units/invocation:web.service", "aaaa");
	put("/proc/7/environ", "INVOCATION_ID=aaaa");
	put("/proc/6/environ", "INVOCATION_ID=bbbb");
	ask(SOURCE_NONE, NULL);
	ck_assert_ptr_nonnull(service("web.service")->command);
	ck_assert_ptr_nonnull(strstr(service("web.service")->why, "does not end 1 of the"));
	done();
}
END_TEST

START_TEST(log_outs_that_would_change_nothing)
{
	machine("252");
	put("/etc/passwd", "root:x:0:0::/root:/bin/sh\nu:x:1000:1000::/var/u:/bin/sh\n");
	put_process(6, "podman",
		    "/user.slice/user-1000.slice/user@1000.service/app.slice/p.service");
	add_map(6, "r-xp", "/usr/lib/libc.so", "/usr/lib/libc.so");
	upgrade("/usr/lib/libc.so");
	put("/run/systemd/sessions/1", "# x\nUID=0\nSTATE=active\n");
	ask(SOURCE_NONE, NULL);
	ck_assert_ptr_null(service("session-1.scope")->command);
	ck_assert_ptr_null(service("user@1000.service")->command);
	put("/run/systemd/sessions/1", "# x\nUID=0\nSTATE=closing\n");
	put("/var/lib/systemd/linger/u", "");
	ask(SOURCE_NONE, NULL);
	ck_assert_str_eq(service("session-1.scope")->command, "systemctl stop session-1.scope");
	ck_assert(!service("session-1.scope")->apply);
	ck_assert_str_eq(service("user@1000.service")->command,
			 "systemctl restart user@1000.service");
	ck_assert_ok(root_remove(tree, "/run/systemd/sessions/1"));
	ask(SOURCE_NONE, NULL);
	ck_assert_ptr_nonnull(strstr(service("session-1.scope")->why, "has logged out already"));
	done();
}
END_TEST

START_TEST(no_flag_for_a_reboot_that_changes_nothing)
{
	bool changed;

	machine("252");
	put_image("6.1.0-55-amd64", BUILD_55);
	put_image("6.1.0-56-amd64", BUILD_56);
	put("/boot/grub/grub.cfg", "set default=\"${saved_entry}\"\n"
				   "menuentry 'a' {\n linux /vmlinuz-6.1.0-55-amd64\n}\n"
				   "menuentry 'b' {\n linux /vmlinuz-6.1.0-56-amd64\n}\n");
	put("/boot/grub/grubenv", "# GRUB Environment Block\nsaved_entry=a\n####");
	ask(SOURCE_NONE, NULL);
	ck_assert_int_eq(advice->now, VERDICT_REBOOT);
	ck_assert(advice->kernel.boots_again);
	ck_assert_ok(advise_flag_update(tree, advice, &changed));
	ck_assert(!root_exists(tree, "/run/reboot-required"));
	put("/boot/grub/grubenv", "# GRUB Environment Block\nsaved_entry=b\n####");
	ask(SOURCE_NONE, NULL);
	ck_assert(!advice->kernel.boots_again);
	ck_assert_ok(advise_flag_update(tree, advice, &changed));
	ck_assert(root_exists(tree, "/run/reboot-required"));
	/* An older kernel would not do either. */
	put_image("6.1.0-54-amd64", "#1 SMP Debian 6.1.170-1 (2026-01-01)");
	put("/boot/grub/grub.cfg", "set default=\"${saved_entry}\"\n"
				   "menuentry 'a' {\n linux /vmlinuz-6.1.0-54-amd64\n}\n"
				   "menuentry 'b' {\n linux /vmlinuz-6.1.0-56-amd64\n}\n");
	put("/boot/grub/grubenv", "# GRUB Environment Block\nsaved_entry=a\n####");
	ask(SOURCE_NONE, NULL);
	ck_assert_int_eq(advice->kernel.state, KERNEL_OLD);
	ck_assert(advice->kernel.boots_again);
	ck_assert_ok(advise_flag_update(tree, advice, &changed));
	ck_assert(!root_exists(tree, "/run/reboot-required"));
	put("/boot/grub/grubenv", "# GRUB Environment Block\nsaved_entry=b\n####");
	/* Another build of the running release is another kernel. */
	put("/proc/sys/kernel/osrelease", "6.1.0-56-amd64\n");
	put("/proc/sys/kernel/version", BUILD_55);
	ask(SOURCE_NONE, NULL);
	ck_assert_int_eq(advice->kernel.state, KERNEL_OLD);
	ck_assert(!advice->kernel.boots_again);
	done();
}
END_TEST

/* Has the web server run a file that was removed; says whether it needs a restart. */
static bool stale_without(const char *path)
{
	scope_free char *name = xasprintf("%s (deleted)", path);
	scope_free char *full = root_path(tree, path);

	put("/proc/7/maps", "");
	put(path, "code");
	add_map(7, "r-xp", path, name);
	unlink(full);
	ask(SOURCE_NONE, NULL);
	ck_assert_uint_eq(advice->temporary.len, service("web.service") ? 0 : 1);
	ck_assert(service("web.service") || advice->now == VERDICT_NOTHING);
	return service("web.service");
}

START_TEST(temporary_code_is_a_class_of_its_own)
{
	machine("252");
	put("/var/lib/jenkins/keep", "");
	ck_assert(!stale_without("/var/lib/jenkins/jna8432983742.cache"));
	ck_assert_ptr_nonnull(strstr(advice->notes.data[0], "belongs to no package"));
	ck_assert(!stale_without("/var/lib/jenkins/ehcache-sizeof-agent6549871.jar"));
	ck_assert(!stale_without("/root/.cache/libzstd-jni-1.5.2-3123456789.so"));
	ck_assert(!stale_without("/srv/x/orc-AbC12.so"));
	ck_assert(!stale_without("/srv/u/snappy-1.1.10-5a1e07d3-libsnappyjava.so"));
	ck_assert(!stale_without("/srv/x/libnetty_tcnative_linux_x86_6412345678.so"));
	/* Another run of the program has its own file. */
	put("/root/.cache/libzstd-jni-1.5.2-9876543210.so", "");
	ck_assert(!stale_without("/root/.cache/libzstd-jni-1.5.2-3123456789.so"));
	/* An update has removed these. */
	ck_assert(stale_without("/usr/lib/libjna8432983742.so"));
	ck_assert(stale_without("/opt/app/jna8432983742.tmp.so"));
	put("/srv/app/lib/libx.so.1.11", "");
	ck_assert(stale_without("/srv/app/lib/libx.so.1.2"));
	put("/var/lib/dpkg/info/app.list", "/srv\n/srv/app/plain.so\n");
	ck_assert(stale_without("/srv/app/plain.so"));
	put("/var/lib/dpkg/info/app.list", "/srv\n/srv/app/plain.so.d\n/x/srv/app/plain.so\n");
	ck_assert(!stale_without("/srv/app/plain.so"));
	put("/srv/old/lib.so", "");
	put("/proc/7/maps", "");
	add_map(7, "r-xp", "/srv/old/lib.so", "/srv/old/lib.so (deleted)");
	ck_assert_ok(root_remove(tree, "/srv/old/lib.so"));

	scope_free char *folder = root_path(tree, "/srv/old");

	ck_assert_int_eq(rmdir(folder), 0);
	ask(SOURCE_NONE, NULL);
	ck_assert_ptr_nonnull(service("web.service"));
	done();
}
END_TEST

UNIT_SUITE("advise-safe", units_say_whether_a_restart_is_safe, what_is_not_known_is_left,
	   drop_ins_of_prefixes, a_restart_that_would_change_nothing, what_a_restart_leaves_is_told,
	   log_outs_that_would_change_nothing, no_flag_for_a_reboot_that_changes_nothing,
	   temporary_code_is_a_class_of_its_own)
