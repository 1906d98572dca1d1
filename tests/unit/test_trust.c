/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Paths that other users could change; most cases need root, which can give files away. */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/file.h"
#include "base/root.h"
#include "base/strbuf.h"
#include "base/tempdir.h"
#include "base/trust.h"
#include "unit.h"

#define OTHER 65534

static char *dir;
static struct root *root;

/* Makes /etc/suture.d/a, which belongs to the user and which nobody else can write. */
static void open_tree(void)
{
	ck_assert_ok(dir_temp(dir_for_temp(), "suture-trust", &dir));
	ck_assert_ok(root_open(dir, &root));
	ck_assert_ok(root_write(root, "/etc/suture.d/a", "a", 1, 0644));
}

static void close_tree(void)
{
	root_free(root);
	ck_assert_ok(dir_remove(dir));
	free(dir);
}

static void set_mode(const char *path, mode_t mode)
{
	scope_free char *full = root_path(root, path);

	ck_assert_int_eq(chmod(full, mode), 0);
}

static void give_away(const char *path)
{
	scope_free char *full = root_path(root, path);

	ck_assert_int_eq(lchown(full, OTHER, OTHER), 0);
}

static void make_link(const char *path, const char *target)
{
	scope_free char *full = root_path(root, path);

	ck_assert_int_eq(symlink(target, full), 0);
}

/*
 * Checks that the path is trusted if says is "", else that the problem begins so, after the tree's
 * folder.
 */
static void assert_trust(const char *path, enum trust level, const char *says)
{
	scope_free char *problem = trust_problem(root, path, level);
	scope_free char *expected = root_path(root, says);

	if (*says)
		ck_assert_msg(problem && str_starts(problem, expected), "%s: %s", path, problem);
	else
		ck_assert_msg(!problem, "%s: %s", path, problem);
}

START_TEST(own_files)
{
	open_tree();
	assert_trust("/etc/suture.d/a", TRUST_STRICT, "");
	assert_trust("/etc/suture.d/none", TRUST_STRICT, "");
	assert_trust("/none/of/it", TRUST_STRICT, "");
	assert_trust("/etc/suture.d/../suture.d/./a", TRUST_STRICT, "");
	make_link("/etc/link", "../etc/suture.d");
	assert_trust("/etc/link/a", TRUST_STRICT, "");
	make_link("/etc/loop", "loop");
	assert_trust("/etc/loop", TRUST_STRICT, "/etc/loop: it has too many levels");
	close_tree();
}
END_TEST

START_TEST(others_can_write)
{
	open_tree();
	set_mode("/etc/suture.d/a", 0646);
	assert_trust("/etc/suture.d/a", TRUST_STRICT,
		     "/etc/suture.d/a: other users can write to it");
	set_mode("/etc/suture.d/a", 0644);
	set_mode("/etc/suture.d", 0757);
	assert_trust("/etc/suture.d/a", TRUST_BELOW_STICKY,
		     "/etc/suture.d: other users can write to it");
	set_mode("/etc/suture.d", 0755);
	set_mode("/etc", 0757);
	assert_trust("/etc/suture.d/a", TRUST_STRICT, "/etc: other users can write to it");
	assert_trust("/etc/suture.d/none", TRUST_STRICT, "/etc: other users can write to it");
	set_mode("/etc", 01777);
	assert_trust("/etc/suture.d/a", TRUST_STRICT, "/etc: other users can write to it");
	assert_trust("/etc/suture.d/a", TRUST_BELOW_STICKY, "");
	set_mode("/etc/suture.d", 01777); /* others may add files to it */
	assert_trust("/etc/suture.d", TRUST_BELOW_STICKY, "/etc/suture.d: other users");
	close_tree();
}
END_TEST

START_TEST(a_group_can_write)
{
	if (geteuid()) /* a user's own group may write */
		return;
	open_tree();
	set_mode("/etc/suture.d/a", 0664);
	assert_trust("/etc/suture.d/a", TRUST_STRICT,
		     "/etc/suture.d/a: other users can write to it");
	set_mode("/etc/suture.d/a", 0644);
	set_mode("/etc/suture.d", 0775);
	assert_trust("/etc/suture.d/a", TRUST_STRICT, "/etc/suture.d: other users can write to it");
	close_tree();
}
END_TEST

START_TEST(others_own_it)
{
	if (geteuid())
		return;
	open_tree();
	give_away("/etc/suture.d/a");
	assert_trust("/etc/suture.d/a", TRUST_STRICT, "/etc/suture.d/a: it belongs to user 65534");
	close_tree();
	open_tree();
	give_away("/etc");
	assert_trust("/etc/suture.d/a", TRUST_BELOW_STICKY, "/etc: it belongs to user 65534");
	assert_trust("/etc/suture.d/none", TRUST_STRICT, "/etc: it belongs to user 65534");
	close_tree();
}
END_TEST

START_TEST(links)
{
	if (geteuid())
		return;
	open_tree();
	ck_assert_ok(root_write(root, "/tmp/mine", "", 0, 0644));
	ck_assert_ok(root_write(root, "/tmp/theirs", "", 0, 0644));
	set_mode("/tmp", 01777);
	give_away("/tmp/theirs");
	make_link("/etc/suture.d/mine", "/tmp/mine");
	make_link("/etc/suture.d/theirs", "../../tmp/theirs");
	make_link("/tmp/link", "/etc/suture.d/a");
	assert_trust("/etc/suture.d/mine", TRUST_STRICT, "/tmp: other users can write to it");
	assert_trust("/etc/suture.d/mine", TRUST_BELOW_STICKY, "");
	assert_trust("/etc/suture.d/theirs", TRUST_BELOW_STICKY,
		     "/tmp/theirs: it belongs to user 65534");
	assert_trust("/tmp/link", TRUST_BELOW_STICKY, "");
	give_away("/tmp/link"); /* its owner can make it lead elsewhere at any time */
	assert_trust("/tmp/link", TRUST_BELOW_STICKY, "/tmp/link: it belongs to user 65534");
	close_tree();
}
END_TEST

UNIT_SUITE("trust", own_files, others_can_write, a_group_can_write, others_own_it, links)
