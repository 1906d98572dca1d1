/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Tests prebuilt tools whose libraries are missing, and concurrent builds that give tools a loader.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/file.h"
#include "base/tempdir.h"
#include "target/toolchain_choose.h"
#include "target/tools.h"
#include "unit.h"

#define BUILDS 6
#define TOOLS 40

static const char *const folders[] = {"scripts", "tools", NULL};

static char *in_folder(const char *dir, const char *name)
{
	char *path = xasprintf("%s/%s", dir, name);
	scope_free char *parent = xstrndup(path, strrchr(path, '/') - path);

	ck_assert_ok(dir_make(parent));
	return path;
}

static void put_text(const char *dir, const char *name, const char *text)
{
	scope_free char *path = in_folder(dir, name);

	ck_assert_ok(file_write(path, text, strlen(text)));
	ck_assert_int_eq(chmod(path, 0755), 0);
}

/* Makes a program of this host; unless it is good, it needs a library that no host has. */
static void put_program(const char *dir, const char *name, bool good)
{
	scope_free char *path = in_folder(dir, name), *data = NULL;
	size_t size;

	ck_assert_ok(file_read("/bin/true", &data, &size));
	for (char *at = data; !good && (at = memmem(at, data + size - at, "libc.so.6", 9)); at++)
		memcpy(at, "libX", 4);
	ck_assert_ok(file_write(path, data, size));
	ck_assert_int_eq(chmod(path, 0755), 0);
}

START_TEST(programs_behind_a_good_one_are_looked_at)
{
	scope_free char *dir = NULL, *problem = NULL;

	ck_assert_ok(dir_temp(dir_for_temp(), "suture-test", &dir));
	put_program(dir, "tools/objtool/objtool", true);
	put_text(dir, "scripts/mod/modpost", "#!/bin/sh\n");
	ck_assert_ok(tools_problem(dir, folders, &problem));
	ck_assert_ptr_null(problem);
	put_program(dir, "tools/objtool/objtool.real-x86", false);
	ck_assert_ok(tools_problem(dir, folders, &problem));
	ck_assert_ptr_nonnull(strstr(problem, "objtool.real-x86"));
	ck_assert_ptr_nonnull(strstr(problem, "libX.so.6"));
	ck_assert_ok(dir_remove(dir));
}
END_TEST

START_TEST(adopted_programs_are_not_looked_at)
{
	scope_free char *dir = NULL, *problem = NULL;

	ck_assert_ok(dir_temp(dir_for_temp(), "suture-test", &dir));
	put_program(dir, "scripts/mod/modpost" TOOLS_ADOPTED, false);
	put_text(dir, "scripts/mod/modpost", "#!/bin/sh\n");
	ck_assert_ok(tools_problem(dir, folders, &problem));
	ck_assert_ptr_null(problem);
	ck_assert_ok(dir_remove(dir));
}
END_TEST

static void open_with(const char *dir, const char *name)
{
	scope_free char *root = xasprintf("%s/%s", dir, name);
	scope_target target = target_new();
	const struct target_spec spec = {.toolchain = root};

	target->compiler = xstrdup("gcc-99");
	target->compiler_text = xstrdup("gcc-99 (Debian 99.1.0-2) 99.1.0");
	target->dir = xstrdup(dir);
	target->build_dir = xasprintf("%s/build", dir);
	ck_assert_ok(toolchain_choose(&spec, NULL, target));
	ck_assert_str_eq(target->toolchain, root);
}

static void put_toolchain(const char *dir, const char *name)
{
	scope_free char *compiler = xasprintf("%s/usr/bin/gcc-99", name);
	scope_free char *loader =
		xasprintf("%s/usr/lib/x86_64-linux-gnu/ld-linux-x86-64.so.2", name);

	put_text(dir, compiler, "");
	put_text(dir, loader, "knows --argv0");
}

static void assert_starts_with(const char *dir, unsigned nth, const char *name)
{
	scope_free char *path = xasprintf("%s/build/scripts/tool%u", dir, nth), *text = NULL;
	scope_free char *real = xasprintf("%s" TOOLS_ADOPTED, path);
	scope_free char *loader = xasprintf("'%s/%s/usr/lib", dir, name);

	ck_assert(tools_is_dynamic(real));
	ck_assert_ok(file_read(path, &text, NULL));
	ck_assert_ptr_nonnull(strstr(text, loader));
}

START_TEST(builds_at_the_same_time_take_turns)
{
	scope_free char *dir = NULL;
	pid_t children[BUILDS];

	ck_assert_ok(dir_temp(dir_for_temp(), "suture-test", &dir));
	put_toolchain(dir, "first");
	put_toolchain(dir, "second");
	for (unsigned i = 0; i < TOOLS; i++) {
		scope_free char *name = xasprintf("build/scripts/tool%u", i);

		put_program(dir, name, false);
	}
	for (unsigned i = 0; i < BUILDS; i++) {
		children[i] = fork();
		if (!children[i]) {
			open_with(dir, "first");
			_exit(0);
		}
	}
	for (unsigned i = 0; i < BUILDS; i++) {
		int status;

		ck_assert_int_eq(waitpid(children[i], &status, 0), children[i]);
		ck_assert_int_eq(status, 0);
	}
	for (unsigned i = 0; i < TOOLS; i++)
		assert_starts_with(dir, i, "first");
	open_with(dir, "second");
	for (unsigned i = 0; i < TOOLS; i++)
		assert_starts_with(dir, i, "second");
	ck_assert_ok(dir_remove(dir));
}
END_TEST

UNIT_SUITE("target: tools", programs_behind_a_good_one_are_looked_at,
	   adopted_programs_are_not_looked_at, builds_at_the_same_time_take_turns)
