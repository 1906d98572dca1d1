/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Texts that others write: /proc, boot loaders, package managers, rules. */
#include <sys/time.h>
#include <time.h>

#include "advise/advise.h"
#include "advise/coverage.h"
#include "advise/kernel_image.h"
#include "advise/kernels.h"
#include "advise/microcode.h"
#include "advise/grub.h"
#include "advise/mounts.h"
#include "advise/owner.h"
#include "advise/procfs.h"
#include "advise/rules.h"
#include "advise/transaction.h"
#include "advise/apt.h"
#include "advise/dnf.h"
#include "advise/series.h"
#include "advise/version.h"
#include "advise_tree.h"

#define BYTES(text) ((struct bytes){(const uint8_t *)(text), sizeof(text) - 1})

START_TEST(lines_of_maps)
{
	struct mapping map;

	ck_assert(procfs_mapping(BYTES("7f00-7fff r-xp 00002000 fd:01 1234      /usr/lib/a b.so"),
				 &map));
	ck_assert(map.exec);
	ck_assert_uint_eq(map.start, 0x7f00);
	ck_assert_uint_eq(map.end, 0x7fff);
	ck_assert_uint_eq(map.major, 0xfd);
	ck_assert_uint_eq(map.inode, 1234);
	ck_assert_uint_eq(map.name.size, strlen("/usr/lib/a b.so"));
	ck_assert(procfs_mapping(BYTES("7f00-7fff rw-p 00000000 00:00 0"), &map));
	ck_assert_uint_eq(map.name.size, 0);
	ck_assert(!map.exec);
	ck_assert(!procfs_mapping(BYTES(""), &map));
	ck_assert(!procfs_mapping(BYTES("7f00-7fff r-x"), &map));
	ck_assert(!procfs_mapping(BYTES("fffffffffffffffff-0 r-xp 0 0:0 0"), &map));
	ck_assert(!procfs_mapping(BYTES("1-2 r-xp 0 100000000:0 0 x"), &map));
}
END_TEST

START_TEST(newlines_in_names)
{
	char *name = procfs_unescape(BYTES("/tmp/a\\012b\\n\\01"));

	ck_assert_str_eq(name, "/tmp/a\nb\\n\\01");
	free(name);
}
END_TEST

START_TEST(names_of_processes_are_any_bytes)
{
	struct proc_stat stat;

	ck_assert(procfs_stat(BYTES("7 (a) S 9 (b\n) R 3 1 1 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 1 0 "
				    "777 1 1"),
			      &stat));
	ck_assert_str_eq(stat.comm, "a) S 9 (b\n");
	ck_assert_int_eq(stat.ppid, 3);
	ck_assert_uint_eq(stat.start, 777);
	ck_assert(!stat.kernel_thread);
	ck_assert(procfs_stat(BYTES("2 (kthreadd) S 0 0 0 0 -1 2129984 0 0 0 0 0 0 0 0 20 0 1 0 0 "
				    "0 0"),
			      &stat));
	ck_assert(stat.kernel_thread);
	ck_assert(!procfs_stat(BYTES("7 (a"), &stat));
	ck_assert(!procfs_stat(BYTES("7 (a) S 1"), &stat));
	ck_assert(!procfs_stat(BYTES(""), &stat));
}
END_TEST

static void check_owner(const char *text, enum owner_kind kind, const char *name, const char *inner)
{
	struct owner owner = owner_from_cgroup(
		procfs_cgroup((struct bytes){(const uint8_t *)text, strlen(text)}));

	ck_assert_msg(owner.kind == kind, "%s: %s", text, owner_kind_name(owner.kind));
	ck_assert_str_eq(owner.name ? owner.name : "-", name);
	ck_assert_str_eq(owner.inner ? owner.inner : "-", inner);
	owner_free(&owner);
}

START_TEST(owners)
{
	check_owner("0::/system.slice/nginx.service\n", OWNER_SERVICE, "nginx.service", "-");
	check_owner("0::/init.scope\n", OWNER_INIT, "init.scope", "-");
	check_owner("4:memory:/x\n1:name=systemd:/system.slice/system-getty.slice/"
		    "getty@tty1.service\n0::/\n",
		    OWNER_SERVICE, "getty@tty1.service", "-");
	check_owner("1:name=systemd:/\n0::/system.slice/a.service/inner\n", OWNER_SERVICE,
		    "a.service", "-");
	check_owner("0::/user.slice/user-0.slice/session-3.scope\n", OWNER_SESSION,
		    "session-3.scope", "-");
	check_owner("0::/user.slice/user-9.slice/user@9.service/app.slice/pipewire.service\n",
		    OWNER_USER, "user@9.service", "pipewire.service");
	check_owner("0::/system.slice/docker-abcdef.scope\n", OWNER_CONTAINER,
		    "docker-abcdef.scope", "-");
	check_owner("0::/docker/abcdef\n", OWNER_CONTAINER, "abcdef", "-");
	check_owner("0::/machine.slice/machine-web.scope/payload/system.slice/a.service\n",
		    OWNER_CONTAINER, "machine-web.scope", "-");
	check_owner("0::/../../other.service (deleted)\n", OWNER_NONE, "-", "-");
	check_owner("0::/\n", OWNER_NONE, "-", "-");
	check_owner("", OWNER_NONE, "-", "-");
	ck_assert(owner_is_unit_name("getty@tty1.service"));
	ck_assert(!owner_is_unit_name("--force.service"));
	ck_assert(!owner_is_unit_name("a b.service"));
	ck_assert(!owner_is_unit_name("a;b.service"));
}
END_TEST

START_TEST(mounts_that_may_hang)
{
	struct mounts mounts = {};

	mounts_parse(BYTES("36 35 98:0 / /srv/my\\040files rw,noatime shared:1 - nfs4 host:/x rw\n"
			   "37 35 0:5 / /srv/u/m rw - fuse.sshfs x rw\n"
			   "38 35 8:1 / / rw - ext4 /dev/sda1 rw\n"
			   "39 broken\n\n40 1 2 3 4 5 6\n"),
		     &mounts);
	ck_assert(mounts_may_hang(&mounts, "/srv/my files/lib.so"));
	ck_assert(mounts_may_hang(&mounts, "/srv/u/m"));
	ck_assert(!mounts_may_hang(&mounts, "/srv/u/mm/lib.so"));
	ck_assert(!mounts_may_hang(&mounts, "/usr/lib/lib.so"));
	mounts_free(&mounts);
}
END_TEST

START_TEST(versions)
{
	ck_assert_int_lt(version_compare("6.1.0-9-amd64", "6.1.0-10-amd64"), 0);
	ck_assert_int_lt(version_compare("6.1.0-56-amd64", "6.12.117+deb12-amd64"), 0);
	ck_assert_int_lt(version_compare("1.0~rc1-1", "1.0-1"), 0);
	ck_assert_int_gt(version_compare("1:0.1-1", "2.0-1"), 0);
	ck_assert_int_eq(version_compare("1.0-1", "1.00-1"), 0);
	ck_assert_int_lt(version_compare("1.0-1", "1.0-1+deb12u1"), 0);
	ck_assert_int_lt(version_compare("6.1.176-1", "6.1.192-2"), 0);
	ck_assert_int_lt(version_compare("", "1"), 0);
	ck_assert_int_eq(version_compare("", ""), 0);
	ck_assert_int_lt(version_compare("1.99999999999999999999", "1.100000000000000000000"), 0);
}
END_TEST

static const char grub_config[] =
	"set default=\"0\"\n"
	"if [ \"${next_entry}\" ] ; then\n   set default=\"${next_entry}\"\nfi\n"
	"function savedefault {\n  if [ -z \"${boot_once}\" ]; then\n    save_env x\n  fi\n}\n"
	"menuentry 'Debian GNU/Linux' --class debian $menuentry_id_option 'gnulinux-simple-1' {\n"
	"\tinsmod gzio\n\tlinux\t/boot/vmlinuz-6.1.0-56-amd64 root=UUID=1 ro quiet\n}\n"
	"submenu 'Advanced options' $menuentry_id_option 'gnulinux-advanced-1' {\n"
	"\tmenuentry 'Debian, 56' $menuentry_id_option 'gnulinux-56' {\n"
	"\t\tlinux\t/boot/vmlinuz-6.1.0-56-amd64 ro\n\t}\n"
	"\tmenuentry 'Debian, 55' $menuentry_id_option 'gnulinux-55' {\n"
	"\t\tlinux\t/boot/vmlinuz-6.1.0-55-amd64 ro\n\t}\n}\n"
	"menuentry 'UEFI Firmware Settings' {\n\tfwsetup\n}\n";

static void check_grub(const char *config, const char *environment, const char *release)
{
	char *why, *path = grub_next(config, environment, &why);

	ck_assert_str_eq(path && kernel_release_of(path) ? kernel_release_of(path) : "-", release);
	ck_assert_ptr_nonnull(why);
	free(path);
	free(why);
}

START_TEST(grub_chooses)
{
	char *saved = strdup(grub_config);

	check_grub(grub_config, NULL, "6.1.0-56-amd64");
	check_grub(grub_config, "# GRUB Environment Block\nnext_entry=1>1\n####", "6.1.0-55-amd64");
	check_grub(grub_config, "next_entry=gnulinux-advanced-1>gnulinux-55\n", "6.1.0-55-amd64");
	check_grub(grub_config, "next_entry=Advanced options>Debian, 55\n", "6.1.0-55-amd64");
	check_grub(grub_config, "next_entry=\n", "6.1.0-56-amd64");
	check_grub(grub_config, "next_entry=2\n", "-"); /* the entry boots no Linux */
	check_grub(grub_config, "saved_entry=1>1\n",
		   "6.1.0-56-amd64"); /* the configuration does not read saved_entry */
	check_grub(grub_config, "next_entry=no such\n", "6.1.0-56-amd64");
	memcpy(strstr(saved, "\"0\"\nif"), "\"1\"", 3);
	check_grub(saved, NULL, "6.1.0-56-amd64"); /* the first entry of the submenu */
	check_grub("set default=\"${saved_entry}\"\n", "saved_entry=x\n", "-");
	check_grub("", "", "-");
	check_grub("}\n}\nmenuentry\nsubmenu {\nmenuentry 'a {\n", "", "-");
	free(saved);
}
END_TEST

START_TEST(images_say_what_they_are)
{
	static uint8_t image[4096];
	char *text;

	ck_assert_ptr_null(kernel_image_text((struct bytes){image, sizeof(image)}));
	image[0x1f1] = 7;
	memcpy(image + 0x202, "HdrS", 4);
	image[0x20e] = 0x00;
	image[0x20f] = 0x04;
	strcpy((char *)image + 0x600, "6.1.0-56-amd64 (x@y) #1 SMP Debian 6.1.192-2 (2026-08-02)");
	text = kernel_image_text((struct bytes){image, sizeof(image)});
	ck_assert_str_eq(text, "6.1.0-56-amd64 (x@y) #1 SMP Debian 6.1.192-2 (2026-08-02)");

	char *version = kernel_version_of(strchr(text, '#'));

	ck_assert_str_eq(version, "6.1.192-2");
	free(version);
	free(text);
	ck_assert_ptr_null(kernel_image_text((struct bytes){image, 0x600}));
	ck_assert_ptr_null(kernel_release_of("/boot/vmlinuz-old"));
}
END_TEST

START_TEST(series_of_kernels)
{
	static const struct {
		const char *a, *b;
		enum series_match series;
	} pairs[] = {
		{"6.1.0-56-amd64", "6.12.1+deb12-amd64", SERIES_SAME},
		{"6.1.0-56-amd64", "6.12.9-1~bpo12+1-amd64", SERIES_SAME},
		{"6.1.0-0.deb11.17-amd64", "6.1.0-0.deb11.18-amd64", SERIES_SAME},
		{"6.1.0-56-amd64", "6.1.0-56-cloud-amd64", SERIES_OTHER},
		{"6.1.0-5-amd64", "6.1.0-5-arm64", SERIES_OTHER},
		{"6.1.0-5-amd64", "6.1.0-6-rt-amd64", SERIES_OTHER},
		{"5.14.0-427.el9.x86_64", "5.14.0-503.el9.x86_64", SERIES_SAME},
		{"5.14.0-427.el9_4.x86_64", "5.14.0-503.el9_5.x86_64", SERIES_SAME},
		{"5.14.0-427.el9.x86_64", "6.9.1-1.el9.elrepo.x86_64", SERIES_OTHER},
		{"6.9.1-1.el9.elrepo.x86_64", "6.9.2-1.el9.elrepo.x86_64", SERIES_SAME},
		{"5.14.0-427.el9.x86_64", "5.14.0-503.el9.x86_64+rt", SERIES_OTHER},
		{"5.15.0-206.153.7.el8uek.x86_64", "5.14.0-427.el9.x86_64", SERIES_OTHER},
		{"6.5.6-300.fc39.x86_64", "6.8.5-301.fc40.x86_64", SERIES_SAME},
		{"6.6.8-x64v3-xanmod1", "6.6.8-x64v3-xanmod2", SERIES_SAME},
		{"6.6.8-x64v2-xanmod1", "6.6.8-x64v3-xanmod2", SERIES_OTHER},
		{"6.1.0-rpi7-rpi-v8", "6.1.0-rpi8-rpi-v8", SERIES_SAME},
		{"6.12.25+rpt-rpi-v8", "6.12.34+rpt-rpi-v8", SERIES_SAME},
		{"6.1.0-rpi7-rpi-v7", "6.1.0-rpi8-rpi-v8", SERIES_UNSURE},
		{"6.1.5-custom9", "6.1.5-custom10", SERIES_SAME},
		{"6.1.5-own-v2", "6.1.6-own-v3", SERIES_UNSURE},
		{"6.6.8-arch1-1", "6.6.9-arch1-1", SERIES_SAME},
		{"6.6.8-arch1-1", "6.6.8-arch1-2", SERIES_SAME},
		{"6.6.8-arch1-1", "6.6.9-zen1-1-zen", SERIES_OTHER},
		{"6.6.8-zen1-1-zen", "6.6.9-zen1-2-zen", SERIES_SAME},
		{"6.6.8-1-lts", "6.6.9-1-lts", SERIES_SAME},
		{"6.6.8-gentoo", "6.6.8-gentoo-r1", SERIES_SAME},
		{"6.5.11-7-pve", "6.8.12-1-pve", SERIES_SAME},
		{"5.15.0-100-generic", "5.15.0-101-lowlatency", SERIES_OTHER},
		{"6.4.0-150600.21-default", "6.4.0-150600.23-default", SERIES_SAME},
		{"6.6.8-00012-gdeadbeef12", "6.6.8-00013-g0123456789", SERIES_SAME},
		{"6.6.8", "6.6.9", SERIES_SAME},
		{"6.6.8-rc1", "6.6.8", SERIES_SAME},
		{"6.6.8", "6.6.9-custom", SERIES_OTHER},
	};

	for (size_t i = 0; i < array_size(pairs); i++) {
		ck_assert_msg(series_compare(pairs[i].a, pairs[i].b) == pairs[i].series, "%s %s",
			      pairs[i].a, pairs[i].b);
		ck_assert_msg(series_compare(pairs[i].b, pairs[i].a) == pairs[i].series, "%s %s",
			      pairs[i].b, pairs[i].a);
	}
}
END_TEST

START_TEST(microcode_files)
{
	uint32_t intel[24] = {1, 0x42, 0, 0x906ea, 0, 0, 0x22, 48, 96};
	uint32_t amd[64] = {0x00414d44, 0, 32, 0x00a20f10, 0, 0, 0xa210, 0, 0, 0, 0, 1, 64};
	struct bytes file = {(uint8_t *)intel, sizeof(intel)};

	ck_assert_uint_eq(microcode_intel(file, 0x906ea, 0x02), 0x42);
	ck_assert_uint_eq(microcode_intel(file, 0x906ea, 0x10), 0); /* it is for another socket */
	ck_assert_uint_eq(microcode_intel(file, 0x906eb, 0x02), 0);
	file.size--;
	ck_assert_uint_eq(microcode_intel(file, 0x906ea, 0x02), 0);

	amd[13 + 1] = 0xa201025; /* the patch's revision */
	amd[13 + 6] = 0xa210;	 /* the processor that it is for */
	file = (struct bytes){(uint8_t *)amd, 13 * 4 + 64};
	ck_assert_uint_eq(microcode_amd(file, 0x00a20f10), 0xa201025);
	ck_assert_uint_eq(microcode_amd(file, 0x00a20f12), 0);
	file.size--;
	ck_assert_uint_eq(microcode_amd(file, 0x00a20f10), 0);
}
END_TEST

START_TEST(simulated_upgrades)
{
	struct advise_update_vec updates = {};

	advise_apt_parse("NOTE: This is only a simulation!\n"
			 "Inst libssl3 [3.0.20-1] (3.0.22-1 Debian-Security:12/stable [amd64])\n"
			 "Inst linux-image-6.1.0-56-amd64 (6.1.192-2 Debian:12 [amd64]) []\n"
			 "Inst libc6:i386 [2.36-9] (2.36-10 Debian:12 [i386])\n"
			 "Remv old-tool [1.0-1]\n"
			 "Conf libssl3 (3.0.22-1 Debian-Security:12/stable [amd64])\n"
			 "Inst\nInst \nInst broken [\nInst half (\n",
			 &updates);
	ck_assert_uint_ge(updates.len, 4);
	ck_assert_str_eq(updates.data[0].package, "libssl3");
	ck_assert_str_eq(updates.data[0].from, "3.0.20-1");
	ck_assert_str_eq(updates.data[0].to, "3.0.22-1");
	ck_assert_str_eq(updates.data[0].arch, "amd64");
	ck_assert_ptr_null(updates.data[1].from);
	ck_assert_str_eq(updates.data[2].package, "libc6");
	ck_assert_str_eq(updates.data[2].arch, "i386");
	ck_assert_str_eq(updates.data[3].from, "1.0-1");
	ck_assert_ptr_null(updates.data[3].to);
	advise_update_vec_free(&updates);
}
END_TEST

START_TEST(transactions)
{
	struct advise_update_vec updates = {};
	static const char apt[] =
		"VERSION 3\nAPT::Architecture=amd64\n\n"
		"libssl3 3.0.20-1 amd64 same < 3.0.22-1 amd64 same /var/cache/a.deb\n"
		"tool - - none < 1.0 amd64 none /var/cache/b.deb\n"
		"gone 2.0 all none > - - none **REMOVE**\n"
		"libssl3 3.0.20-1 amd64 same < 3.0.22-1 amd64 same **CONFIGURE**\n";
	static const char json[] =
		"{\"suture\": 1, \"updates\": [{\"package\": \"kernel-core\", \"arch\": "
		"\"x86_64\", \"from\": null, \"to\": \"6.1-2\", \"cves\": [\"CVE-2026-0001\", 7], "
		"\"reboot\": true}, {}, 7]}\nmore";

	ck_assert_ok(transaction_parse(apt, strlen(apt), &updates));
	ck_assert_uint_eq(updates.len, 3);
	ck_assert_ptr_null(updates.data[1].from);
	ck_assert_str_eq(updates.data[2].from, "2.0");
	ck_assert_ptr_null(updates.data[2].to);
	advise_update_vec_free(&updates);
	ck_assert_ok(transaction_parse(json, strlen(json), &updates));
	ck_assert_uint_eq(updates.len, 1);
	ck_assert(updates.data[0].vendor_reboot);
	ck_assert_uint_eq(updates.data[0].cves.len, 1);
	advise_update_vec_free(&updates);
	ck_assert_fails(transaction_parse("VERSION 9\n\n", 11, &updates), "version 9");
	ck_assert_fails(transaction_parse("VERSION 3\n\na b\n", 15, &updates), "2 words");
	ck_assert_fails(transaction_parse("", 0, &updates), "neither");
	ck_assert_fails(transaction_parse("{", 1, &updates), "JSON");
	advise_update_vec_free(&updates);
}
END_TEST

START_TEST(the_answer_of_dnf_among_other_lines)
{
	scope_strbuf output = STRBUF_INIT, errors = STRBUF_INIT;
	struct advise_update_vec updates = {};

	strbuf_addstr(&output, "Updating Subscription Management repositories.\n"
			       "{\"suture\": 1, \"updates\": [{\"package\": \"a\"}]}\n{broken\n");
	strbuf_addstr(&errors, "warning: {\"suture\"\n");
	ck_assert_ok(advise_dnf_read_plugin(0, &output, &errors, &updates));
	ck_assert_uint_eq(updates.len, 1);
	ck_assert_fails(advise_dnf_read_plugin(1, &output, &errors, &updates),
			"exit status 1: warning");
	strbuf_reset(&output);
	strbuf_addstr(&output, "says {\"suture\": 1}\nno such command\n");
	strbuf_reset(&errors);
	ck_assert_fails(advise_dnf_read_plugin(0, &output, &errors, &updates), "no such command");
	strbuf_reset(&output);
	strbuf_addstr(&output, "{\"suture\": 1, \"updates\": [\n]}\n");
	ck_assert_fails(advise_dnf_read_plugin(0, &output, &errors, &updates), "JSON");
	advise_update_vec_free(&updates);
}
END_TEST

START_TEST(rules_say_where_they_are_wrong)
{
	struct rule_vec rules = {};

	ck_assert_ok(rules_parse("x.conf",
				 "# text\n[package a]\nmatch = a-*\n\tb-*\nnot = a-doc\n"
				 "action = reboot\nwhy = it says so\n",
				 &rules));
	ck_assert_uint_eq(rules.len, 1);
	ck_assert_uint_eq(rules.data[0].match.len, 2);
	ck_assert_fails(rules_parse("x.conf", "[package a]\nmatch = a\naction = explode\n", &rules),
			"x.conf:3: this kind of rule has no such action: 'explode'");
	ck_assert_fails(rules_parse("x.conf", "[packet a]\n", &rules),
			"the kind of rule is unknown");
	ck_assert_fails(rules_parse("x.conf", "match = a\n", &rules), "x.conf:1");
	ck_assert_fails(rules_parse("x.conf", "[unit a]\n", &rules), "has no 'match'");
	ck_assert_fails(rules_parse("x.conf", "[unit a]\nmatch = b\napply = maybe\n", &rules),
			"yes or no");
	ck_assert_fails(rules_parse("x.conf", "\tcontinued\n", &rules), "continues nothing");
	rule_vec_free(&rules);
}
END_TEST

START_TEST(fixes_of_a_changelog)
{
	struct str_vec cves = {};

	static const char changelog[] =
		"linux-signed-amd64 (6.1.192+2) bookworm-security; urgency=high\n\n"
		"  * Sign kernel from linux 6.1.192-2\n  * net: a (CVE-2026-1001)\n\n"
		"linux (6.1.190-1) bookworm; urgency=medium\n\n"
		"  * mm: b (CVE-2026-10020, CVE-2026-1001)\n  * c (CVE-2026-1003)\n\n"
		" -- A <a@b>  Sun, 02 Aug 2026 12:00:00 +0200\n\n"
		"linux (6.1.176-1) bookworm; urgency=medium\n\n  * d (CVE-2026-1004)\n";

	ck_assert(coverage_changelog_fixes(changelog, "6.1.192-2", "6.1.176-1", &cves));
	ck_assert_uint_eq(cves.len, 3);
	str_vec_free(&cves);
	ck_assert(coverage_changelog_fixes(changelog, "6.1.190-1", "6.1.180-1", &cves));
	ck_assert_uint_eq(cves.len, 3);
	str_vec_free(&cves);
	ck_assert(!coverage_changelog_fixes(changelog, "6.1.193-1", "6.1.176-1", &cves));
	ck_assert(!coverage_changelog_fixes(changelog, "6.1.192-2", "6.1.170-1", &cves));
	str_vec_free(&cves);
}
END_TEST

START_TEST(old_lists_are_told)
{
	scope_str_vec notes = {};

	tree_open();
	advise_apt_tell_age(tree, &notes); /* there is no apt */
	put("/var/lib/apt/lists/partial/x", "");
	advise_apt_tell_age(tree, &notes);
	ck_assert_uint_eq(notes.len, 0);
	for (int i = 0; i < 2; i++) {
		scope_free char *path =
			root_path(tree, i ? "/var/lib/apt/lists/partial" : "/var/lib/apt/lists");
		time_t then = time(NULL) - 9 * 24 * 3600 - 60;

		ck_assert_uint_eq(notes.len, 0); /* one of the lists is new */
		ck_assert_int_eq(utimes(path, (struct timeval[]){{then, 0}, {then, 0}}), 0);
		advise_apt_tell_age(tree, &notes);
	}
	ck_assert_uint_eq(notes.len, 1);
	ck_assert_ptr_nonnull(strstr(notes.data[0], "9 days"));
	tree_close();
}
END_TEST

UNIT_SUITE("advise_parse", lines_of_maps, newlines_in_names, names_of_processes_are_any_bytes,
	   owners, mounts_that_may_hang, versions, grub_chooses, images_say_what_they_are,
	   series_of_kernels, microcode_files, simulated_upgrades, transactions,
	   the_answer_of_dnf_among_other_lines, rules_say_where_they_are_wrong,
	   fixes_of_a_changelog, old_lists_are_told)
