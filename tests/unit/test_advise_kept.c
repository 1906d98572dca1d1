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
	   others_that_leave_no_file_behind, damaged_records_say_nothing)
