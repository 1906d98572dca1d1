/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A made-up machine: a folder with /proc, libraries, kernels and flags, for src/advise. */
#ifndef SUTURE_TESTS_ADVISE_TREE_H
#define SUTURE_TESTS_ADVISE_TREE_H

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "advise/advise.h"
#include "base/alloc.h"
#include "base/file.h"
#include "base/root.h"
#include "base/strbuf.h"
#include "base/tempdir.h"
#include "unit.h"

static char *tree_dir;
static struct root *tree;

static inline void put(const char *path, const char *text)
{
	ck_assert_ok(root_write(tree, path, text, strlen(text), 0644));
}

static inline void put_link(const char *path, const char *target)
{
	scope_free char *full = root_path(tree, path);

	unlink(full);
	ck_assert_int_eq(symlink(target, full), 0);
}

static inline void tree_open(void)
{
	ck_assert_ok(dir_temp(dir_for_temp(), "suture-advise", &tree_dir));
	ck_assert_ok(root_open(tree_dir, &tree));
	put("/proc/sys/kernel/osrelease", "6.1.0-55-amd64\n");
	put("/proc/sys/kernel/version", "#1 SMP PREEMPT_DYNAMIC Debian 6.1.176-1 (2026-05-01)\n");
	put("/proc/stat", "cpu 1 2 3\nbtime 1000000000\n");
	ck_assert_ok(root_make_dir(tree, "/run"));
}

static inline void tree_close(void)
{
	root_free(tree);
	tree = NULL;
	dir_temp_cleanup(&tree_dir);
}

/* Makes a process in a control group; its maps are added later. */
static inline void put_process(int pid, const char *comm, const char *cgroup)
{
	scope_free char *dir = xasprintf("/proc/%d", pid);
	scope_free char *ns = xasprintf("%s/ns", dir);
	scope_free char *stat = xasprintf(
		"%d (%s) S 1 1 1 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 1 0 500 1 1\n", pid, comm);
	scope_free char *group = xasprintf("0::%s\n", cgroup);
	scope_free char *exe = xasprintf("/usr/bin/%s", comm);
	const struct {
		const char *file, *text;
	} files[] = {{"stat", stat}, {"cgroup", group}, {"maps", ""}, {"mountinfo", ""}};
	const struct {
		const char *file, *target;
	} links[] = {{"ns/mnt", "mnt:[4026531840]"}, {"root", "/"}, {"exe", exe}};

	ck_assert_ok(root_make_dir(tree, ns));
	for (size_t i = 0; i < array_size(files); i++) {
		scope_free char *path = xasprintf("%s/%s", dir, files[i].file);

		put(path, files[i].text);
	}
	for (size_t i = 0; i < array_size(links); i++) {
		scope_free char *path = xasprintf("%s/%s", dir, links[i].file);

		put_link(path, links[i].target);
	}
}

static inline void add_text(int pid, const char *text)
{
	scope_free char *path = xasprintf("/proc/%d/maps", pid);
	scope_free char *full = root_path(tree, path);
	FILE *file = fopen(full, "a");

	ck_assert_ptr_nonnull(file);
	fputs(text, file);
	fclose(file);
}

/* Adds a line of maps for the file at path; the line contains `name`. */
static inline void add_map(int pid, const char *perms, const char *path, const char *name)
{
	struct stat st = {};

	ck_assert_int_eq(root_stat(tree, path, &st), 0);

	scope_free char *line = xasprintf("7f0000000000-7f0000001000 %s 00000000 %02x:%02x %llu"
					  "        %s\n",
					  perms, major(st.st_dev), minor(st.st_dev),
					  (unsigned long long)st.st_ino, name);

	add_text(pid, line);
}

/* Does what an upgrade does: a new file gets the name. */
static inline void replace(const char *path)
{
	scope_free char *full = root_path(tree, path);
	scope_free char *kept = xasprintf("%s.kept", full);

	/* The old inode stays in use, since its number could be given to the new file otherwise. */
	ck_assert_int_eq(link(full, kept), 0);
	put(path, "new");
}

#endif
