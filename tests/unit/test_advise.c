/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From facts to verdicts, on made-up machines. */
#include "advise_machine.h"

START_TEST(nothing_to_do)
{
	machine("252");
	ask(SOURCE_NONE, NULL);
	ck_assert_int_eq(advice->verdict, VERDICT_NOTHING);
	ck_assert_uint_eq(advice->services.len, 0);
	ck_assert_int_eq(advice->kernel.state, KERNEL_UNMANAGED);
	done();
}
END_TEST

START_TEST(a_library_of_one_service)
{
	machine("252");
	ck_assert_int_eq(action_of("libssl", "2"), ACTION_RESTART);
	ck_assert_int_eq(advice->now, VERDICT_NOTHING);
	ck_assert_int_eq(advice->pending, VERDICT_RESTART);
	ck_assert(service("web.service")->pending);
	upgrade("/usr/lib/libssl.so");
	ask(SOURCE_NONE, NULL);
	ck_assert_int_eq(advice->verdict, VERDICT_RESTART);
	ck_assert_uint_eq(advice->services.len, 1);
	ck_assert_str_eq(service("web.service")->command, "systemctl restart web.service");
	ck_assert(service("web.service")->apply);
	ck_assert_str_eq(service("web.service")->why,
			 "web still runs /usr/lib/libssl.so, which was replaced");
	done();
}
END_TEST

START_TEST(a_library_of_all)
{
	machine("252"); /* this version has no soft-reboot */
	ck_assert_int_eq(action_of("libc", "2"), ACTION_REBOOT);
	upgrade("/usr/lib/libc.so");
	ask(SOURCE_NONE, NULL);
	ck_assert_int_eq(advice->verdict, VERDICT_REBOOT);
	ck_assert_int_eq(service("dbus.service")->action, ACTION_REBOOT);
	ck_assert(!service("dbus.service")->apply);
	ck_assert_int_eq(service("session-1.scope")->action, ACTION_LOG_OUT);
	done();
	machine("254");
	ck_assert_int_eq(action_of("libc", "2"), ACTION_SOFT_REBOOT);
	upgrade("/usr/lib/libc.so");
	ask(SOURCE_NONE, NULL);
	ck_assert_int_eq(advice->verdict, VERDICT_SOFT_REBOOT);
	done();
}
END_TEST

START_TEST(init_takes_over_from_itself)
{
	machine("252");
	upgrade("/usr/lib/systemd/libsystemd-shared-252.so");
	ask(SOURCE_NONE, NULL);
	ck_assert_int_eq(advice->verdict, VERDICT_RESTART);
	ck_assert_str_eq(service("init.scope")->command, "systemctl daemon-reexec");
	put_process(1, "init", "/");
	add_map(1, "r-xp", "/usr/lib/libc.so", "/usr/lib/libc.so (deleted)");
	replace("/usr/lib/libc.so");
	ask(SOURCE_NONE, NULL);
	ck_assert_int_eq(service("init.scope")->action,
			 ACTION_REBOOT); /* init is not systemd here */
	done();
}
END_TEST

START_TEST(packages_that_nobody_runs)
{
	machine("252");
	ck_assert_int_eq(action_of("doc", "2"), ACTION_NOTHING);
	ck_assert_int_eq(action_of("unheard-of", "2"), ACTION_NOTHING);
	ck_assert_int_eq(action_of("../../etc/passwd", "2"), ACTION_NOTHING);
	ck_assert_int_eq(action_of("grub-pc", "2"), ACTION_NOTHING);
	ck_assert_int_eq(action_of("linux-image-amd64", "2"), ACTION_NOTHING);
	ck_assert_int_eq(action_of("initramfs-tools", "2"), ACTION_NOTHING);
	ck_assert_int_eq(advice->verdict, VERDICT_NOTHING);
	done();
}
END_TEST

START_TEST(pending_kernels)
{
	struct advise_update_vec updates = {};

	machine("252");
	ck_assert_int_eq(action_of("linux-image-6.1.0-56-amd64", "6.1.192-2"), ACTION_REBOOT);
	ck_assert_int_eq(advice->pending, VERDICT_REBOOT);
	ck_assert_int_eq(action_of("linux-image-6.1.0-55-amd64", "6.1.176-2"), ACTION_REBOOT);
	ck_assert_int_eq(action_of("linux-image-6.1.0-9-amd64", "6.1.27-2"), ACTION_NOTHING);
	ck_assert_int_eq(action_of("linux-image-6.1.0-9-amd64", NULL), ACTION_NOTHING);
	ck_assert_int_eq(action_of("kernel-core", "6.1.9-1"), ACTION_REBOOT);
	put("/usr/sbin/kexec", "");
	ck_assert_int_eq(action_of("linux-image-6.1.0-56-amd64", "6.1.192-2"), ACTION_KEXEC);
	ck_assert_int_eq(advice->pending, VERDICT_REBOOT);
	add_update(&updates, "doc", "1", "2");
	updates.data[0].vendor_reboot = true;
	ask(SOURCE_GIVEN, &updates);
	ck_assert_int_eq(advice->updates.data[0].action, ACTION_REBOOT);
	/* A kernel that is older than the running one needs none, whatever its vendor asks for. */
	add_update(&updates, "linux-image-6.1.0-9-amd64", "6.1.27-1", "6.1.27-2");
	updates.data[0].vendor_reboot = true;
	ask(SOURCE_GIVEN, &updates);
	ck_assert_int_eq(advice->updates.data[0].action, ACTION_NOTHING);
	done();
}
END_TEST

START_TEST(split_kernel_packages)
{
	machine("252");
	put("/boot/vmlinuz-6.1.0-55-amd64", "");
	ck_assert_int_eq(action_of("linux-binary-6.1.0-56-amd64", "6.1.192-2"), ACTION_REBOOT);
	ck_assert(advice->updates.data[0].kernel);
	ck_assert_int_eq(action_of("linux-modules-6.1.0-56-amd64", "6.1.192-2"), ACTION_REBOOT);
	ck_assert(advice->updates.data[0].kernel);
	ck_assert_int_eq(action_of("linux-base-6.1.0-56-amd64", "6.1.192-2"), ACTION_REBOOT);
	ck_assert(advice->updates.data[0].kernel);
	static const char *const more[] = {"linux-modules-extra-6.1.0-56-amd64",
					   "linux-image-6.1.0-56-amd64-unsigned",
					   "kernel-modules-extra",
					   "kernel-ml-core",
					   "kernel-uki-virt",
					   "kernel-64k-modules-core"};

	for (size_t i = 0; i < array_size(more); i++) {
		ck_assert_msg(action_of(more[i], "6.1.192-2") == ACTION_REBOOT, "%s", more[i]);
		ck_assert_msg(advice->updates.data[0].kernel, "%s", more[i]);
	}
	/* These are modules of others for one kernel. */
	put("/proc/modules", "nvidia 1 2 - Live 0x0 (POE)\n");
	ck_assert_int_eq(action_of("linux-modules-nvidia-535-6.1.0-55-generic", "2"),
			 ACTION_REBOOT);
	ck_assert(!advice->updates.data[0].kernel);
	ck_assert_int_eq(action_of("linux-base", "4.10"), ACTION_NOTHING);
	ck_assert_int_eq(action_of("linux-binary-6.1.0-9-amd64", "6.1.27-2"), ACTION_NOTHING);
	done();
}
END_TEST

START_TEST(modules_and_microcode)
{
	machine("252");
	put("/proc/modules", "ext4 1 2 - Live 0x0\n");
	ck_assert_int_eq(action_of("zfs-dkms", "2"), ACTION_NOTHING);
	put("/proc/modules", "zfs 1 2 - Live 0x0 (POE)\n");
	ck_assert_int_eq(action_of("zfs-dkms", "2"), ACTION_REBOOT);
	ck_assert_int_eq(action_of("intel-microcode", "2"),
			 ACTION_NOTHING); /* the processor is unknown */
	put("/proc/cpuinfo", "vendor_id\t: GenuineIntel\ncpu family\t: 6\nmodel\t\t: 158\n"
			     "stepping\t: 10\nmicrocode\t: 0x40\nflags\t\t: fpu\n\nvendor");
	ck_assert_int_eq(action_of("intel-microcode", "2"), ACTION_REBOOT);

	static const uint32_t file[24] = {1, 0x42, 0, 0x906ea, 0, 0, 0x22, 48, 96};

	ck_assert_ok(root_write(tree, "/usr/lib/firmware/intel-ucode/06-9e-0a", file, sizeof(file),
				0644));
	ask(SOURCE_NONE, NULL);
	ck_assert_str_eq(advice->kernel.microcode_disk, "0x42");
	ck_assert_int_eq(advice->verdict, VERDICT_REBOOT);
	/* This boot had the file already. */
	put("/proc/stat", "cpu 1 2 3\nbtime 99000000000\n");
	ask(SOURCE_NONE, NULL);
	ck_assert_int_eq(advice->verdict, VERDICT_NOTHING);
	ck_assert_ptr_nonnull(strstr(advice->notes.data[0], "this boot did not load it"));
	put("/proc/stat", "cpu 1 2 3\nbtime 1000000000\n");
	put("/proc/cmdline", "root=/dev/sda1 dis_ucode_ldr quiet\n");
	ask(SOURCE_NONE, NULL);
	ck_assert_int_eq(advice->verdict, VERDICT_NOTHING);
	ck_assert_ptr_nonnull(strstr(advice->notes.data[0], "dis_ucode_ldr"));
	put("/proc/cmdline", "microcode=dis_ucode_ldr\n");
	ck_assert_int_eq(action_of("intel-microcode", "2"), ACTION_NOTHING);
	put("/proc/cmdline", "not_dis_ucode_ldr\n");
	ck_assert_int_eq(action_of("intel-microcode", "2"), ACTION_REBOOT);
	done();
}
END_TEST

START_TEST(installed_kernels)
{
	machine("252");
	put_image("6.1.0-55-amd64", BUILD_55);
	ask(SOURCE_NONE, NULL);
	ck_assert_int_eq(advice->kernel.state, KERNEL_CURRENT);
	ck_assert_int_eq(advice->verdict, VERDICT_NOTHING);
	put_image("6.1.0-56-amd64", BUILD_56);
	put_image("6.1.0-57-cloud-amd64", BUILD_56);
	ask(SOURCE_NONE, NULL);
	ck_assert_int_eq(advice->kernel.state, KERNEL_OLD);
	ck_assert_str_eq(advice->kernel.newest->release, "6.1.0-56-amd64");
	ck_assert_int_eq(advice->verdict, VERDICT_REBOOT);
	put("/boot/grub/grub.cfg", "menuentry 'a' {\n linux /vmlinuz-6.1.0-55-amd64\n}\n"
				   "menuentry 'b' {\n linux /vmlinuz-6.1.0-56-amd64\n}\n");
	ask(SOURCE_NONE, NULL);
	ck_assert_str_eq(advice->kernel.next_boot, "6.1.0-55-amd64");
	ck_assert_ptr_nonnull(strstr(advice->kernel.why, "but the next boot starts"));
	put("/run/.containerenv", "");
	ask(SOURCE_NONE, NULL);
	ck_assert_int_eq(advice->verdict, VERDICT_NOTHING);
	done();
}
END_TEST

START_TEST(the_same_release_rebuilt)
{
	machine("252");
	put_image("6.1.0-55-amd64", BUILD_56);
	ask(SOURCE_NONE, NULL);
	ck_assert_int_eq(advice->kernel.state, KERNEL_OLD);
	ck_assert_int_eq(advice->verdict, VERDICT_REBOOT);
	done();
}
END_TEST

START_TEST(an_older_kernel_boots_next)
{
	machine("252");
	put_image("6.1.0-55-amd64", BUILD_55);
	put_image("6.1.0-54-amd64", "#1 SMP Debian 6.1.170-1 (2026-01-01)");
	put("/boot/grub/grub.cfg", "set default=\"${saved_entry}\"\n"
				   "menuentry 'a' {\n linux /vmlinuz-6.1.0-55-amd64\n}\n"
				   "menuentry 'b' {\n linux /vmlinuz-6.1.0-54-amd64\n}\n");
	put("/boot/grub/grubenv", "# GRUB Environment Block\nsaved_entry=b\n####");
	ask(SOURCE_NONE, NULL);
	ck_assert_int_eq(advice->kernel.state, KERNEL_OTHER);
	done();
}
END_TEST

START_TEST(boot_loader_entries)
{
	machine("252");
	put("/proc/sys/kernel/osrelease", "5.14.0-427.el9.x86_64\n");
	put_image("5.14.0-427.el9.x86_64", "#1 SMP");
	put_image("5.14.0-503.el9.x86_64", "#1 SMP");
	put("/boot/grub2/grub.cfg", "insmod blscfg\nblscfg\n");
	put("/boot/loader/entries/id-5.14.0-427.el9.x86_64.conf",
	    "title A\nlinux /vmlinuz-5.14.0-427.el9.x86_64\n");
	put("/boot/loader/entries/id-5.14.0-503.el9.x86_64.conf",
	    "title B\nlinux\t/vmlinuz-5.14.0-503.el9.x86_64\n");
	put("/boot/loader/entries/id-0-rescue.conf", "linux /vmlinuz-0-rescue-id\n");
	ask(SOURCE_NONE, NULL);
	ck_assert_str_eq(advice->kernel.next_boot, "5.14.0-503.el9.x86_64");
	ck_assert_int_eq(advice->verdict, VERDICT_REBOOT);
	put("/boot/grub2/grubenv", "saved_entry=id-5.14.0-427.el9.x86_64\n");
	ask(SOURCE_NONE, NULL);
	ck_assert_str_eq(advice->kernel.next_boot, "5.14.0-427.el9.x86_64");
	put("/boot/grub2/grubenv", "saved_entry=1\n");
	ask(SOURCE_NONE, NULL);
	ck_assert_str_eq(advice->kernel.next_boot, "5.14.0-427.el9.x86_64");
	put("/boot/grub2/grubenv", "saved_entry=9\n");
	ask(SOURCE_NONE, NULL);
	ck_assert_str_eq(advice->kernel.next_boot, "5.14.0-503.el9.x86_64");
	done();
}
END_TEST

START_TEST(systemd_boot_names_entries)
{
	static const char *const wanted[] = {"id-5.14.0-427.el9.x86_64",
					     "id-5.14.0-427.el9.x86_64.conf", "id-*-427.*"};

	machine("252");
	put("/proc/sys/kernel/osrelease", "5.14.0-427.el9.x86_64\n");
	put_image("5.14.0-427.el9.x86_64", "#1 SMP");
	put_image("5.14.0-503.el9.x86_64", "#1 SMP");
	put("/boot/loader/entries/id-5.14.0-427.el9.x86_64+2-1.conf",
	    "linux /vmlinuz-5.14.0-427.el9.x86_64\n");
	put("/boot/loader/entries/id-5.14.0-503.el9.x86_64.conf",
	    "linux /vmlinuz-5.14.0-503.el9.x86_64\n");
	for (size_t i = 0; i < array_size(wanted); i++) {
		scope_free char *conf = xasprintf("timeout 3\ndefault %s\n", wanted[i]);

		put("/boot/loader/loader.conf", conf);
		ask(SOURCE_NONE, NULL);
		ck_assert_str_eq(advice->kernel.next_boot, "5.14.0-427.el9.x86_64");
	}
	put("/boot/loader/loader.conf", "timeout 3\n");
	ask(SOURCE_NONE, NULL);
	ck_assert_str_eq(advice->kernel.next_boot, "5.14.0-503.el9.x86_64");
	done();
}
END_TEST

/* Puts a variable of the boot loader interface, in the form that efivarfs has. */
static void put_variable(const char *name, const char *value)
{
	scope_free char *path = xasprintf(
		"/sys/firmware/efi/efivars/%s-4a67b082-0a4c-41cf-b6c7-440b29bb8c4f", name);
	uint8_t bytes[256] = {7};
	size_t size = 4;

	for (const char *c = value; *c; c++, size += 2)
		bytes[size] = *c;
	ck_assert_ok(root_write(tree, path, bytes, size + 2, 0644));
}

START_TEST(systemd_boot_is_told_by_variables)
{
	static const struct {
		const char *variable, *value, *release;
	} steps[] = {
		{"LoaderEntryLastBooted", "old.conf", "6.1.0-56-amd64"},
		{"LoaderEntryDefault", "@saved", "6.1.0-55-amd64"},
		{"LoaderEntryDefault", "new.conf", "6.1.0-56-amd64"},
		{"LoaderEntryOneShot", "old.conf", "6.1.0-55-amd64"},
		{"LoaderEntryOneShot", "auto-windows",
		 NULL}, /* it takes precedence over the default entry */
	};

	machine("252");
	put_image("6.1.0-56-amd64", BUILD_56);
	put("/boot/loader/loader.conf", "default new*\n");
	put("/boot/loader/entries/old.conf", "linux /vmlinuz-6.1.0-55-amd64\n");
	put("/boot/loader/entries/new.conf", "linux /vmlinuz-6.1.0-56-amd64\n");
	for (size_t i = 0; i < array_size(steps); i++) {
		put_variable(steps[i].variable, steps[i].value);
		ask(SOURCE_NONE, NULL);
		ck_assert_pstr_eq(advice->kernel.next_boot, steps[i].release);
	}
	done();
}
END_TEST

/* Adds a newer kernel, whose changelog names two fixes. */
static void put_fixes(void)
{
	put_image("6.1.0-56-amd64", BUILD_56);
	put("/usr/share/doc/linux-image-6.1.0-56-amd64/changelog.Debian",
	    "linux (6.1.192-2) x; urgency=high\n\n  * a (CVE-2026-1001)\n\n"
	    "linux (6.1.180-1) x; urgency=high\n\n  * b (CVE-2026-1002)\n\n"
	    "linux (6.1.176-1) x; urgency=high\n\n  * c (CVE-2026-1003)\n");
}

static void put_patch(void)
{
	put("/sys/kernel/livepatch/fix/enabled", "1\n");
	put("/sys/kernel/livepatch/fix/transition", "0\n");
	put("/sys/module/fix/taint", "OEK\n");
}

START_TEST(fixes_of_the_newer_kernel)
{
	machine("252");
	put_fixes();
	ask(SOURCE_NONE, NULL);
	ck_assert(advice->kernel.fixes_known);
	ck_assert_uint_eq(advice->kernel.fixes.len, 2);
	ck_assert_uint_eq(advice->kernel.covered.len, 0);
	put_patch();
	ask(SOURCE_NONE, NULL);
	ck_assert_uint_eq(advice->kernel.livepatches.len, 1);
	/* Without Suture's record of what it loaded, the patches cover nothing. */
	ck_assert_int_eq(advice->verdict, VERDICT_REBOOT);
	done();
}
END_TEST

/* Writes the record that src/live makes of a load, with these fixes as JSON. */
static void put_record(const char *cves)
{
	struct stat st = {};

	ck_assert_int_eq(root_stat(tree, "/sys/module/fix", &st), 0);

	scope_free char *text =
		xasprintf("{\"name\": \"fix\", \"inode\": %llu, \"path\": "
			  "\"/var/lib/fix.ko\", \"sha256\": \"0\", \"digest\": \"0\","
			  "\"time\": \"t\", \"cves\": [%s]}",
			  (unsigned long long)st.st_ino, cves);

	put("/run/suture/loaded/fix.json", text);
}

START_TEST(covered_by_live_patches)
{
	bool changed;

	machine("252");
	put_fixes();
	put_patch();
	put_record("\"CVE-2026-1001\"");
	ask(SOURCE_NONE, NULL);
	ck_assert_uint_eq(advice->kernel.covered.len, 1);
	ck_assert_int_eq(advice->verdict, VERDICT_REBOOT); /* one fix is missing */
	put("/run/reboot-required", "");
	put("/run/reboot-required.pkgs", "linux-image-6.1.0-56-amd64\n");
	put_record("\"CVE-2026-1001\", \"CVE-2026-1002\"");
	ask(SOURCE_NONE, NULL);
	ck_assert_int_eq(advice->verdict, VERDICT_COVERED);
	/* The entry of another program is removed, since live patches provably cover it. */
	ck_assert_ok(advise_flag_update(tree, advice, &changed));
	ck_assert(changed);
	ck_assert(!root_exists(tree, "/run/reboot-required"));
	upgrade("/usr/lib/libssl.so");
	ask(SOURCE_NONE, NULL);
	ck_assert_int_eq(advice->verdict, VERDICT_RESTART); /* only this is left to do */
	put("/sys/kernel/livepatch/fix/transition", "1\n");
	ask(SOURCE_NONE, NULL);
	ck_assert_int_eq(advice->verdict, VERDICT_REBOOT); /* some tasks still run the old code */
	done();
}
END_TEST

/* Makes a kernel package in apt's cache that contains only a changelog. */
static void put_deb(void)
{
	scope_free char *full = root_path(tree, "/deb");
	scope_free char *script = xasprintf(
		"cd '%s' && mkdir -p usr/share/doc/linux-image-6.1.0-56-amd64 && "
		"printf 'linux (6.1.192-2) x; u=h\n\n * a (CVE-2026-1001)\n\nlinux (6.1.176-1) "
		"x\n' | "
		"gzip >usr/share/doc/linux-image-6.1.0-56-amd64/changelog.Debian.gz && "
		"tar -cf data.tar ./usr && tar -cf control.tar --files-from /dev/null && "
		"echo 2.0 >debian-binary && mkdir -p ../var/cache/apt/archives && "
		"ar rc ../var/cache/apt/archives/linux-image-6.1.0-56-amd64_6.1.192-2_amd64.deb "
		"debian-binary control.tar data.tar",
		full);

	ck_assert_ok(root_make_dir(tree, "/deb"));
	ck_assert_int_eq(system(script), 0);
}

START_TEST(fixes_of_a_pending_kernel)
{
	machine("252");
	put_deb();
	ck_assert_int_eq(action_of("linux-image-6.1.0-56-amd64", "6.1.192-2"), ACTION_REBOOT);
	ck_assert(advice->updates.data[0].cves_known);
	ck_assert_uint_eq(advice->updates.data[0].cves.len, 1);
	put_patch();
	put_record("\"CVE-2026-1001\"");
	ck_assert_int_eq(action_of("linux-image-6.1.0-56-amd64", "6.1.192-2"), ACTION_LIVE_PATCH);
	ck_assert_int_eq(advice->pending, VERDICT_COVERED);
	put("/var/cache/apt/archives/linux-image-6.1.0-56-amd64_6.1.192-2_amd64.deb", "broken");
	ck_assert_int_eq(action_of("linux-image-6.1.0-56-amd64", "6.1.192-2"), ACTION_REBOOT);
	ck_assert(!advice->updates.data[0].cves_known);
	done();
}
END_TEST

static char *packages(void)
{
	char *text = NULL;

	if (!root_exists(tree, "/run/reboot-required.pkgs"))
		return xstrdup("");
	ck_assert_ok(root_read(tree, "/run/reboot-required.pkgs", &text));
	return text;
}

static void check_flag(bool set, const char *list)
{
	bool changed;

	ask(SOURCE_NONE, NULL);
	ck_assert_ok(advise_flag_update(tree, advice, &changed));

	scope_free char *text = packages();

	ck_assert_str_eq(text, list);
	ck_assert_int_eq(root_exists(tree, "/run/reboot-required"), set);
	ck_assert_ok(advise_flag_update(tree, advice, &changed));
	ck_assert(!changed);
}

START_TEST(the_flag)
{
	machine("252");
	check_flag(false, "");
	put_image("6.1.0-56-amd64", BUILD_56);
	check_flag(true, "linux-image-6.1.0-56-amd64\n");
	/* Suture's own entries are no evidence. */
	put("/proc/sys/kernel/osrelease", "6.1.0-56-amd64\n");
	put("/proc/sys/kernel/version", BUILD_56);
	check_flag(false, "");
	ck_assert_int_eq(advice->verdict, VERDICT_NOTHING);
	/* Entries of other programs are evidence, and are kept. */
	put("/run/reboot-required", "*** System restart required ***\n");
	put("/run/reboot-required.pkgs", "libc6\nlibc6\n");
	check_flag(true, "libc6\n");
	ck_assert_int_eq(advice->verdict, VERDICT_REBOOT);
	put("/proc/sys/kernel/osrelease", "6.1.0-55-amd64\n");
	check_flag(true, "libc6\nlinux-image-6.1.0-56-amd64\n");
	put("/proc/sys/kernel/osrelease", "6.1.0-56-amd64\n");
	check_flag(true, "libc6\n");
	ck_assert(!root_exists(tree, "/run/reboot-needed"));
	done();
}
END_TEST

START_TEST(a_flag_without_a_list)
{
	machine("252");
	put("/run/reboot-required", "");
	check_flag(true, "");
	ck_assert_int_eq(advice->verdict, VERDICT_REBOOT);
	done();
}
END_TEST

START_TEST(zypp_has_a_flag_of_its_own)
{
	char *text;

	machine("252");
	put("/etc/zypp/zypp.conf", "");
	put_image("6.1.0-56-amd64", BUILD_56);
	check_flag(true, "linux-image-6.1.0-56-amd64\n");
	ck_assert_ok(root_read(tree, "/run/reboot-needed", &text));
	ck_assert_str_eq(text, "reboot\n");
	free(text);
	done();
}
END_TEST

START_TEST(bad_rules_stop_it)
{
	const struct advise_options options = {};

	machine("252");
	put("/etc/suture/advise.d/x.conf", "[package\n");
	ck_assert_fails(advise_run(tree, &options, NULL, NULL, &advice),
			"/etc/suture/advise.d/x.conf:1");
	put("/etc/suture/advise.d/x.conf", "[package own]\nmatch = doc\naction = reboot\n");
	ck_assert_int_eq(action_of("doc", "2"), ACTION_REBOOT);
	done();
}
END_TEST

UNIT_SUITE("advise", nothing_to_do, a_library_of_one_service, a_library_of_all,
	   init_takes_over_from_itself, packages_that_nobody_runs, pending_kernels,
	   modules_and_microcode, split_kernel_packages, installed_kernels,
	   the_same_release_rebuilt, an_older_kernel_boots_next, boot_loader_entries,
	   systemd_boot_names_entries, systemd_boot_is_told_by_variables, fixes_of_the_newer_kernel,
	   covered_by_live_patches, fixes_of_a_pending_kernel, the_flag, a_flag_without_a_list,
	   zypp_has_a_flag_of_its_own, bad_rules_stop_it)
