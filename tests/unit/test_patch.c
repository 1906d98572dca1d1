/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reading patches and applying them to private copies. */
#include <unistd.h>

#include "base/alloc.h"
#include "base/file.h"
#include "base/strbuf.h"
#include "base/tempdir.h"
#include "patch/changes.h"
#include "patch/parse.h"
#include "unit.h"

static const char fix_c[] = "--- a/fs/x.c\t2024-01-01\n"
			    "+++ b/fs/x.c\t2024-01-02\n"
			    "@@ -1,3 +1,3 @@ int f(void)\n"
			    " one\n"
			    "-two\n"
			    "+TWO\n"
			    " three\n";

START_TEST(names_and_hunks_are_read)
{
	scope_patch_files files = {};

	ck_assert_ok(patch_parse("p", fix_c, &files));
	ck_assert_uint_eq(files.len, 1);
	ck_assert_str_eq(files.data[0].old_name, "a/fs/x.c");
	ck_assert_str_eq(files.data[0].new_name, "b/fs/x.c");
	ck_assert(files.data[0].prefixed);
	ck_assert_uint_eq(files.data[0].nr_hunks, 1);
	ck_assert(!strncmp(files.data[0].hunks.start, "@@ -1,3", 7));
	ck_assert_uint_eq(files.data[0].hunks.size, strlen(strchr(fix_c, '@')));
}
END_TEST

START_TEST(a_mail_around_the_diff_is_skipped)
{
	scope_free char *mail =
		xasprintf("From: someone\n---\n fs/x.c | 2 +-\n\n%s-- \n2.39\n\n", fix_c);
	scope_patch_files files = {};

	ck_assert_ok(patch_parse("p", mail, &files));
	ck_assert_uint_eq(files.len, 1);
	ck_assert_uint_eq(files.data[0].hunks.size, strlen(strchr(fix_c, '@')));
}
END_TEST

START_TEST(git_headers_make_remove_and_rename)
{
	static const char text[] = "diff --git a/new.c b/new.c\n"
				   "new file mode 100644\n"
				   "index 000..111\n"
				   "--- /dev/null\n"
				   "+++ b/new.c\n"
				   "@@ -0,0 +1 @@\n"
				   "+x\n"
				   "diff --git a/old.c b/old.c\n"
				   "deleted file mode 100644\n"
				   "--- a/old.c\n"
				   "+++ /dev/null\n"
				   "@@ -1 +0,0 @@\n"
				   "-x\n"
				   "diff --git a/from.c b/to.c\n"
				   "similarity index 100%\n"
				   "rename from from.c\n"
				   "rename to to.c\n"
				   "diff --git a/run.sh b/run.sh\n"
				   "old mode 100644\n"
				   "new mode 100755\n";
	scope_patch_files files = {};

	ck_assert_ok(patch_parse("p", text, &files));
	ck_assert_uint_eq(files.len, 3); /* a change of mode counts as no change */
	ck_assert_ptr_null(files.data[0].old_name);
	ck_assert(files.data[0].from_nothing);
	ck_assert_ptr_null(files.data[1].new_name);
	ck_assert(files.data[2].renames);
	ck_assert_str_eq(files.data[2].old_name, "a/from.c");
	ck_assert_str_eq(files.data[2].new_name, "b/to.c");
	ck_assert_uint_eq(files.data[2].nr_hunks, 0);
}
END_TEST

START_TEST(names_that_git_quotes_are_read)
{
	static const char text[] =
		"diff --git \"a/fs/pro\\303\\244.c\" \"b/fs/pro\\303\\244.c\"\n"
		"--- \"a/fs/pro\\303\\244.c\"\n"
		"+++ \"b/fs/pro\\303\\244.c\"\t2024-01-02\n"
		"@@ -1 +1 @@\n-a\n+b\n"
		"diff --git a/plain.c \"b/q\\\"u\\\\o.c\"\n"
		"similarity index 100%\n"
		"rename from plain.c\n"
		"rename to \"q\\\"u\\\\o.c\"\n"
		"diff --git \"a/\\360\\237\\220\\247.h\" \"b/\\360\\237\\220\\247.h\"\n"
		"deleted file mode 100644\n"
		"diff --git a/fs/x.c b/fs/x.c\n"
		"new file mode 100644\n";
	scope_patch_files files = {};

	ck_assert_ok(patch_parse("p", text, &files));
	ck_assert_uint_eq(files.len, 4);
	ck_assert_str_eq(files.data[0].old_name, "a/fs/pro\303\244.c");
	ck_assert_str_eq(files.data[0].new_name, "b/fs/pro\303\244.c");
	ck_assert(files.data[0].prefixed);
	ck_assert_str_eq(files.data[1].old_name, "a/plain.c");
	ck_assert_str_eq(files.data[1].new_name, "b/q\"u\\o.c");
	ck_assert(files.data[1].renames);
	ck_assert_str_eq(files.data[2].old_name, "a/\360\237\220\247.h");
	ck_assert_ptr_null(files.data[2].new_name);
	ck_assert_str_eq(files.data[3].new_name, "b/fs/x.c");
}
END_TEST

START_TEST(a_line_that_looks_like_a_header_is_hunk_text)
{
	static const char text[] = "--- a/x\n"
				   "+++ b/x\n"
				   "@@ -1,3 +1,2 @@\n"
				   " a\n"
				   "--- not a name\n"
				   "++++ not one either\n"
				   "-b\n"
				   "\\ No newline at end of file\n";
	scope_patch_files files = {};

	ck_assert_ok(patch_parse("p", text, &files));
	ck_assert_uint_eq(files.len, 1);
	ck_assert_uint_eq(files.data[0].hunks.size, strlen(strchr(text, '@')));
}
END_TEST

START_TEST(paths_out_of_the_tree_are_refused)
{
	static const char *const names[] = {"/etc/passwd", "a/../../etc/passwd", "../x", "a/x/..",
					    ".."};

	for (size_t i = 0; i < array_size(names); i++) {
		scope_free char *old_side =
			xasprintf("--- %s\n+++ b/x\n@@ -1 +1 @@\n-a\n+b\n", names[i]);
		scope_free char *new_side =
			xasprintf("--- a/x\n+++ %s\n@@ -1 +1 @@\n-a\n+b\n", names[i]);
		scope_free char *renamed = xasprintf("diff --git a/x b/y\nrename from x\n"
						     "rename to %s\n",
						     names[i]);
		scope_patch_files one = {};
		scope_patch_files two = {};
		scope_free char *both =
			xasprintf("--- %s\n+++ %s\n@@ -1 +1 @@\n-a\n+b\n", names[i], names[i]);
		scope_free char *added =
			xasprintf("--- /dev/null\n+++ %s\n@@ -0,0 +1 @@\n+b\n", names[i]);
		scope_free char *removed =
			xasprintf("--- %s\n+++ /dev/null\n@@ -1 +0,0 @@\n-a\n", names[i]);
		scope_patch_files three = {};
		scope_patch_files four = {};
		scope_patch_files five = {};
		scope_patch_files six = {};

		/*
		 * If one name is bad, the other one may be a file of the tree; two bad ones, or a
		 * single one, are refused.
		 */
		ck_assert_ok(patch_parse("p", old_side, &one));
		ck_assert_str_eq(one.data[0].old_name, "b/x");
		ck_assert_str_eq(one.data[0].bad_name, names[i]);
		ck_assert_ok(patch_parse("p", new_side, &two));
		ck_assert_str_eq(two.data[0].new_name, "a/x");
		ck_assert_fails(patch_parse("p", both, &four), "outside the source tree");
		ck_assert_fails(patch_parse("p", added, &five), "outside the source tree");
		ck_assert_fails(patch_parse("p", removed, &six), "outside the source tree");
		if (names[i][0] != '/') /* "b//etc/passwd" stays inside the tree */
			ck_assert_fails(patch_parse("p", renamed, &three), "outside");
	}
}
END_TEST

START_TEST(damaged_patches_are_refused)
{
	static const struct {
		const char *text, *message;
	} bad[] = {
		{"", "contains no unified diff"},
		{"just words\n", "contains no unified diff"},
		{"--- a/x\n+++ b/x\n@@ -1,2 +1,2 @@\n a\n", "p:3: the hunk is truncated"},
		{"--- a/x\n+++ b/x\n@@ -1,2 +1,2 @@\n a\nwhat\n", "truncated or damaged"},
		{"--- a/x\n+++ b/x\n@@ -1,2 +1,1 @@\n-a\n ret",
		 "p:3: the hunk is truncated: its last"},
		{"--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n+b\n+c\n", "p:3: the hunk has more lines"},
		{"--- a/x\n+++ b/x\n@@ -1 +1,2 @@\n a\n+b\n c\n-d\n", "p:3: the hunk has more"},
		{"--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n+b\n---\n", "p:3: the hunk has more lines"},
		{"--- a/x\n+++ b/x\n@@ -x +1 @@\n", "the hunk header is not valid"},
		{"--- a/x\n+++ b/x\n@@ -1,99999999999999999999 +1 @@\n-a\n", "truncated"},
		{"diff --git a/x b/x\nGIT binary patch\nliteral 5\n", "binary"},
		{"Binary files a/x and b/x differ\n", "binary"},
		{"--- /dev/null\n+++ /dev/null\n@@ -1 +1 @@\n-a\n+b\n",
		 "both file names are /dev/null"},
		{"--- \n+++ b/x\n@@ -1 +1 @@\n-a\n+b\n", "the file name is missing"},
		{"--- \"a/x\n+++ \"b/x\n@@ -1 +1 @@\n-a\n+b\n",
		 "p:1: the quoted file name is damaged"},
		{"--- \"a/x\" y\n+++ \"b/x\" y\n@@ -1 +1 @@\n", "quoted file name is damaged"},
		{"--- \"\"\n+++ \"\"\n@@ -1 +1 @@\n", "quoted file name is damaged"},
		{"--- \"a/\\q\"\n+++ \"b/\\q\"\n@@ -1 +1 @@\n", "unknown escape"},
		{"--- \"a/\\000\"\n+++ \"b/\\000\"\n@@ -1 +1 @@\n", "unknown escape"},
		{"--- \"a/\\33\"\n+++ \"b/\\33\"\n@@ -1 +1 @@\n", "unknown escape"},
		{"--- \"a/\\n\"\n+++ \"b/\\n\"\n@@ -1 +1 @@\n", "a control character"},
		{"--- \"a/\\033[1m\"\n+++ \"b/\\033[1m\"\n@@ -1 +1 @@\n", "a control character"},
		{"--- \"a/\\056\\056/x\"\n+++ \"b/\\056\\056/x\"\n@@ -1 +1 @@\n",
		 "outside the source tree"},
		{"--- \"/etc/x\"\n+++ \"/etc/x\"\n@@ -1 +1 @@\n", "outside the source tree"},
	};

	for (size_t i = 0; i < array_size(bad); i++) {
		scope_patch_files files = {};

		ck_assert_fails(patch_parse("p", bad[i].text, &files), bad[i].message);
	}
}
END_TEST

START_TEST(components_are_stripped)
{
	ck_assert_str_eq(patch_strip("a/fs/x.c", 1), "fs/x.c");
	ck_assert_str_eq(patch_strip("a//fs/x.c", 1), "fs/x.c");
	ck_assert_str_eq(patch_strip("fs/x.c", 0), "fs/x.c");
	ck_assert_ptr_null(patch_strip("a/", 1));
	ck_assert_ptr_null(patch_strip("a", 1));
	ck_assert_ptr_null(patch_strip(NULL, 1));
}
END_TEST

/* ---- applying ---- */

struct world {
	char *dir, *root;
	struct change_set set;
};

static void world_put(const struct world *w, const char *path, const char *text)
{
	scope_free char *file = xasprintf("%s/%s", w->dir, path);
	scope_free char *parent = xstrndup(file, strrchr(file, '/') - file);

	ck_assert_ok(dir_make(parent));
	ck_assert_ok(file_write(file, text, strlen(text)));
}

static void world_open(struct world *w)
{
	*w = (struct world){};
	ck_assert_ok(dir_temp(dir_for_temp(), "suture-test", &w->dir));
	w->root = xasprintf("%s/root", w->dir);
	w->set.dir = xasprintf("%s/files", w->dir);
	ck_assert_ok(dir_make(w->set.dir));
	world_put(w, "root/fs/x.c", "one\ntwo\nthree\n");
	world_put(w, "root/fs/y.c", "1\n2\n3\n4\n5\n6\n7\n8\n9\n");
}

static void world_close(struct world *w)
{
	change_set_free(&w->set);
	free(w->set.dir);
	free(w->root);
	dir_temp_cleanup(&w->dir);
}

static struct err *world_apply(struct world *w, const char *text)
{
	scope_free char *patch = xasprintf("%s/p.diff", w->dir);

	world_put(w, "p.diff", text);
	return change_set_apply(&w->set, patch, w->root);
}

/* Checks the content that path has after the changes so far. */
static void world_expect(const struct world *w, const char *path, const char *text)
{
	const struct change *change = change_find(&w->set, path);
	scope_free char *content = NULL;

	ck_assert_msg(change != NULL, "%s: not changed", path);
	ck_assert_ptr_nonnull(change->file);
	ck_assert_ok(file_read(change->file, &content, NULL));
	ck_assert_str_eq(content, text);
}

START_TEST(patches_apply_in_order_to_copies)
{
	struct world w;
	scope_free char *original = NULL;

	world_open(&w);
	ck_assert_ok(world_apply(&w, fix_c));
	ck_assert_ok(world_apply(&w, "--- a/fs/x.c\n+++ b/fs/x.c\n@@ -2 +2,2 @@\n-TWO\n+2\n+2b\n"));
	world_expect(&w, "fs/x.c", "one\n2\n2b\nthree\n");
	ck_assert_int_eq(change_find(&w.set, "fs/x.c")->kind, CHANGE_MODIFIED);

	scope_free char *path = xasprintf("%s/fs/x.c", w.root);

	ck_assert_ok(file_read(path, &original, NULL));
	ck_assert_str_eq(original, "one\ntwo\nthree\n");
	world_close(&w);
}
END_TEST

START_TEST(other_prefixes_are_found_out)
{
	static const char *const prefixes[] = {"", "linux-6.1/", "x/y/"};

	for (size_t i = 0; i < array_size(prefixes); i++) {
		struct world w;
		scope_free char *text = xasprintf("--- %sfs/x.c.orig\n+++ %sfs/x.c\n%s",
						  prefixes[i], prefixes[i], strchr(fix_c, '@'));

		world_open(&w);
		ck_assert_ok(world_apply(&w, text));
		world_expect(&w, "fs/x.c", "one\nTWO\nthree\n");
		world_close(&w);
	}
}
END_TEST

START_TEST(one_good_name_of_a_pair_is_enough)
{
	static const char *const pairs[][2] = {
		{"debian/fs/x.c", "x.c"},	 {"x.c", "b/fs/x.c"},
		{"a/fs/x.c", "b/elsewhere/x.c"}, {"a/gone.c", "b/fs/x.c"},
		{"/tmp/x.c", "b/fs/x.c"},	 {"a/fs/x.c", "/home/user/x.c"},
		{"../old/fs/x.c", "a/fs/x.c"},
	};

	for (size_t i = 0; i < array_size(pairs); i++) {
		struct world w;
		scope_free char *text = xasprintf("--- %s\n+++ %s\n%s", pairs[i][0], pairs[i][1],
						  strchr(fix_c, '@'));

		world_open(&w);
		ck_assert_ok(world_apply(&w, text));
		world_expect(&w, "fs/x.c", "one\nTWO\nthree\n");
		world_close(&w);
	}
}
END_TEST

/* Later stages compare names as text: "fs/x.c" must not have a second name. */
START_TEST(paths_are_normal)
{
	static const char *const names[] = {
		"a/./fs/x.c", "a/fs//x.c",  "a/fs/./x.c",	  "./fs/x.c", "a//./fs/././x.c",
		".//fs/x.c",  "./a/fs/x.c", "a/./././././fs/x.c", "fs//x.c",  "\"a/./fs/x.c\"",
	};

	for (size_t i = 0; i < array_size(names); i++) {
		struct world w;
		scope_free char *text =
			xasprintf("--- %s\n+++ %s\n%s", names[i], names[i], strchr(fix_c, '@'));

		world_open(&w);
		ck_assert_ok(world_apply(&w, text));
		world_expect(&w, "fs/x.c", "one\nTWO\nthree\n");
		ck_assert_uint_eq(w.set.changes.len, 1);
		world_close(&w);
	}
}
END_TEST

START_TEST(paths_of_files_that_come_and_move_are_normal)
{
	static const char *const names[] = {"./fs/new.c", "fs//new.c", "fs/./new.c",
					    "././fs/new.c"};

	for (size_t i = 0; i < array_size(names); i++) {
		struct world w;
		scope_free char *added = xasprintf(
			"diff --git a/%s b/%s\nnew file mode 100644\n--- /dev/null\n+++ b/%s\n@@ -0,0 +1 @@\n+x\n",
			names[i], names[i], names[i]);
		scope_free char *moved = xasprintf(
			"diff --git a/fs/x.c b/%s\nsimilarity index 100%%\nrename from .//fs/x.c\nrename to %s\n",
			names[i], names[i]);
		scope_free char *removed =
			xasprintf("--- a/%s\n+++ /dev/null\n@@ -1 +0,0 @@\n-x\n", names[i]);

		world_open(&w);
		ck_assert_ok(world_apply(&w, added));
		world_expect(&w, "fs/new.c", "x\n");
		ck_assert_ok(world_apply(&w, removed));
		ck_assert_int_eq(change_find(&w.set, "fs/new.c")->kind, CHANGE_REMOVED);
		ck_assert_ok(world_apply(&w, moved));
		world_expect(&w, "fs/new.c", "one\ntwo\nthree\n");
		ck_assert_int_eq(change_find(&w.set, "fs/x.c")->kind, CHANGE_REMOVED);
		world_close(&w);
	}
}
END_TEST

START_TEST(paths_without_a_name_are_refused)
{
	static const char *const names[] = {".", "./", ".//.", "./."};

	for (size_t i = 0; i < array_size(names); i++) {
		scope_patch_files files = {};
		scope_free char *text =
			xasprintf("--- %s\n+++ %s\n@@ -1 +1 @@\n-a\n+b\n", names[i], names[i]);

		ck_assert_fails(patch_parse("p", text, &files), "p:1: the file name is missing");
	}
}
END_TEST

START_TEST(files_come_go_and_move)
{
	struct world w;

	world_open(&w);
	ck_assert_ok(world_apply(&w, "--- a/fs/new.c\n+++ b/fs/new.c\n@@ -0,0 +1 @@\n+x\n"
				     "--- a/fs/x.c\n+++ /dev/null\n@@ -1,3 +0,0 @@\n"
				     "-one\n-two\n-three\n"
				     "diff --git a/fs/y.c b/fs/z.c\nrename from fs/y.c\n"
				     "rename to fs/z.c\n--- a/fs/y.c\n+++ b/fs/z.c\n"
				     "@@ -1,2 +1,2 @@\n-1\n+I\n 2\n"));
	ck_assert_ok(change_set_settle(&w.set, w.root));
	ck_assert_uint_eq(w.set.changes.len, 4);
	ck_assert_str_eq(w.set.changes.data[0].path, "fs/new.c");
	ck_assert_int_eq(w.set.changes.data[0].kind, CHANGE_ADDED);
	ck_assert_int_eq(change_find(&w.set, "fs/x.c")->kind, CHANGE_REMOVED);
	ck_assert_int_eq(change_find(&w.set, "fs/y.c")->kind, CHANGE_REMOVED);
	ck_assert_int_eq(change_find(&w.set, "fs/z.c")->kind, CHANGE_ADDED);
	world_expect(&w, "fs/z.c", "I\n2\n3\n4\n5\n6\n7\n8\n9\n");
	world_close(&w);
}
END_TEST

START_TEST(offsets_and_fuzz_are_found)
{
	struct world w;

	world_open(&w);
	ck_assert_ok(world_apply(&w, "--- a/fs/y.c\n+++ b/fs/y.c\n"
				     "@@ -1,7 +1,7 @@\n X\n 4\n 5\n-6\n+six\n 7\n 8\n 9\n"));
	world_expect(&w, "fs/y.c", "1\n2\n3\n4\n5\nsix\n7\n8\n9\n");
	ck_assert_uint_eq(w.set.findings.len, 1);
	ck_assert_str_eq(w.set.findings.data[0].rule, "hunk-fuzz");
	ck_assert_str_eq(w.set.findings.data[0].file, "fs/y.c");
	ck_assert_uint_eq(w.set.findings.data[0].line, 3);
	/*
	 * The hunk is two lines further down than it says, but all lines around it match, so there
	 * is no fuzz.
	 */
	ck_assert_ok(world_apply(&w, "--- a/fs/y.c\n+++ b/fs/y.c\n"
				     "@@ -5,3 +5,3 @@\n 7\n-8\n+eight\n 9\n"));
	ck_assert_uint_eq(w.set.findings.len, 1);
	world_close(&w);
}
END_TEST

/* CVE numbers count in the messages of mails, but not in hunks, whose code may mention any. */
START_TEST(fixes_that_mails_name_are_found)
{
	struct world w;

	world_open(&w);
	ck_assert_ok(world_apply(
		&w,
		"From 0123456789abcdef Mon Sep 17 00:00:00 2001\n"
		"Subject: [PATCH] x: fix CVE-2026-12345\n\nCVE-26-1234, CVE-2026-123 are no ids.\n"
		"--- a/fs/x.c\n+++ b/fs/x.c\n@@ -2 +2 @@\n-two\n+/* CVE-2026-99999 */\n"
		"From 0123456789abcdef Mon Sep 17 00:00:00 2001\n"
		"Subject: [PATCH] y\n\nThis is CVE-2025-1234567.\n"
		"--- a/fs/y.c\n+++ b/fs/y.c\n@@ -1 +1 @@\n-1\n+one\n"));
	ck_assert_uint_eq(w.set.cves.len, 2);
	ck_assert_str_eq(w.set.cves.data[0], "CVE-2026-12345");
	ck_assert_str_eq(w.set.cves.data[1], "CVE-2025-1234567");
	world_close(&w);
}
END_TEST

/* The error is about hunk 1 of fs/x.c, and has its line, that line of the patch and of the file. */
static void assert_misfit(struct err *err, size_t line, const char *expected, const char *found)
{
	const struct err_part *last;

	ck_assert_ptr_nonnull(err);
	ck_assert_ptr_nonnull(strstr(err_message(err), "fs/x.c: hunk 1 of 1 fails at line "));
	ck_assert_ptr_nonnull(strstr(err_message(err), "(the source is "));
	err = err_wrap(err, "again"); /* wrapping keeps them */

	ck_assert_str_eq(err_part(err, 0)->name, "file");
	ck_assert_str_eq(err_part(err, 0)->text, "fs/x.c");
	ck_assert_str_eq(err_part(err, 1)->name, "line");
	ck_assert_ptr_null(err_part(err, 1)->text);
	ck_assert_uint_eq(err_part(err, 1)->number, line);
	ck_assert_str_eq(err_part(err, 2)->name, "expected");
	ck_assert_str_eq(err_part(err, 2)->text, expected);
	last = err_part(err, 3);
	ck_assert(found ? !strcmp(last->name, "found") && !strcmp(last->text, found) : !last);
	err_free(err);
}

START_TEST(what_does_not_apply_is_named)
{
	struct world w;

	world_open(&w);
	assert_misfit(world_apply(&w, "--- a/fs/x.c\n+++ b/fs/x.c\n@@ -1,3 +1,3 @@\n"
				      " eins\n-zwei\n+ZWEI\n drei\n"),
		      1, "eins", "one");
	/* The place is where most of the lines are, whatever the header says. */
	assert_misfit(world_apply(&w, "--- a/fs/x.c\n+++ b/fs/x.c\n@@ -9,2 +9,2 @@\n"
				      " two\n-drei\n+DREI\n"),
		      3, "drei", "three");
	assert_misfit(world_apply(&w, "--- a/fs/x.c\n+++ b/fs/x.c\n@@ -2,3 +2,2 @@\n"
				      " two\n-three\n-four\n+DREI\n"),
		      4, "four", NULL);
	ck_assert_fails(world_apply(&w, "--- a/fs/no.c\n+++ b/fs/no.c\n@@ -1 +1 @@\n-a\n+b\n"),
			"fs/no.c: the source has no such file");
	ck_assert_fails(world_apply(&w, "--- debian/fs/no.c\n+++ no.c\n@@ -1 +1 @@\n-a\n+b\n"),
			"no such file: debian/fs/no.c or no.c");
	ck_assert_fails(world_apply(&w, "--- /tmp/no.c\n+++ b/fs/no.c\n@@ -1 +1 @@\n-a\n+b\n"),
			"b/fs/no.c or /tmp/no.c");
	ck_assert_fails(world_apply(&w, "--- /dev/null\n+++ b/fs/x.c\n@@ -0,0 +1 @@\n+a\n"),
			"fs/x.c: the file already exists");
	ck_assert_fails(world_apply(&w, "--- a/fs/y.c\n+++ /dev/null\n@@ -1 +0,0 @@\n-1\n"),
			"it has other lines");
	ck_assert_ok(world_apply(&w, fix_c));
	ck_assert_fails(world_apply(&w, fix_c), "applied already");
	world_close(&w);
}
END_TEST

START_TEST(a_change_that_is_undone_is_none)
{
	struct world w;

	world_open(&w);
	ck_assert_ok(world_apply(&w, fix_c));
	ck_assert_ok(world_apply(&w, "--- a/fs/x.c\n+++ b/fs/x.c\n@@ -2 +2 @@\n-TWO\n+two\n"));
	ck_assert_ok(change_set_settle(&w.set, w.root));
	ck_assert_uint_eq(w.set.changes.len, 0);
	world_close(&w);
}
END_TEST

UNIT_SUITE("kbuild_patch", names_and_hunks_are_read, a_mail_around_the_diff_is_skipped,
	   git_headers_make_remove_and_rename, names_that_git_quotes_are_read,
	   a_line_that_looks_like_a_header_is_hunk_text, paths_out_of_the_tree_are_refused,
	   damaged_patches_are_refused, components_are_stripped, patches_apply_in_order_to_copies,
	   other_prefixes_are_found_out, one_good_name_of_a_pair_is_enough, paths_are_normal,
	   paths_of_files_that_come_and_move_are_normal, paths_without_a_name_are_refused,
	   files_come_go_and_move, offsets_and_fuzz_are_found, fixes_that_mails_name_are_found,
	   what_does_not_apply_is_named, a_change_that_is_undone_is_none)
