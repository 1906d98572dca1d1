/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a restart or a log-out would harm, and what it would leave, on made-up machines. */
#include "advise/rules.h"
#include "advise_machine.h"

/* Makes web.service, which restarts by itself, run an old library. */
static void stale_web(const char *lines)
{
	scope_free char *text = xasprintf("[Service]\nRestart=on-failure\n%s\n", lines);

	machine("252");
	put("/usr/lib/systemd/system/web.service", text);
	upgrade("/usr/lib/libssl.so");
}

static const struct advise_service *web(void)
{
	ask(SOURCE_NONE, NULL);
	return service("web.service");
}

/* Has a process hold a file open. */
static void put_open(int pid, const char *link)
{
	scope_free char *folder = xasprintf("/proc/%d/fd", pid);
	scope_free char *path = xasprintf("%s/5", folder);

	ck_assert_ok(root_make_dir(tree, folder));
	put_link(path, link);
}

START_TEST(all_processes_of_the_unit_count)
{
	static const char *const devices[] = {"/dev/kvm", "/dev/fuse", "anon_inode:kvm-vm"};

	for (size_t i = 0; i < array_size(devices); i++) {
		stale_web("");
		put_process(5, "other", "/system.slice/web.service");
		put_process(6, "another", "/system.slice/another.service");
		put_open(6, devices[i]);
		ck_assert(web()->apply);
		put_open(5, devices[i]);
		ck_assert_msg(!web()->apply, "%s", devices[i]);
		ck_assert_ptr_nonnull(strstr(service("web.service")->why, devices[i]));
		done();
	}
}
END_TEST

START_TEST(devices_that_others_depend_on)
{
	static const char *const held[] = {
		"/dev/nbd0",   "/dev/uio0",  "/dev/vboxdrv", "/dev/ptmx",
		"/dev/vfio/7", "/dev/snd/x", "/dev/my-own",  "anon_inode:[vfio-device]"};
	static const char *const harmless[] = {"/dev/null",   "/dev/shm/x (deleted)",
					       "/dev/pts/3",  "/dev/urandom",
					       "/devel/fuse", "anon_inode:[eventpoll]"};

	for (size_t i = 0; i < array_size(held) + array_size(harmless); i++) {
		bool safe = i >= array_size(held);

		stale_web("");
		put_open(7, safe ? harmless[i - array_size(held)] : held[i]);
		ck_assert_msg(web()->apply == safe, "%zu", i);
		done();
	}
}
END_TEST

START_TEST(units_that_stop_with_it)
{
	static const struct {
		const char *path, *text;
		bool harm, for_rule;
	} others[] = {
		{"/etc/systemd/system/data.mount", "[Unit]\nBindsTo=web.service\n", true, true},
		{"/run/systemd/generator/data.mount", "[Unit]\nRequires=a.service web.service\n",
		 true, true},
		{"/etc/systemd/system/vm.service", "[Unit]\nPartOf=web.service\n", true, false},
		{"/etc/systemd/system/vm.service.d/a.conf", "[Unit]\nPartOf=\\\n alias.service\n",
		 true, false},
		{"/usr/lib/systemd/system/vm@.service", "[Unit]\nRequisite=web%i.service\n", true,
		 false},
		{"/usr/lib/systemd/system/vm@.service", "[Unit]\nBindsTo=%i.service\n", true,
		 false},
		{"/usr/lib/systemd/system/vm@.service", "[Unit]\nBindsTo=%i.device\n", false,
		 false},
		{"/usr/lib/systemd/system/vm@.service", "[Unit]\nRequires=w%i.socket\n", false,
		 false},
		{"/etc/systemd/system/data.mount.requires/web.service", "", true, true},
		{"/etc/systemd/system/web.service.d/x.conf",
		 "[Unit]\nPropagatesStopTo=data.mount\n", true, true},
		{"/etc/systemd/system/data.mount", "[Unit]\nAfter=web.service\n", false, false},
		{"/etc/systemd/system/data.mount", "[Unit]\nBindsTo=webs.service\n", false, false},
		{"/etc/systemd/system/data.mount", "[X]\nBindsTo=web.service\n", false, false},
		{"/etc/systemd/system/web.socket", "[Unit]\nPartOf=web.service\n", false, false},
	};

	for (size_t i = 0; i < array_size(others); i++) {
		stale_web("");
		ck_assert_ok(root_make_dir(tree, "/etc/systemd/system"));
		put_link("/etc/systemd/system/alias.service",
			 "/usr/lib/systemd/system/web.service");
		put(others[i].path, others[i].text);
		ck_assert_msg(web()->apply != others[i].harm, "%zu", i);
		put("/etc/suture/advise.d/own.conf",
		    "[unit own]\nmatch = web.service\napply = yes\n");
		ck_assert_msg(web()->apply != others[i].for_rule, "%zu", i);
		done();
	}
}
END_TEST

START_TEST(units_known_by_name)
{
	static const char *const units[] = {
		"beegfs-client.service",
		"juicefs.service",
		"nbd@nbd0.service",
		"rbd-nbd@a.service",
		"tcmu-runner.service",
		"snap.lxd.daemon.service",
		"oxenstored.service",
		"nxserver.service",
		"ovs-vswitchd.service",
		"vpp.service",
		"openvswitch-switch.service",
		"snap.microk8s.daemon-containerd.service",
		"stonith.service",
		"fenced.service",
		"dbus-daemon.service",
	};

	for (size_t i = 0; i < array_size(units); i++)
		expect_left(units[i], "[Service]\nRestart=on-failure\n");
	stale_web("Slice=\"machine.slice\"");
	ck_assert(!web()->apply);
	done();
}
END_TEST

/* No rule makes systemd do what it refuses. */
START_TEST(rules_do_not_overrule_systemd)
{
	static const char *const lines[] = {"Type=oneshot", "[Unit]\nRefuseManualStop=yes",
					    "[Unit]\nRefuseManualStart=1", "KillMode=none"};

	for (size_t i = 0; i < array_size(lines); i++) {
		stale_web(lines[i]);
		put("/etc/suture/advise.d/own.conf",
		    "[unit own]\nmatch = web.service\napply = yes\n");
		ck_assert_msg(!web()->apply, "%s", lines[i]);
		ck_assert_ptr_null(service("web.service")->command);
		done();
	}
	stale_web("");
	put("/etc/suture/advise.d/own.conf", "[unit own]\nmatch = web.service\napply = yes\n");
	ck_assert(web()->apply);
	/* A restart would fail. */
	ck_assert_ok(root_make_dir(tree, "/etc/systemd/system"));
	put_link("/etc/systemd/system/web.service", "/dev/null");
	ck_assert(!web()->apply);
	ck_assert_ptr_null(service("web.service")->command);
	ck_assert_ptr_nonnull(strstr(service("web.service")->why, "masked"));
	ck_assert_ok(root_remove(tree, "/etc/systemd/system/web.service"));
	ck_assert_ok(root_remove(tree, "/usr/lib/systemd/system/web.service"));
	ck_assert(!web()->apply);
	ck_assert_ptr_null(service("web.service")->command);
	done();
}
END_TEST

/* Gives a process a parent. */
static void put_parent(int pid, int parent)
{
	scope_free char *path = xasprintf("/proc/%d/stat", pid);
	scope_free char *text = xasprintf(
		"%d (x) S %d 1 1 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 1 0 500 1 1\n", pid, parent);

	put(path, text);
}

START_TEST(children_stay_with_killmode_process)
{
	stale_web("KillMode=process");
	put_process(6, "main", "/system.slice/web.service");
	put_parent(7, 6);
	ck_assert(!web()->apply);
	ck_assert_ptr_null(service("web.service")->command);
	ck_assert_ptr_nonnull(strstr(service("web.service")->why, "does not end it"));
	/* Without its parent, it is the oldest one that may be the main process. */
	put_parent(7, 1);
	put("/proc/6/cgroup", "0::/system.slice/other.service\n");
	ck_assert(web()->apply);
	ck_assert_ptr_nonnull(service("web.service")->command);
	done();
	/* Of two, one stays. */
	stale_web("KillMode=process");
	put_process(8, "child", "/system.slice/web.service");
	add_map(8, "r-xp", "/usr/lib/libc.so", "/usr/lib/libc.so");
	put_parent(8, 7);
	upgrade("/usr/lib/libc.so");
	ck_assert_ptr_nonnull(strstr(web()->why, "does not end 1 of the processes"));
	done();
}
END_TEST

START_TEST(processes_of_units_that_do_not_run)
{
	stale_web("");
	ck_assert_ok(root_make_dir(tree, "/run/systemd/units"));
	put_link("/run/systemd/units/invocation:other.service", "aaaa");
	ck_assert(!web()->apply);
	ck_assert_ptr_null(service("web.service")->command);
	ck_assert_ptr_nonnull(strstr(service("web.service")->why, "does not run any more"));
	put_link("/run/systemd/units/invocation:web.service", "bbbb");
	ck_assert(web()->apply);
	done();
}
END_TEST

START_TEST(what_a_log_out_leaves)
{
	machine("252");
	put_process(6, "tmux: server", "/user.slice/user-0.slice/session-1.scope");
	add_map(6, "r-xp", "/usr/lib/libc.so", "/usr/lib/libc.so");
	put_process(5, "sshd", "/user.slice/user-0.slice/session-1.scope");
	put_parent(9, 5);
	put("/run/systemd/sessions/1", "# x\nUID=1000\nSTATE=active\nLEADER=5\n");
	upgrade("/usr/lib/libc.so");
	ask(SOURCE_NONE, NULL);
	ck_assert_ptr_nonnull(strstr(service("session-1.scope")->why, "does not end 1 of the"));
	/* What runs in it stays as well. */
	put_parent(9, 6);
	ask(SOURCE_NONE, NULL);
	ck_assert_ptr_nonnull(strstr(service("session-1.scope")->why, "does not end 2 of the"));
	ck_assert_ptr_null(strstr(service("session-1.scope")->why, "ends with its user"));
	put("/etc/systemd/logind.conf", "[Login]\n#KillUserProcesses=no\n");
	put("/etc/systemd/logind.conf.d/a.conf", "[Login]\nKillUserProcesses=yes\n");
	ask(SOURCE_NONE, NULL);
	ck_assert_ptr_nonnull(strstr(service("session-1.scope")->why, "ends with its user"));
	/* Those of root are left alone by default. */
	put("/run/systemd/sessions/1", "# x\nUID=0\nSTATE=active\nLEADER=5\n");
	ask(SOURCE_NONE, NULL);
	ck_assert_ptr_nonnull(strstr(service("session-1.scope")->why, "does not end 2 of the"));
	done();
}
END_TEST

START_TEST(users_of_a_directory_linger)
{
	machine("252");
	put("/etc/passwd", "root:x:0:0::/root:/bin/sh\nu:x:1000:1000::/var/u:/bin/sh\n");
	put_process(6, "x", "/user.slice/user-9000.slice/user@9000.service/app.slice/p.service");
	add_map(6, "r-xp", "/usr/lib/libc.so", "/usr/lib/libc.so");
	upgrade("/usr/lib/libc.so");
	put("/var/lib/systemd/linger/u", "");
	ask(SOURCE_NONE, NULL);
	ck_assert_ptr_null(service("user@9000.service")->command);
	put("/run/systemd/users/9000", "# x\nNAME=ldap-user\nSTATE=active\n");
	put("/var/lib/systemd/linger/ldap-user", "");
	ask(SOURCE_NONE, NULL);
	ck_assert_ptr_nonnull(service("user@9000.service")->command);
	ck_assert_ok(root_remove(tree, "/run/systemd/users/9000"));
	ask(SOURCE_NONE, NULL);
	ck_assert_ptr_nonnull(service("user@9000.service")->command);
	put("/run/systemd/users/9000", "# x\nNAME=other\nSTATE=active\n");
	ask(SOURCE_NONE, NULL);
	ck_assert_ptr_null(service("user@9000.service")->command);
	done();
}
END_TEST

START_TEST(rules_on_names)
{
	static const char *const kernels[] = {"kernel-debug-core",   "kernel-rt-debug-core",
					      "kernel-azure-core",   "kernel-preempt",
					      "kernel6.12",	     "raspberrypi-kernel",
					      "kernel-debug-modules"};
	static const char *const others[] = {"kernel-debug-devel", "kernel-azure-devel",
					     "raspberrypi-kernel-headers", "kernel-headers"};
	scope_rules rules = NULL;

	tree_open();
	ck_assert_ok(rules_load(tree, &rules));
	for (size_t i = 0; i < array_size(kernels); i++) {
		const struct advise_rule *rule = rules_find(rules, RULE_PACKAGE, kernels[i]);

		ck_assert_msg(rule && rule->action == RULE_KERNEL, "%s", kernels[i]);
	}
	for (size_t i = 0; i < array_size(others); i++)
		ck_assert_msg(!rules_find(rules, RULE_PACKAGE, others[i]), "%s", others[i]);
	/* Files that NFS keeps for processes, and those that only look like them. */
	ck_assert(rules_find(rules, RULE_FILE, "/srv/.nfs0000a1"));
	ck_assert(!rules_find(rules, RULE_FILE, "/usr/lib/libfsal.nfsd.so"));
	tree_close();
}
END_TEST

UNIT_SUITE("advise-restart", all_processes_of_the_unit_count, devices_that_others_depend_on,
	   units_that_stop_with_it, units_known_by_name, rules_do_not_overrule_systemd,
	   children_stay_with_killmode_process, processes_of_units_that_do_not_run,
	   what_a_log_out_leaves, users_of_a_directory_linger, rules_on_names)
