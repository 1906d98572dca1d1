/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Probes of the machine's health: which are run, and what counts. */
#include <sys/stat.h>
#include <unistd.h>

#include "finding/finding.h"
#include "live/health.h"
#include "live/klog.h"
#include "live_tree.h"

/* Returns what is found if a folder contains one probe, with these modes. */
static char *probe_findings(mode_t folder, mode_t file, bool is_file)
{
	scope_findings findings = {};
	char *found;

	tree_open();

	scope_free char *dir = root_path(tree, "/etc/suture/health.d");
	scope_free char *path = root_path(tree, "/etc/suture/health.d/p");

	if (is_file)
		put("/etc/suture/health.d/p", "#!/bin/sh\n");
	else
		ck_assert_ok(root_make_dir(tree, "/etc/suture/health.d/p"));
	ck_assert_int_eq(chmod(path, file), 0);
	ck_assert_int_eq(chmod(dir, folder), 0);
	ck_assert_ok(live_health_check(tree, &findings));
	found = xstrdup(findings.len ? findings.data[0].message : "");
	tree_close();
	return found;
}

START_TEST(probes_that_can_be_trusted)
{
	static const struct {
		mode_t folder, file;
		bool is_file;
		const char *says;
	} cases[] = {
		{0755, 0755, true, ""},
		{0755, 0700, true, ""},
		{0755, 0775, true, "p: other users can write to it"},
		{0755, 0757, true, "p: other users can write to it"},
		{0775, 0755, true, "health.d: other users can write to it"},
		{0755, 0644, true, "p: it is not executable"},
		{0755, 0755, false, "p: it is not a regular file"},
	};

	if (geteuid()) /* files of this user belong to another user than root */
		return;
	for (size_t i = 0; i < array_size(cases); i++) {
		scope_free char *found =
			probe_findings(cases[i].folder, cases[i].file, cases[i].is_file);

		ck_assert_msg(*cases[i].says ? strstr(found, cases[i].says) != NULL : !*found,
			      "case %zu: %s", i, found);
	}
}
END_TEST

/* Makes a tree with a probe that is a link to target. */
static void tree_with_link(const char *target)
{
	tree_open();
	ck_assert_ok(root_make_dir(tree, "/etc/suture/health.d"));

	scope_free char *link = root_path(tree, "/etc/suture/health.d/d");

	ck_assert_int_eq(symlink(target, link), 0);
}

static void put_program(const char *path, uid_t owner, mode_t folder)
{
	scope_free char *file = root_path(tree, path);
	scope_free char *dir = xstrndup(file, strrchr(file, '/') - file);

	put(path, "#!/bin/sh\n");
	ck_assert_int_eq(chmod(file, 0755), 0);
	ck_assert_int_eq(chown(dir, owner, owner), 0);
	ck_assert_int_eq(chmod(dir, folder), 0);
}

/* Returns what is found, or "". */
static char *check_now(void)
{
	scope_findings findings = {};

	ck_assert_ok(live_health_check(tree, &findings));
	return xstrdup(findings.len ? findings.data[0].message : "");
}

/*
 * Checks that the finding contains text, and then the tree's folder and path; "" and "" mean that
 * nothing is found.
 */
static void assert_says(const char *text, const char *path)
{
	scope_free char *found = check_now();
	scope_free char *full = *path ? root_path(tree, path) : xstrdup("");
	scope_free char *expected = xasprintf("%s%s", text, full);

	ck_assert_msg(*expected ? strstr(found, expected) != NULL : !*found, "%s", found);
}

START_TEST(probes_that_are_links)
{
	if (geteuid())
		return;
	tree_with_link("../../../usr/lib/checks/d");
	put_program("/usr/lib/checks/d", 0, 0755);
	assert_says("", "");
	put_program("/usr/lib/checks/d", 7, 0755);
	assert_says("health.d/d: ", "/usr/lib/checks: it belongs to user 7");
	put_program("/usr/lib/checks/d", 0, 01777);
	assert_says("health.d/d: ", "/usr/lib/checks: other users can write to it");
	tree_close();

	/* In the folder in the middle, another user could replace the link. */
	tree_with_link("/srv/middle/link");
	put_program("/usr/lib/checks/d", 0, 0755);
	put_program("/srv/middle/other", 0, 0755);

	scope_free char *middle = root_path(tree, "/srv/middle/link");
	scope_free char *dir = root_path(tree, "/srv/middle");

	ck_assert_int_eq(symlink("../../usr/lib/./checks//d", middle), 0);
	assert_says("", "");
	ck_assert_int_eq(chmod(dir, 0777), 0);
	assert_says("health.d/d: ", "/srv/middle: other users can write to it");
	tree_close();

	tree_with_link("d");
	assert_says("health.d/d: it cannot be read", "");
	tree_close();
}
END_TEST

START_TEST(folders_that_others_could_fill)
{
	if (geteuid())
		return;
	tree_open();
	ck_assert_ok(root_make_dir(tree, "/etc/suture/health.d"));

	scope_free char *etc = root_path(tree, "/etc/suture");
	scope_free char *dir = root_path(tree, "/etc/suture/health.d");

	assert_says("", "");
	ck_assert_int_eq(chmod(dir, 01777), 0);
	assert_says("", "/etc/suture/health.d: other users can write to it");
	ck_assert_int_eq(chmod(dir, 0755), 0);
	ck_assert_int_eq(chmod(etc, 0777), 0);
	assert_says("", "/etc/suture: other users can write to it");
	ck_assert_int_eq(rmdir(dir), 0);
	assert_says("", "/etc/suture: other users can write to it");
	ck_assert_int_eq(chmod(etc, 0755), 0);
	assert_says("", "");
	ck_assert_int_eq(symlink("none", dir), 0);
	assert_says("/etc/suture/health.d is a dangling link", "");
	tree_close();
}
END_TEST

/*
 * The probe passed before the patch was loaded. If it cannot be run now, that must not count as
 * passed.
 */
START_TEST(a_probe_that_can_no_longer_be_run)
{
	scope_str_vec names = {}, gone = {};
	scope_free char *why = NULL;

	vec_push(&names, xstrdup("a"));
	tree_open();
	put_patch("a", "1\n", "0\n", "f,1");
	put("/etc/suture/health.d/p", "#!/bin/sh\n");

	scope_live_klog klog = live_klog_open(tree);

	ck_assert_ok(live_health_watch(
		&(struct live_health){.root = tree, .klog = klog, .names = &names}, &gone, &why));
	ck_assert_ptr_nonnull(why);
	if (!geteuid())
		ck_assert_ptr_nonnull(strstr(why, "health.d/p: it is not executable"));
	tree_close();
}
END_TEST

UNIT_SUITE("live health", probes_that_can_be_trusted, probes_that_are_links,
	   folders_that_others_could_fill, a_probe_that_can_no_longer_be_run)
