/* SPDX-License-Identifier: GPL-2.0-or-later */
/* vm_run() with a script in the place of QEMU, which says what files hold. */
#ifndef SUTURE_TEST_VM_SCRIPT_H
#define SUTURE_TEST_VM_SCRIPT_H

#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/file.h"
#include "base/strbuf.h"
#include "base/tempdir.h"
#include "elf/elf.h"
#include "unit.h"
#include "vm/vm.h"

static const char *dir; /* folder of the running test */

/* The script copies $dir/console.N and $dir/events.N to the ports, where N counts the boots. */
static const char qemu_script[] =
	"#!/bin/sh\n"
	"dir=${0%/*}\n"
	"echo \"$*\" >>$dir/command\n"
	"n=$(wc -l <$dir/command)\n"
	"for arg; do\n"
	"	case $before in -serial) ports=\"$ports ${arg#file:}\" ;; esac\n"
	"	before=$arg\n"
	"done\n"
	"set -- $ports\n"
	"cat $dir/console.$n >$1\n"
	"cat $dir/events.$n >$2\n"
	"test ! -e $dir/flood || head -c 70000000 /dev/zero >>$2\n"
	"test ! -e $dir/say || cat $dir/say\n"
	"test ! -e $dir/kill.$n || kill -9 $$\n"
	"test ! -e $dir/hang || sleep 100\n";

static char *in_dir(const char *name)
{
	return xasprintf("%s/%s", dir, name);
}

static void put(const char *name, const char *text)
{
	scope_free char *path = in_dir(name);

	ck_assert_ok(file_write(path, text, strlen(text)));
}

/* Makes the folder; the test must guard it. */
static char *set_up(void)
{
	char *sandbox;
	const char *modules[] = {"one.ko", "two.ko", "three.ko"};
	scope_free char *old_path = xasprintf("%s", getenv("PATH"));

	ck_assert_ok(dir_temp(dir_for_temp(), "suture-test", &sandbox));
	dir = sandbox;
	put("vmlinuz", "");
	put("qemu-system-x86_64", qemu_script);
	for (int i = 1; i < 5; i++) {
		scope_free char *console = xasprintf("console.%d", i);
		scope_free char *events = xasprintf("events.%d", i);

		put(console, "");
		put(events, "");
	}

	scope_free char *qemu = in_dir("qemu-system-x86_64");
	scope_free char *path = xasprintf("%s:%s", dir, old_path);

	ck_assert_int_eq(chmod(qemu, 0755), 0);
	setenv("PATH", path, 1);
	setenv("TMPDIR", dir, 1);
	for (size_t i = 0; i < array_size(modules); i++) {
		static const char info[] = "livepatch=Y";
		scope_free char *module = in_dir(modules[i]);
		scope_elf obj = elf_object_new(module);

		elf_section_append(obj,
				   elf_add_section(obj, ".modinfo", SHT_PROGBITS, SHF_ALLOC, 1),
				   info, sizeof(info), 1);
		ck_assert_ok(elf_object_write(obj, module));
	}
	return sandbox;
}

/* Calls vm_run() with the named modules of the folder and those trials. */
static struct err *run_trials(const char *const *names, unsigned trials, struct vm_result **result)
{
	scope_free char *image = in_dir("vmlinuz");
	scope_str_vec paths = {};

	for (; *names; names++)
		vec_push(&paths, in_dir(*names));
	vec_push(&paths, NULL);
	return vm_run(&(struct vm_spec){.image = image,
					.patches = (const char *const *)paths.data,
					.trials = trials},
		      NULL, result);
}

static struct err *run(const char *const *names, struct vm_result **result)
{
	return run_trials(names, 0, result);
}

static const char *const one[] = {"one.ko", NULL};
static const char *const three[] = {"one.ko", "two.ko", "three.ko", NULL};

#define LINES_PER_MODULE 9 /* begin insert settle objects disable remove drop release end */
#define BYE "{\"event\":\"bye\"}\n"
#define HELLO "{\"event\":\"hello\",\"release\":\"6.1.0\",\"ms\":1}\n"

static void add_step(struct strbuf *out, unsigned line, const char *fields)
{
	strbuf_addf(out, "{\"event\":\"start\",\"line\":%u}\n", line);
	strbuf_addf(out, "{\"event\":\"log\",\"level\":6,\"us\":1,\"text\":\"suture: step %u\"}\n",
		    line);
	strbuf_addf(out, "{\"event\":\"step\",\"line\":%u,\"ok\":true,\"ms\":%u,%s}\n", line,
		    100 + line, fields);
}

/* Adds what a guest says if the nth module of the plan (from 0) is fine. */
static void add_good(struct strbuf *out, unsigned n)
{
	for (unsigned line = 1; line <= LINES_PER_MODULE; line++)
		add_step(out, n * LINES_PER_MODULE + line,
			 line == 4 ? "\"objects\":[{\"name\":\"vmlinux\",\"patched\":1,"
				     "\"functions\":[\"f,1\"]}]"
				   : "\"taint\":0");
}

#endif
