/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tests which modules count as those that a machine has loaded or may load. */
#include "base/alloc.h"
#include "base/file.h"
#include "base/path.h"
#include "base/root.h"
#include "base/tempdir.h"
#include "base/text.h"
#include "cover/loadable.h"
#include "unit.h"

static void place(const char *dir, const char *path, const char *text)
{
	scope_free char *full = xasprintf("%s/%s", dir, path);
	scope_free char *parent = path_parent(full);

	ck_assert_ok(dir_make(parent));
	ck_assert_ok(file_write_scratch(full, text, strlen(text)));
}

START_TEST(devices_requests_and_dependencies_count)
{
	scope_str_vec modules = {};
	scope_root root = NULL;
	char *dir = NULL;

	ck_assert_ok(dir_temp(dir_for_temp(), "suture-test", &dir));
	place(dir, "proc/modules", "nf_tables 303104 0 - Live 0x0000000000000000\n");
	place(dir, "sys/bus/pci/devices/0000:00:01.0/modalias",
	      "pci:v00008086d00001237sv00001AF4sd00001100bc06sc00i00\n");
	place(dir, "lib/modules/6.1/modules.alias",
	      "# Aliases extracted from modules themselves.\n"
	      "alias pci:v00008086d00001237sv*sd*bc*sc*i* here\n"
	      "alias pci:v00008086d00001238sv*sd*bc*sc*i* not-here\n"
	      "alias usb:v1234p*d*dc*dsc*dp*ic*isc*ip*in* not_plugged\n"
	      "alias dmi*:svnNobody* no-such-board\n"
	      "alias fs-xfs xfs\n"
	      "alias net-pf-10-proto-132-type-5 sctp\n"
	      "alias cpu:type:x86,ven*fam*mod*:feature:*0099* no_cpu\n");
	place(dir, "lib/modules/6.1/modules.dep",
	      "kernel/net/netfilter/nf_tables.ko: kernel/net/netfilter/nfnetlink.ko\n"
	      "kernel/drivers/here.ko.xz: kernel/lib/deep-one.ko.xz kernel/lib/deep_two.ko.xz\n"
	      "kernel/drivers/not-here.ko: kernel/lib/other.ko\n"
	      "kernel/fs/xfs/xfs.ko:\n");
	ck_assert_ok(root_open(dir, &root));
	ck_assert_ok(loadable_read(root, "6.1", &modules));

	scope_free char *all = str_vec_join(&modules, " ");

	ck_assert_str_eq(all, "deep_one deep_two here nf_tables nfnetlink sctp xfs");
	ck_assert(loadable_has_any(&modules, "a_module nfnetlink"));
	ck_assert(loadable_has_any(&modules, "vmlinux"));
	ck_assert(!loadable_has_any(&modules, "not_here nf"));
	ck_assert(!loadable_has_any(&modules, ""));
	dir_temp_cleanup(&dir);
}
END_TEST

START_TEST(a_list_may_be_that_of_lsmod)
{
	scope_str_vec modules = {}, wrong = {};
	char *dir = NULL;

	ck_assert_ok(dir_temp(dir_for_temp(), "suture-test", &dir));
	place(dir, "lsmod",
	      "Module                  Size  Used by\nnf-tables  303104  0\nxfs\n\n# x\n");
	place(dir, "wrong", "xfs\nb/c.ko\n");

	scope_free char *good = xasprintf("%s/lsmod", dir), *bad = xasprintf("%s/wrong", dir);

	ck_assert_ok(loadable_read_list(good, &modules));

	scope_free char *all = str_vec_join(&modules, " ");

	ck_assert_str_eq(all, "nf_tables xfs");
	ck_assert_fails(loadable_read_list(bad, &wrong), "'b/c.ko' is not a valid module name");
	dir_temp_cleanup(&dir);
}
END_TEST

UNIT_SUITE("loadable", devices_requests_and_dependencies_count, a_list_may_be_that_of_lsmod)
