/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which kernels are later builds of the running one, and which one boots next, by their names. */
#include "advise_machine.h"

START_TEST(builds_are_counted_within_a_flavour)
{
	static const char *const pairs[][2] = {
		{"6.6.8-x64v3-xanmod1", "6.6.8-x64v3-xanmod2"},
		{"6.1.0-rpi7-rpi-v8", "6.1.0-rpi8-rpi-v8"},
		{"6.1.5-custom9", "6.1.5-custom10"},
		{"6.6.8-arch1-1", "6.6.8-arch1-2"},
		{"6.9.1-1.el9.elrepo.x86_64", "6.9.2-1.el9.elrepo.x86_64"},
	};

	for (size_t i = 0; i < array_size(pairs); i++) {
		scope_free char *image = xasprintf("/boot/vmlinuz-%s", pairs[i][1]);

		machine("252");
		put("/proc/sys/kernel/osrelease", pairs[i][0]);
		put(image, "");
		ask(SOURCE_NONE, NULL);
		ck_assert_msg(advice->kernel.state == KERNEL_OLD, "%s", pairs[i][0]);
		done();
	}
}
END_TEST

/* Has one kernel run and another be installed; returns the state of the running one. */
static enum advise_kernel_state state_of(const char *running, const char *installed)
{
	scope_free char *image = xasprintf("/boot/vmlinuz-%s", installed);

	put("/proc/sys/kernel/osrelease", running);
	put(image, "");
	ask(SOURCE_NONE, NULL);
	return advice->kernel.state;
}

START_TEST(names_that_do_not_tell)
{
	machine("252");
	ck_assert_int_eq(state_of("6.1.5-own-v2", "6.1.6-own-v3"), KERNEL_UNKNOWN);
	ck_assert_int_eq(advice->verdict, VERDICT_UNKNOWN);
	ck_assert_ptr_nonnull(strstr(advice->unknown.data[0], "6.1.6-own-v3"));
	/* Another one settles it. */
	ck_assert_int_eq(state_of("6.1.5-own-v2", "6.1.7-own-v2"), KERNEL_OLD);
	done();
	machine("252");
	ck_assert_int_eq(state_of("6.1.0-rpi8-rpi-v8", "6.1.0-rpi8-rpi-v7"), KERNEL_UNMANAGED);
	ck_assert_int_eq(state_of("6.1.0-rpi8-rpi-v8", "6.1.0-rpi8-rpi-v8"), KERNEL_CURRENT);
	done();
	/* Packages tell. */
	machine("252");
	put("/usr/lib/modules/6.1.5-own-v2/pkgbase", "linux-own\n");
	put("/usr/lib/modules/6.1.6-own-v3/pkgbase", "linux-own\n");
	ck_assert_int_eq(state_of("6.1.5-own-v2", "6.1.6-own-v3"), KERNEL_OLD);
	put("/usr/lib/modules/6.1.6-own-v3/pkgbase", "linux-other\n");
	ask(SOURCE_NONE, NULL);
	ck_assert_int_eq(advice->kernel.state, KERNEL_UNMANAGED);
	done();
}
END_TEST

/* proxmox-boot-tool notes what it has told a boot loader whose disk is not mounted. */
START_TEST(a_pinned_kernel)
{
	machine("252");
	put("/boot/vmlinuz-6.5.11-7-pve", "");
	put("/etc/kernel/proxmox-boot-pin", "6.5.11-7-pve\n");
	ck_assert_int_eq(state_of("6.5.11-7-pve", "6.8.12-1-pve"), KERNEL_OLD);
	ck_assert(advice->kernel.boots_again);
	ck_assert_ptr_nonnull(strstr(advice->kernel.why, "proxmox-boot-tool's pin"));
	put("/etc/kernel/next-boot-pin", "6.8.12-1-pve\n");
	ask(SOURCE_NONE, NULL);
	ck_assert(!advice->kernel.boots_again);
	put("/etc/kernel/next-boot-pin", "6.8.99-1-pve\n"); /* it was removed */
	ask(SOURCE_NONE, NULL);
	ck_assert(advice->kernel.boots_again);
	done();
}
END_TEST

UNIT_SUITE("advise-kernels", builds_are_counted_within_a_flavour, names_that_do_not_tell,
	   a_pinned_kernel)
