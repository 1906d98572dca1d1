/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A folder that stands for "/". */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/file.h"
#include "base/root.h"
#include "base/strbuf.h"
#include "base/tempdir.h"
#include "unit.h"

static char *dir;
static struct root *root;

static void open_tree(void)
{
	ck_assert_ok(dir_temp(dir_for_temp(), "suture-root", &dir));
	ck_assert_ok(root_open(dir, &root));
}

static void drop_tree(void)
{
	root_free(root);
	dir_temp_cleanup(&dir);
}

START_TEST(files_are_below_the_folder)
{
	scope_free char *text = NULL, *line = NULL;
	struct stat st;

	open_tree();
	ck_assert(!root_is_machine(root));
	ck_assert_ok(root_write(root, "/etc/suture/a.conf", "one\ntwo\n", 8, 0640));

	scope_free char *path = root_path(root, "/etc/suture/a.conf");

	ck_assert(str_starts(path, dir));
	ck_assert_int_eq(stat(path, &st), 0);
	ck_assert_int_eq(st.st_mode & 0777, 0640);
	ck_assert_ok(root_read(root, "/etc/suture/a.conf", &text));
	ck_assert_str_eq(text, "one\ntwo\n");
	line = root_read_line(root, "/etc/suture/a.conf");
	ck_assert_str_eq(line, "one");
	ck_assert_ptr_null(root_read_line(root, "/etc/suture/b.conf"));
	ck_assert_fails(root_read(root, "/etc/suture/b.conf", &text), dir);
	ck_assert_int_eq(root_store(root, "/etc/suture/a.conf", "0"), 0);
	ck_assert_int_eq(root_store(root, "/etc/suture/none", "0"), -ENOENT);
	drop_tree();
}
END_TEST

START_TEST(nothing_leads_out)
{
	scope_free char *text = NULL;
	scope_free char *link = NULL, *up = NULL;

	open_tree();
	link = root_path(root, "/link");
	up = root_path(root, "/up");
	ck_assert_int_eq(symlink("/etc/passwd", link), 0);
	ck_assert_int_eq(symlink("../../../../../../../../etc/passwd", up), 0);
	ck_assert(!root_exists(root, "/link"));
	ck_assert(!root_exists(root, "/up"));
	ck_assert(!root_exists(root, "/../../../../../../../../etc/passwd"));
	ck_assert_ok(root_write(root, "/etc/passwd", "inside", 6, 0644));
	ck_assert_ok(root_read(root, "/link", &text));
	ck_assert_str_eq(text, "inside");
	drop_tree();
}
END_TEST

START_TEST(folders_are_listed_moved_and_removed)
{
	scope_str_vec names = {};
	scope_free char *link = NULL;

	open_tree();
	ck_assert_ok(root_list(root, "/var/none", &names));
	ck_assert_uint_eq(names.len, 0);
	ck_assert_ok(root_write(root, "/var/b/1", "", 0, 0644));
	ck_assert_ok(root_write(root, "/var/a/x/y", "", 0, 0644));
	link = root_path(root, "/var/a/x/link");
	ck_assert_int_eq(symlink("/var/b", link), 0);
	ck_assert_ok(root_rename(root, "/var/a", "/var/c"));
	ck_assert_ok(root_list(root, "/var", &names));
	ck_assert_uint_eq(names.len, 2);
	ck_assert_str_eq(names.data[0], "b");
	ck_assert_str_eq(names.data[1], "c");
	ck_assert_ok(root_remove(root, "/var/c"));
	ck_assert(!root_exists(root, "/var/c"));
	ck_assert(root_exists(root, "/var/b/1")); /* the target of a link is kept */
	ck_assert_ok(root_remove(root, "/var/c"));
	ck_assert_ok(root_remove(root, "/no/such/folder"));
	drop_tree();
}
END_TEST

START_TEST(what_cannot_be_written_leaves_nothing)
{
	scope_str_vec names = {};

	open_tree();
	ck_assert_ok(root_make_dir(root, "/var/taken"));
	ck_assert_fails(root_write(root, "/var/taken", "x", 1, 0644), "/var/taken");
	ck_assert_ok(root_list(root, "/var", &names));
	ck_assert_uint_eq(names.len, 1);
	drop_tree();
}
END_TEST

START_TEST(the_machine_itself)
{
	scope_root machine = NULL;
	scope_free char *path = NULL;

	ck_assert_ok(root_open("/", &machine));
	ck_assert(root_is_machine(machine));
	ck_assert(root_exists(machine, "/proc/self/stat"));
	path = root_path(machine, "/proc");
	ck_assert_str_eq(path, "/proc");
	ck_assert_fails(root_open("/no/such/root", &machine), "/no/such/root");
}
END_TEST

UNIT_SUITE("root", files_are_below_the_folder, nothing_leads_out,
	   folders_are_listed_moved_and_removed, what_cannot_be_written_leaves_nothing,
	   the_machine_itself)
