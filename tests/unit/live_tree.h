/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A made-up machine: a folder with the files of /proc and /sys that src/live reads. */
#ifndef SUTURE_TESTS_LIVE_TREE_H
#define SUTURE_TESTS_LIVE_TREE_H

#include <stdlib.h>
#include <string.h>

#include "live/paths.h"
#include "base/alloc.h"
#include "base/file.h"
#include "base/root.h"
#include "base/tempdir.h"
#include "unit.h"

static char *tree_dir;
static struct root *tree;

static void put(const char *path, const char *text)
{
	ck_assert_ok(root_write(tree, path, text, strlen(text), 0644));
}

/* Makes a machine with kernel 6.1.0-9, on which the user is root and nothing is loaded. */
static inline void tree_open(void)
{
	ck_assert_ok(dir_temp(dir_for_temp(), "suture-live", &tree_dir));
	ck_assert_ok(root_open(tree_dir, &tree));
	put("/proc/sys/kernel/osrelease", "6.1.0-9-amd64\n");
	put("/proc/sys/kernel/random/boot_id", "11111111-2222\n");
	put("/proc/self/status", "Name:\tsuture\nUid:\t0\t0\t0\t0\nCapEff:\t000001ffffffffff\n"
				 "CapBnd:\t000001ffffffffff\n");
	put("/proc/meminfo", "MemTotal: 4000000 kB\nMemAvailable:  2000000 kB\n");
	put("/proc/cmdline", "root=/dev/sda1 quiet\n");
	put("/sys/kernel/tracing/enabled_functions", "");
	put("/sys/kernel/debug/kprobes/list", "");
	ck_assert_ok(root_make_dir(tree, LIVE_SYSFS));
}

static inline void tree_close(void)
{
	root_free(tree);
	tree = NULL;
	dir_temp_cleanup(&tree_dir);
}

/* Adds a patch to sysfs, with a function of vmlinux. */
static inline void put_patch(const char *name, const char *enabled, const char *transition,
			     const char *function)
{
	const struct {
		const char *file, *text;
	} files[] = {{"enabled", enabled}, {"transition", transition}, {"vmlinux/patched", "1\n"}};

	for (size_t i = 0; i < array_size(files); i++) {
		scope_free char *path = xasprintf(LIVE_SYSFS "/%s/%s", name, files[i].file);

		put(path, files[i].text);
	}

	scope_free char *dir = xasprintf(LIVE_SYSFS "/%s/vmlinux/%s", name, function);
	scope_free char *taint = xasprintf("/sys/module/%s/taint", name);

	ck_assert_ok(root_make_dir(tree, dir));
	put(taint, "OEK\n");
}

static inline void put_task(int pid, int tid, const char *comm, const char *state,
			    const char *patch_state, const char *stack)
{
	scope_free char *dir = xasprintf("/proc/%d/task/%d", pid, tid);
	scope_free char *stat = xasprintf("%d (%s) %s 1 1 1\n", tid, comm, state);
	scope_free char *name = xasprintf("%s\n", comm);
	const struct {
		const char *file, *text;
	} files[] = {
		{"stat", stat}, {"comm", name}, {"patch_state", patch_state}, {"stack", stack}};

	for (size_t i = 0; i < array_size(files); i++) {
		scope_free char *path = xasprintf("%s/%s", dir, files[i].file);

		put(path, files[i].text);
	}
}

#endif
