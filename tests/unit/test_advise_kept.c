/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What was known of a transaction before it is still known after it, until the next boot. */
#include "advise_machine.h"

#define BOOT_ID "/proc/sys/kernel/random/boot_id"

static void installed(const char *version)
{
	scope_free char *status = xasprintf("Package: other\nStatus: install ok installed\n"
					    "Architecture: amd64\nVersion: 9\n\n"
					    "Package: firmware-nic\nStatus: install ok installed\n"
					    "Architecture: all\nVersion: %s\n",
					    version);

	put("/var/lib/dpkg/status", status);
}

/* Records a transaction with one package, then returns the verdict on the machine. */
static enum advise_verdict after(const char *package, bool vendor_reboot)
{
	struct advise_update_vec updates = {};

	add_update(&updates, package, "1", "2");
	updates.data[0].vendor_reboot = vendor_reboot;
	ask(SOURCE_GIVEN, &updates);
	ck_assert_ok(advise_keep(tree, advice));
	ask(SOURCE_NONE, NULL);
	return advice->now;
}

START_TEST(a_reboot_is_not_forgotten)
{
	bool changed;

	machine("252");
	put(BOOT_ID, "one\n");
	installed("2");
	ck_assert_int_eq(after("firmware-nic", false), VERDICT_REBOOT);
	ck_assert_uint_eq(advice->kept.len, 1);
	ck_assert_ok(advise_flag_update(tree, advice, &changed));
	ck_assert(root_exists(tree, "/run/reboot-required"));
	ask(SOURCE_NONE, NULL);
	ck_assert_int_eq(advice->now, VERDICT_REBOOT);
	/* The transaction was undone, so its record is dropped. */
	installed("1");
	ask(SOURCE_NONE, NULL);
	ck_assert_int_eq(advice->now, VERDICT_NOTHING);
	/* Another version was installed since, without a hook; the device runs neither. */
	installed("3");
	ask(SOURCE_NONE, NULL);
	ck_assert_int_eq(advice->now, VERDICT_REBOOT);
	/* The machine has booted again, so the record is dropped. */
	installed("2");
	ask(SOURCE_NONE, NULL);
	ck_assert_int_eq(advice->now, VERDICT_REBOOT);
	put(BOOT_ID, "two\n");
	ask(SOURCE_NONE, NULL);
	ck_assert_int_eq(advice->now, VERDICT_NOTHING);
	ck_assert_ok(advise_flag_update(tree, advice, &changed));
	ck_assert(!root_exists(tree, "/run/reboot-required"));
	done();
}
END_TEST

START_TEST(two_updates_of_one_package)
{
	struct advise_update_vec updates = {};

	machine("252");
	put(BOOT_ID, "one\n");
	installed("2");
	ck_assert_int_eq(after("firmware-nic", false), VERDICT_REBOOT);
	add_update(&updates, "firmware-nic", "2", "3");
	ask(SOURCE_GIVEN, &updates);
	ck_assert_ok(advise_keep(tree, advice));
	installed("3");
	ask(SOURCE_NONE, NULL);
	ck_assert_uint_eq(advice->kept.len, 1);
	/* The second update is undone, the first one is not. */
	installed("2");
	ask(SOURCE_NONE, NULL);
	ck_assert_int_eq(advice->now, VERDICT_REBOOT);
	installed("1");
	ask(SOURCE_NONE, NULL);
	ck_assert_int_eq(advice->now, VERDICT_NOTHING);
	done();
}
END_TEST

START_TEST(others_that_leave_no_file_behind)
{
	machine("252"); /* dpkg does not answer, so the record counts */
	put(BOOT_ID, "one\n");
	ck_assert_int_eq(after("xen-hypervisor-4.17-amd64", false), VERDICT_REBOOT);
	done();
	machine("252");
	put(BOOT_ID, "one\n");
	ck_assert_int_eq(after("some-package", true), VERDICT_REBOOT);
	done();
	machine("252");
	put(BOOT_ID, "one\n");
	put("/proc/modules", "zfs 1 0 - Live 0x0 (OE)\n");
	ck_assert_int_eq(after("zfs-dkms", false), VERDICT_REBOOT);
	done();
	machine("252");
	put(BOOT_ID, "one\n");
	ck_assert_int_eq(after("doc", false), VERDICT_NOTHING);
	ck_assert(!root_exists(tree, "/run/suture/transactions.json"));
	done();
}
END_TEST

/* Its files are used, but restarting these does not bring what the vendor asks for. */
START_TEST(vendors_ask_for_more_than_processes)
{
	machine("252");
	put(BOOT_ID, "one\n");
	ck_assert_int_eq(after("libssl", true), VERDICT_REBOOT);
	done();
	machine("252");
	put(BOOT_ID, "one\n");
	ck_assert_int_eq(after("libssl", false), VERDICT_NOTHING);
	done();
	/* A rule asks for one already, and the package has files in use. */
	machine("252");
	put(BOOT_ID, "one\n");
	put("/etc/suture/advise.d/own.conf", "[package own]\nmatch = libssl\naction = kexec\n");
	ck_assert_int_eq(after("libssl", true), VERDICT_REBOOT);
	done();
}
END_TEST

START_TEST(actions_below_a_reboot)
{
	/* systemd 254 can soft-reboot, which leaves the boot's id as it is. */
	machine("254");
	put(BOOT_ID, "one\n");
	put("/etc/suture/advise.d/own.conf", "[package own]\nmatch = doc\naction = soft-reboot\n");
	ck_assert_ok(root_make_dir(tree, "/run/systemd/units"));
	put_link("/run/systemd/units/invocation:sysinit.target", "aaaa");
	ck_assert_int_eq(after("doc", false), VERDICT_SOFT_REBOOT);
	ask(SOURCE_NONE, NULL);
	ck_assert_int_eq(advice->now, VERDICT_SOFT_REBOOT);
	put_link("/run/systemd/units/invocation:sysinit.target", "bbbb");
	ask(SOURCE_NONE, NULL);
	ck_assert_int_eq(advice->now, VERDICT_NOTHING);
	done();
	machine("252");
	put(BOOT_ID, "one\n");
	put("/etc/suture/advise.d/own.conf", "[package own]\nmatch = doc\naction = log-out\n");
	put("/run/systemd/sessions/1", "# x\nUID=0\nREALTIME=1000000000000000\n");
	ck_assert_int_eq(after("doc", false), VERDICT_RESTART);
	/* Everybody has logged out and in again. */
	put("/run/systemd/sessions/1", "# x\nUID=0\nREALTIME=99000000000000000\n");
	ask(SOURCE_NONE, NULL);
	ck_assert_int_eq(advice->now, VERDICT_NOTHING);
	done();
}
END_TEST

START_TEST(states_of_dpkg)
{
	static const struct {
		const char *state;
		enum advise_verdict verdict;
	} states[] = {
		{"install ok triggers-pending", VERDICT_REBOOT},
		{"install ok triggers-awaited", VERDICT_REBOOT},
		{"install ok half-configured", VERDICT_REBOOT},
		{"install ok unpacked", VERDICT_REBOOT},
		{"deinstall ok config-files", VERDICT_NOTHING},
		{"purge ok not-installed", VERDICT_NOTHING},
	};

	for (size_t i = 0; i < array_size(states); i++) {
		scope_free char *status = xasprintf("Package: firmware-nic\nStatus: %s\n"
						    "Architecture: all\nVersion: 2\n",
						    states[i].state);

		machine("252");
		put(BOOT_ID, "one\n");
		put("/var/lib/dpkg/status", status);
		ck_assert_msg(after("firmware-nic", false) == states[i].verdict, "%s",
			      states[i].state);
		done();
	}
}
END_TEST

START_TEST(reverse_transactions_of_rpm)
{
	struct advise_update_vec updates = {};

	machine("252"); /* dpkg does not answer */
	put(BOOT_ID, "one\n");
	ck_assert_int_eq(after("linux-firmware", false), VERDICT_REBOOT);
	/* It is taken back, which counts once rpm has done it. */
	add_update(&updates, "linux-firmware", "2", "1");
	ask(SOURCE_GIVEN, &updates);
	ck_assert_ok(advise_keep(tree, advice));
	ask(SOURCE_NONE, NULL);
	ck_assert_int_eq(advice->now, VERDICT_REBOOT);
	put("/usr/lib/sysimage/rpm/rpmdb.sqlite", "");
	ask(SOURCE_NONE, NULL);
	ck_assert_int_eq(advice->now, VERDICT_NOTHING);
	done();
}
END_TEST

START_TEST(damaged_records_say_nothing)
{
	static const char *const texts[] = {
		"",
		"[",
		"[]",
		"{\"boot_id\": \"one\"}",
		"{\"boot_id\": \"one\", \"packages\": [1, {}, {\"package\": \"a\"}]}",
		"{\"boot_id\": \"one\", \"packages\": [{\"package\": \"a\", \"arch\": \"b\", "
		"\"version\": \"1\", \"why\": \"w\", \"action\": 77}]}",
	};

	machine("252");
	put(BOOT_ID, "one\n");
	for (size_t i = 0; i < array_size(texts); i++) {
		put("/run/suture/transactions.json", texts[i]);
		ask(SOURCE_NONE, NULL);
		ck_assert_int_eq(advice->now, VERDICT_NOTHING);
		ck_assert_uint_eq(advice->kept.len, 0);
	}
	done();
}
END_TEST

UNIT_SUITE("advise-kept", a_reboot_is_not_forgotten, two_updates_of_one_package,
	   others_that_leave_no_file_behind, vendors_ask_for_more_than_processes,
	   actions_below_a_reboot, states_of_dpkg, reverse_transactions_of_rpm,
	   damaged_records_say_nothing)
