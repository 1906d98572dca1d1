/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The parts of the VM gate that work on files and lines. */
#include <archive.h>
#include <archive_entry.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/strbuf.h"
#include "base/tempdir.h"
#include "elf/elf.h"
#include "unit.h"
#include "vm/initramfs.h"
#include "vm/kernel_log.h"
#include "vm/module_file.h"
#include "vm/module_tree.h"
#include "vm/program.h"
#include "vm/vm.h"

/*
 * Writes a module file with the given .modinfo (size includes its last NUL) and possibly a klp
 * symbol.
 */
static void write_module(const char *path, const char *info, size_t size, const char *symbol,
			 const char *section)
{
	scope_elf obj = elf_object_new(path);
	struct elf_section *modinfo = elf_add_section(obj, ".modinfo", SHT_PROGBITS, SHF_ALLOC, 1);

	elf_section_append(obj, modinfo, info, size, 1);
	if (symbol)
		elf_add_symbol(obj, symbol, ELF64_ST_INFO(STB_GLOBAL, STT_NOTYPE), NULL, 0, 0)
			->shndx = SHN_LIVEPATCH;
	if (section)
		elf_add_section(obj, section, SHT_PROGBITS, 0, 1);
	ck_assert_ok(elf_object_write(obj, path));
}

START_TEST(log_lines_are_told_apart)
{
	static const struct {
		const char *text;
		enum kernel_log_kind kind;
	} lines[] = {
		{"x: loading out-of-tree module taints kernel.", KERNEL_LOG_PLAIN},
		{"x: module verification failed: signature and/or required key missing - tainting "
		 "kernel",
		 KERNEL_LOG_PLAIN},
		{"livepatch: 'x': starting patching transition", KERNEL_LOG_PLAIN},
		{"livepatch: 'x': unpatching complete", KERNEL_LOG_PLAIN},
		{"livepatch: enabling patch 'bug_warning'", KERNEL_LOG_PLAIN},
		{"WARNING: CPU: 0 PID: 89 at kernel/x.c:8 f+0x15/0x2e", KERNEL_LOG_FINDING},
		{"BUG: kernel NULL pointer dereference, address: 0000000000000000",
		 KERNEL_LOG_FINDING},
		{"BUG: scheduling while atomic: init/89/0x00000002", KERNEL_LOG_FINDING},
		{"watchdog: BUG: soft lockup - CPU#0 stuck for 26s! [init:89]", KERNEL_LOG_FINDING},
		{"Oops: 0000 [#1] PREEMPT SMP NOPTI", KERNEL_LOG_FINDING},
		{"general protection fault, probably for non-canonical address",
		 KERNEL_LOG_FINDING},
		{"Kernel panic - not syncing: Fatal exception", KERNEL_LOG_FINDING},
		{"rcu: INFO: rcu_preempt self-detected stall on CPU", KERNEL_LOG_FINDING},
		{"rcu: INFO: rcu_preempt detected stalls on CPUs/tasks:", KERNEL_LOG_FINDING},
		{"INFO: task init:89 blocked for more than 30 seconds.", KERNEL_LOG_FINDING},
		{"list_add corruption. prev->next should be next", KERNEL_LOG_FINDING},
		{"refcount_t: underflow; use-after-free.", KERNEL_LOG_FINDING},
		{"BUG kmalloc-64 (Tainted: G  OEK): Right Redzone overwritten", KERNEL_LOG_FINDING},
		{"BUG: KASAN: slab-out-of-bounds in f+0x1/0x2", KERNEL_LOG_FINDING},
		{"WARNING: possible circular locking dependency detected", KERNEL_LOG_FINDING},
		{"Out of memory: Killed process 77 (hammer)", KERNEL_LOG_MEMORY},
		{"hog invoked oom-killer: gfp_mask=0x140dca(GFP_HIGHUSER_MOVABLE)",
		 KERNEL_LOG_MEMORY},
		{"hog[9]: segfault at 0 ip 40162b sp 7fff648bfb40 error 6 in hog[401000+79000]",
		 KERNEL_LOG_USER},
		{"traps: hog[9] general protection fault ip:401630 sp:7ffd error:0 in hog[401000]",
		 KERNEL_LOG_USER},
		{"traps: hog[9] trap invalid opcode ip:401630 sp:7ffd error:0", KERNEL_LOG_USER},
		{"traps: hog[9] trap divide error ip:401630 sp:7ffd error:0", KERNEL_LOG_USER},
		{"hog[9] bad frame in rt_sigreturn frame:1 ip:2 sp:3 orax:f", KERNEL_LOG_USER},
		{"traps: PANIC: double fault, error_code: 0x0", KERNEL_LOG_FINDING},
		{"Code: 5d e9 59 ff ff ff 66 0f 1f 84 00 <c7> 00 01 00 00", KERNEL_LOG_PLAIN},
		{"RIP: 0033:0x40162b", KERNEL_LOG_PLAIN},
		{"RIP: 0010:f+0x15/0x2e [x]", KERNEL_LOG_TRACE},
		{"Call Trace:", KERNEL_LOG_TRACE},
		{"x: Unknown symbol f (err -2)", KERNEL_LOG_REASON},
		{"x: version magic 'a' should be 'b'", KERNEL_LOG_REASON},
		{"livepatch: symbol 'f' not found in symbol table", KERNEL_LOG_REASON},
		{"livepatch: pre-patch callback failed for object 'vmlinux'", KERNEL_LOG_REASON},
		{"module: x: Unknown rela relocation: 42", KERNEL_LOG_REASON},
		{"dummy: nothing special", KERNEL_LOG_PLAIN},
	};

	for (size_t i = 0; i < array_size(lines); i++)
		ck_assert_msg(kernel_log_judge(lines[i].text, KERNEL_LOG_GUEST) == lines[i].kind,
			      "%s", lines[i].text);
}
END_TEST

START_TEST(only_unexplained_taint_counts)
{
	enum { WARN = 1 << 9, DIED = 1 << 7, OOT = 1 << 12, UNSIGNED = 1 << 13, LIVE = 1 << 15 };

	ck_assert_ptr_null(kernel_taint_gained(0, OOT | UNSIGNED | LIVE, KERNEL_LOG_GUEST));
	ck_assert_ptr_null(kernel_taint_gained(WARN, WARN | LIVE, KERNEL_LOG_GUEST));

	scope_free char *warn = kernel_taint_gained(LIVE, LIVE | WARN, KERNEL_LOG_GUEST);
	scope_free char *died = kernel_taint_gained(0, WARN | DIED, KERNEL_LOG_GUEST);
	scope_free char *unknown = kernel_taint_gained(0, 1l << 40, KERNEL_LOG_GUEST);

	ck_assert_str_eq(warn, "W (warning)");
	ck_assert_str_eq(died, "D (kernel died: Oops or BUG), W (warning)");
	ck_assert_str_eq(unknown, "unknown flag");
}
END_TEST

START_TEST(module_names_come_from_paths)
{
	static const struct {
		const char *path, *name;
	} cases[] = {{"/a/nf-tables.ko.xz", "nf_tables"},
		     {"x.ko", "x"},
		     {"d.ko/plain", "plain"},
		     {"x.kofix.ko", "x.kofix"},
		     {"x.ko.zst", "x"}};

	for (size_t i = 0; i < array_size(cases); i++) {
		scope_free char *name = module_name_of_path(cases[i].path);

		ck_assert_str_eq(name, cases[i].name);
	}
}
END_TEST

START_TEST(module_says_what_it_patches)
{
	static const char info[] = "livepatch=Y\0name=fix_one\0depends=crc32c,lib-x\0"
				   "vermagic=6.1.0-54-amd64 SMP\0suture_objects=vmlinux,nf_tables";
	scope_dir_temp dir = NULL;
	scope_module_file file = {};
	scope_free char *release = NULL;

	ck_assert_ok(dir_temp(dir_for_temp(), "suture-test", &dir));

	scope_free char *path = xasprintf("%s/other.ko", dir);

	write_module(path, info, sizeof(info), ".klp.sym.ext4.ext4_read,0",
		     ".klp.rela.dummy..text");
	ck_assert_ok(module_file_open(path, &file));
	ck_assert_str_eq(file.name, "fix_one");
	ck_assert(file.livepatch);
	ck_assert_uint_eq(file.depends.len, 2);
	ck_assert_str_eq(file.depends.data[1], "lib_x");
	ck_assert_uint_eq(file.objects.len, 3);
	ck_assert_str_eq(file.objects.data[0], "dummy");
	ck_assert_str_eq(file.objects.data[1], "ext4");
	ck_assert_str_eq(file.objects.data[2], "nf_tables");
	ck_assert_ok(vm_module_release(path, &release));
	ck_assert_str_eq(release, "6.1.0-54-amd64");
}
END_TEST

/* What the gate gives a module time for: functions that it replaces, names that are looked up. */
START_TEST(module_says_how_much_it_does)
{
	static const char info[] = "livepatch=Y\0suture_function=vmlinux a.c f 0 exact\0"
				   "suture_function=vmlinux a.c g 0 exact";
	scope_dir_temp dir = NULL;
	scope_elf obj = elf_object_new("x");
	struct elf_section *modinfo = elf_add_section(obj, ".modinfo", SHT_PROGBITS, SHF_ALLOC, 1);
	struct elf_section *text = elf_add_section(obj, ".text", SHT_PROGBITS, SHF_ALLOC, 1);
	struct elf_section *relas = elf_add_livepatch_relas(obj, ".klp.rela.vmlinux..text", text);

	elf_section_append(obj, text, NULL, 64, 1);
	for (uint64_t i = 0; i < 3; i++) {
		scope_free char *name = xasprintf(".klp.sym.vmlinux.s%d,0", (int)i);
		struct elf_symbol *symbol = elf_add_symbol(
			obj, name, ELF64_ST_INFO(STB_GLOBAL, STT_NOTYPE), NULL, 0, 0);

		symbol->shndx = SHN_LIVEPATCH;
		vec_push(&relas->relas, (struct elf_rela){8 * i, R_X86_64_64, symbol, 0});
		elf_add_symbol(obj, "local", ELF64_ST_INFO(STB_LOCAL, STT_FUNC), text, i, 1);
	}
	ck_assert_ok(dir_temp(dir_for_temp(), "suture-test", &dir));
	for (int listed = 0; listed < 2; listed++) {
		scope_module_file file = {};
		scope_free char *path = xasprintf("%s/x%d.ko", dir, listed);

		modinfo->size = 0;
		elf_section_append(obj, modinfo, info, listed ? sizeof(info) : 12, 1);
		ck_assert_ok(elf_object_write(obj, path));
		ck_assert_ok(module_file_open(path, &file));
		ck_assert_uint_eq(file.functions, listed ? 2 : 3);
		ck_assert_uint_eq(file.relocations, 3);
	}
}
END_TEST

START_TEST(what_is_no_module_is_refused)
{
	scope_dir_temp dir = NULL;
	struct vm_module_file file;

	ck_assert_ok(dir_temp(dir_for_temp(), "suture-test", &dir));

	scope_free char *garbage = xasprintf("%s/garbage.ko", dir);
	scope_free char *empty = xasprintf("%s/empty.ko", dir);
	scope_free char *cut = xasprintf("%s/cut.ko", dir);
	scope_free char *unended = xasprintf("%s/unended.ko", dir);
	scope_free char *object = xasprintf("%s/object.ko", dir);
	scope_elf plain = elf_object_new(object);

	ck_assert_ok(file_write(garbage, "no module at all", 16));
	ck_assert_ok(file_write(empty, "", 0));
	ck_assert_ok(file_write(cut, "\177ELF\2\1\1", 7));
	write_module(unended, "livepatch=Y\0name=x", 17, NULL, NULL);
	ck_assert_fails(module_file_open(garbage, &file), "garbage.ko");
	module_file_close(&file);
	ck_assert_fails(module_file_open(empty, &file), "empty.ko");
	module_file_close(&file);
	ck_assert_fails(module_file_open(cut, &file), "cut.ko");
	module_file_close(&file);

	elf_add_section(plain, ".text", SHT_PROGBITS, SHF_ALLOC, 1);
	ck_assert_ok(elf_object_write(plain, object));
	ck_assert_fails(module_file_open(object, &file), "no .modinfo");
	module_file_close(&file);

	ck_assert_ok(module_file_open(unended, &file));
	ck_assert_str_eq(file.name, "unended"); /* a field without an end does not count */
	module_file_close(&file);
}
END_TEST

static void write_tree_module(const char *dir, const char *name, const char *depends)
{
	scope_free char *path = xasprintf("%s/kernel/%s", dir, name);
	scope_free char *info = xasprintf("depends=%s", depends);

	write_module(path, info, strlen(info) + 1, NULL, NULL);
}

START_TEST(dependencies_come_first)
{
	scope_dir_temp dir = NULL;
	scope_module_tree tree = NULL;
	scope_str_vec order = {};

	ck_assert_ok(dir_temp(dir_for_temp(), "suture-test", &dir));

	scope_free char *kernel = xasprintf("%s/kernel", dir);

	ck_assert_ok(dir_make(kernel));
	write_tree_module(dir, "top.ko", "left,right-side");
	write_tree_module(dir, "left.ko", "base");
	write_tree_module(dir, "right-side.ko", "base");
	write_tree_module(dir, "base.ko", "");
	write_tree_module(dir, "loop-a.ko", "loop_b");
	write_tree_module(dir, "loop-b.ko", "loop_a");
	write_tree_module(dir, "broken.ko", "base,absent");
	ck_assert_ok(module_tree_open(dir, &tree));
	ck_assert_ok(module_tree_order(tree, "top", &order));
	ck_assert_uint_eq(order.len, 4);
	ck_assert_str_eq(order.data[0], "base");
	ck_assert_str_eq(order.data[1], "left");
	ck_assert_str_eq(order.data[2], "right_side");
	ck_assert_str_eq(order.data[3], "top");
	ck_assert_ok(module_tree_order(tree, "loop_a", &order));
	ck_assert_uint_eq(order.len, 6);
	ck_assert_fails(module_tree_order(tree, "nothing", &order), "the module does not exist");
	ck_assert_fails(module_tree_order(tree, "broken", &order), "needs absent");
	ck_assert_uint_eq(order.len, 6);
	ck_assert_ptr_nonnull(module_tree_file(tree, "right_side"));
	ck_assert_ptr_null(module_tree_file(tree, "nothing"));
}
END_TEST

/* Lists the names in an archive, one on each line with its mode. */
static char *list_archive(const char *path)
{
	scope_strbuf out = STRBUF_INIT;
	struct archive *archive = archive_read_new();
	struct archive_entry *entry;

	archive_read_support_format_cpio(archive);
	ck_assert_int_eq(archive_read_open_filename(archive, path, 65536), ARCHIVE_OK);
	while (archive_read_next_header(archive, &entry) == ARCHIVE_OK)
		strbuf_addf(&out, "%o %s %lld\n", archive_entry_mode(entry),
			    archive_entry_pathname(entry), (long long)archive_entry_size(entry));
	archive_read_free(archive);
	return strbuf_detach(&out);
}

START_TEST(soft_dependencies_are_followed_where_possible)
{
	scope_dir_temp dir = NULL;
	scope_module_tree tree = NULL;
	scope_str_vec order = {};

	ck_assert_ok(dir_temp(dir_for_temp(), "suture-test", &dir));

	scope_free char *crypto = xasprintf("%s/kernel/crypto", dir);
	scope_free char *lib = xasprintf("%s/kernel/libcrc.ko", dir);
	scope_free char *fast = xasprintf("%s/crc-fast.ko", crypto);
	scope_free char *generic = xasprintf("%s/crc_generic.ko", crypto);
	static const char lib_info[] = "softdep=pre: crc absent libcrc post: later";
	static const char crc_info[] = "alias=crypto-crc";

	ck_assert_ok(dir_make(crypto));
	write_module(lib, lib_info, sizeof(lib_info), NULL, NULL);
	write_module(fast, crc_info, sizeof(crc_info), NULL, NULL);
	write_module(generic, crc_info, sizeof(crc_info), NULL, NULL);
	write_tree_module(dir, "later.ko", "");
	write_tree_module(dir, "top.ko", "libcrc");
	ck_assert_ok(module_tree_open(dir, &tree));
	ck_assert_ok(module_tree_order(tree, "top", &order));
	ck_assert_uint_eq(order.len, 3);
	ck_assert_str_eq(order.data[0], "crc_generic");
	ck_assert_str_eq(order.data[1], "libcrc");
	ck_assert_str_eq(order.data[2], "top");
}
END_TEST

START_TEST(initramfs_names_folders_first)
{
	scope_dir_temp dir = NULL;
	scope_initramfs fs = NULL;
	uint64_t size;

	ck_assert_ok(dir_temp(dir_for_temp(), "suture-test", &dir));

	scope_free char *path = xasprintf("%s/fs", dir);

	ck_assert_ok(initramfs_create(path, &fs));
	ck_assert_ok(initramfs_add(fs, "a/b/c", 0755, (struct bytes){(const uint8_t *)"xyz", 3}));
	ck_assert_ok(initramfs_add(fs, "a/d", 0644, (struct bytes){}));
	ck_assert(initramfs_has(fs, "a/b/c"));
	ck_assert(!initramfs_has(fs, "a/c"));
	ck_assert_ok(initramfs_finish(fs, &size));
	ck_assert_uint_gt(size, 3);

	scope_free char *list = list_archive(path);

	ck_assert_str_eq(list, "40755 a 0\n40755 a/b 0\n100755 a/b/c 3\n100644 a/d 0\n");
}
END_TEST

START_TEST(programs_bring_what_they_need)
{
	scope_dir_temp dir = NULL;
	scope_initramfs fs = NULL;
	uint64_t size;

	ck_assert_ok(dir_temp(dir_for_temp(), "suture-test", &dir));

	scope_free char *path = xasprintf("%s/fs", dir);
	scope_free char *script = xasprintf("%s/check.sh", dir);
	scope_free char *nothing = xasprintf("%s/text", dir);
	scope_free char *endless = xasprintf("%s/endless", dir);
	scope_free char *endless_text = xasprintf("#!%s\n", endless);

	ck_assert_ok(file_write(script, "#!/bin/sh -e\ntrue\n", 18));
	ck_assert_ok(file_write(nothing, "true\n", 5));
	ck_assert_ok(file_write(endless, endless_text, strlen(endless_text)));
	ck_assert_ok(initramfs_create(path, &fs));
	ck_assert_ok(program_add(fs, "check/0/check.sh", script));
	ck_assert(initramfs_has(fs, "bin/sh"));
	ck_assert(initramfs_has(fs, "checklib/libc.so.6"));
	ck_assert(initramfs_has(fs, "lib64/ld-linux-x86-64.so.2"));
	ck_assert_fails(program_add(fs, "check/1/text", nothing), "neither an ELF program nor");
	ck_assert_fails(program_add(fs, "check/2/none", "/no/such/program"), "/no/such/program");
	ck_assert_fails(program_add(fs, "check/3/endless", endless), "too deep");
	ck_assert_ok(initramfs_finish(fs, &size));
}
END_TEST

UNIT_SUITE("vm", log_lines_are_told_apart, only_unexplained_taint_counts,
	   module_names_come_from_paths, module_says_what_it_patches, module_says_how_much_it_does,
	   what_is_no_module_is_refused, dependencies_come_first,
	   soft_dependencies_are_followed_where_possible, initramfs_names_folders_first,
	   programs_bring_what_they_need)
