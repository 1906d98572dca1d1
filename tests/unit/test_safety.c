/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tests how the rules know functions by name, frames, kept strings and attached probes. */
#include <stdlib.h>
#include <string.h>

#include "elf/elf.h"
#include "safety/code.h"
#include "safety/known.h"
#include "safety/safety.h"
#include "unit.h"

/* Names that match the rules' patterns, and names that only look like them. */
START_TEST(locks_and_references_by_name)
{
	static const struct {
		enum known_kind kind;
		const char *name;
		bool is;
	} names[] = {
		{KNOWN_ACQUIRE, "xfs_ilock", true},
		{KNOWN_RELEASE, "xfs_iunlock", true},
		{KNOWN_ACQUIRE, "xfs_iunlock", false},
		{KNOWN_RELEASE, "xfs_ilock", false},
		{KNOWN_ACQUIRE, "__pipe_lock", true},
		{KNOWN_RELEASE, "__pipe_unlock", true},
		{KNOWN_ACQUIRE, "mutex_unlock", false},
		{KNOWN_ACQUIRE, "vfs_test_lock", false},
		{KNOWN_ACQUIRE, "task_rq_lock", true},
		{KNOWN_ACQUIRE, "preempt_disable", true},
		{KNOWN_ACQUIRE, "ldsem_down_read", true},
		{KNOWN_RELEASE, "ldsem_up_read", true},
		{KNOWN_ACQUIRE, "__lock_task_sighand", true},
		{KNOWN_ACQUIRE, "get_block", false},
		{KNOWN_REFERENCE, "pci_dev_put", true},
		{KNOWN_REFERENCE, "dst_release", true},
		{KNOWN_REFERENCE, "bio_put", true},
		{KNOWN_REFERENCE, "usb_put_dev", true},
		{KNOWN_REFERENCE, "__pm_runtime_idle", true},
		{KNOWN_REFERENCE, "scsi_device_put", true},
	};

	for (size_t i = 0; i < array_size(names); i++)
		ck_assert_msg(known_is(names[i].kind, names[i].name) == names[i].is, "%s",
			      names[i].name);
}
END_TEST

START_TEST(what_is_attached_is_told)
{
	scope_findings findings = {};
	const char *kprobes = "ffffffff812a3c4a  k  vfs_read+0xa    [OPTIMIZED]\n"
			      "ffffffff812a3d40  r  vfs_write+0x0  \n"
			      "ffffffff812a3d44  k  vfs_write+0x4    [FTRACE]\n"
			      "ffffffff812a3e40  k  vfs_readv+0x0  [dummy]";
	const char *traced = "vfs_readv (1) R\n"
			     "vfs_read (2) R   I D   tramp: 0xffffffffc0 (klp_ftrace_handler)\n";

	safety_check_in_use(kprobes, traced, "a.c", "vfs_read", &findings);
	ck_assert_uint_eq(findings.len, 2);
	ck_assert_ptr_nonnull(strstr(findings.data[0].message, "a kprobe at +0xa"));
	ck_assert_ptr_nonnull(strstr(findings.data[1].message, "BPF"));
	ck_assert_ptr_nonnull(strstr(findings.data[1].message, "live patch"));
	/* Probes at the entry and the returns go on. */
	safety_check_in_use(kprobes, traced, "a.c", "vfs_write", &findings);
	/* Neither names that only begin alike nor a file that cannot be read count. */
	safety_check_in_use(kprobes, traced, "a.c", "vfs_rea", &findings);
	safety_check_in_use(kprobes, traced, "a.c", "vfs_writev", &findings);
	safety_check_in_use(NULL, NULL, "a.c", "vfs_read", &findings);
	safety_check_in_use("", "\n\nvfs_read\n  k  x", "a.c", "vfs_read", &findings);
	ck_assert_uint_eq(findings.len, 2);
}
END_TEST

/* gcc reserves and releases 128 bytes this way: add $-128,%rsp; sub $-128,%rsp; ret. */
START_TEST(a_frame_by_its_shorter_spelling)
{
	uint8_t code[] = {0x48, 0x83, 0xc4, 0x80, 0x48, 0x83, 0xec, 0x80, 0xc3};
	struct elf_section section = {.data = code, .size = sizeof(code)};
	struct elf_symbol function = {.section = &section, .size = sizeof(code)};

	ck_assert_uint_eq(code_frame(&function), 8 + 128);
}
END_TEST

/* One finding names all strings of a function and its cold part. */
START_TEST(all_strings_that_are_kept_are_named)
{
	struct diff_part part = {};
	scope_findings findings = {};
	static const struct diff_stored stored[] = {
		{.function = "f", .text = "md5", .written = true},
		{.function = "g", .text = "other", .written = true},
		{.function = "f", .text = "printed"},
		{.function = "f.isra.0", .text = "sha1", .written = true},
		{.function = "f.cold", .text = "sha256", .written = true},
		{.function = "f.cold", .text = "md5", .written = true},
		{.function = "ff", .text = "none", .written = true},
	};

	for (size_t i = 0; i < array_size(stored); i++)
		vec_push(&part.stored, stored[i]);
	safety_check_part(&part, "a.c", &findings);
	ck_assert_uint_eq(findings.len, 3);
	ck_assert_str_eq(findings.data[0].symbol, "f");
	ck_assert_ptr_nonnull(
		strstr(findings.data[0].message, "strings \"md5\", \"sha1\", \"sha256\","));
	ck_assert_str_eq(findings.data[1].symbol, "g");
	ck_assert_ptr_nonnull(strstr(findings.data[1].message, "string \"other\","));
	ck_assert_str_eq(findings.data[2].symbol, "ff");
	vec_free(&part.stored);
}
END_TEST

/* A function of the kernel keeps the string, which the module has. */
START_TEST(strings_that_the_kernel_keeps_are_named)
{
	static const struct {
		const char *callee;
		unsigned arguments;
		bool kept;
	} cases[] = {
		{"request_threaded_irq", 1 << 4, true},
		{"devm_request_threaded_irq", 1 << 5, true},
		{"__request_region", 1 << 3, true},
		{"pci_request_regions", 1 << 1, true},
		{"pcim_iomap_regions_request_all", 1 << 2, true},
		{"__cpuhp_setup_state", 1 << 1, true},
		{"perf_pmu_register", 1 << 1, true},
		{"hwmon_device_register_with_info", 1 << 1, true},
		/* The format of a thread's name is copied, as is that of a work queue. */
		{"kthread_create_on_node", 1 << 3, false},
		{"alloc_workqueue", 1 << 0, false},
		{"proc_create", 1 << 0, false},
		/* This is another argument. */
		{"request_threaded_irq", 1 << 0, false},
	};

	for (size_t i = 0; i < array_size(cases); i++) {
		struct diff_part part = {};
		scope_findings findings = {};
		struct diff_stored stored = {.function = "f.cold",
					     .text = "own name",
					     .callees = {"_printk", cases[i].callee},
					     .arguments = {1, cases[i].arguments},
					     .nr_callees = 2};

		vec_push(&part.stored, stored);
		safety_check_part(&part, "a.c", &findings);
		ck_assert_msg(findings.len == cases[i].kept, "%s", cases[i].callee);
		vec_free(&part.stored);
		if (!cases[i].kept)
			continue;
		ck_assert_str_eq(findings.data[0].rule, "address-stored");
		ck_assert_str_eq(findings.data[0].symbol, "f");
		ck_assert_ptr_nonnull(strstr(findings.data[0].message, "\"own name\""));
		ck_assert_ptr_nonnull(strstr(findings.data[0].message, cases[i].callee));
	}
}
END_TEST

UNIT_SUITE("safety", strings_that_the_kernel_keeps_are_named, all_strings_that_are_kept_are_named,
	   a_frame_by_its_shorter_spelling, what_is_attached_is_told, locks_and_references_by_name)
