/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tests damaged state files, and what killed commands leave, on made-up machines. */
#include <sys/stat.h>
#include <unistd.h>

#include "finding/finding.h"
#include "live/unlock.h"
#include "live/guard.h"
#include "live/load.h"
#include "live/lock.h"
#include "live/machine.h"
#include "live/module.h"
#include "live/outcome.h"
#include "live/patches.h"
#include "live/paths.h"
#include "live/store.h"
#include "live_tree.h"

#define RELEASE "6.1.0-9-amd64"
#define LIST LIVE_STATE "/" RELEASE "/installed.json"
#define MARKER LIVE_STATE "/loading.json"

/* Contents that a damaged state file may have. */
static const char *const damages[] = {"",
				      " \n",
				      "{\"modules\": [{",
				      "\177ELF\001\377",
				      "[]",
				      "7",
				      "{\"modules\": 7, \"boot_id\": []}"};

/* Makes a folder that is not empty. */
static void put_folder(const char *path)
{
	scope_free char *file = xasprintf("%s/x", path);

	ck_assert_ok(root_remove(tree, path));
	put(file, "");
}

static void put_link(const char *path, const char *to)
{
	scope_free char *full = root_path(tree, path);

	put(path, ""); /* this also makes its folder */
	ck_assert_ok(root_remove(tree, path));
	ck_assert_int_eq(symlink(to, full), 0);
}

/*
 * Damages path in the way of that number: those of the table first, then by things that are not
 * files. Returns false if there are no more.
 */
static bool damage(const char *path, size_t which)
{
	if (which < array_size(damages))
		put(path, damages[which]);
	else if (which == array_size(damages))
		put_folder(path);
	else if (which == array_size(damages) + 1)
		put_link(path, "/no/where");
	else if (which == array_size(damages) + 2)
		put_link(path, path); /* the link leads to itself */
	else
		return false;
	return true;
}

/* Checks that the error is one line that names the remedy. */
static void is_told(struct err *err, const char *path, const char *remedy)
{
	ck_assert_ptr_nonnull(err);
	ck_assert_msg(strstr(err_message(err), path) && strstr(err_message(err), remedy) &&
			      !strchr(err_message(err), '\n'),
		      "%s", err_message(err));
	err_free(err);
}

START_TEST(lists_of_what_is_installed)
{
	for (size_t i = 0;; i++) {
		scope_live_installed installed = {};
		scope_str_vec names = {}, removed = {};

		tree_open();
		if (!damage(LIST, i))
			break;
		ck_assert_ok(root_make_dir(tree, LIVE_STATE "/" RELEASE "/a-b-0123456789ab-18f"));
		is_told(live_installed_read(tree, RELEASE, &installed), LIST,
			"'suture uninstall --all --kernel " RELEASE " --root=");
		ck_assert_uint_eq(installed.len, 0);
		vec_push(&names, xstrdup("a_b"));
		is_told(live_uninstall(tree, RELEASE, &names, &removed), LIST, "--all");
		ck_assert_ok(live_uninstall(tree, RELEASE, NULL, &removed));
		ck_assert_uint_eq(removed.len, 1);
		ck_assert_str_eq(removed.data[0], "a-b");
		ck_assert(!root_exists(tree, LIVE_STATE "/" RELEASE));
		ck_assert_ok(live_installed_read(tree, RELEASE, &installed));
		tree_close();
	}
	tree_close();
}
END_TEST

/* Checks that a boot loads nothing and names the remedy. */
static void boot_refuses(const char *path, const char *remedy)
{
	scope_findings findings = {};
	scope_live_outcomes outcomes = {};
	const struct live_load_spec spec = {.installed = true};

	ck_assert_ok(live_load(tree, &spec, NULL, &findings, &outcomes));
	ck_assert_uint_eq(outcomes.len, 0);
	ck_assert_uint_eq(findings.len, 1);
	ck_assert_int_eq(findings.data[0].severity, SEVERITY_REFUSE);

	const struct finding *it = &findings.data[0];

	ck_assert_msg(strstr(it->message, path) &&
			      strstr(it->remedy ? it->remedy : it->message, remedy),
		      "%s", it->message);
}

START_TEST(boots_with_damaged_state)
{
	for (size_t i = 0;; i++) {
		tree_open();
		if (!damage(LIST, i))
			break;
		boot_refuses(LIST, "uninstall --all");
		ck_assert_ok(root_remove(tree, LIST));
		ck_assert(damage(MARKER, i));
		boot_refuses(MARKER, "unlock --all");
		tree_close();
	}
	put(MARKER, "{\"boot_id\": \"1\", \"modules\": [{\"name\": \"a\", \"digest\": \"00\"}]}");
	put(LIVE_STATE "/held", "");
	boot_refuses(LIVE_STATE "/held", "held");
	tree_close();
}
END_TEST

START_TEST(an_installed_module_that_is_gone)
{
	tree_open();
	put(LIST,
	    "{\"modules\": [{\"name\": \"a\", \"file\": \"a-1-2/a.ko\", \"sha256\": \"0\"}]}");
	boot_refuses(
		"a-1-2/a.ko",
		"run 'suture install' on the module again, or 'suture uninstall --kernel " RELEASE
		" a'");
	tree_close();
}
END_TEST

START_TEST(markers)
{
	for (size_t i = 0;; i++) {
		scope_live_machine machine = NULL;
		scope_live_patches patches = NULL;
		scope_live_watch watch = NULL;
		scope_str_vec released = {};

		tree_open();
		if (!damage(MARKER, i))
			break;
		ck_assert_ok(live_machine_read(tree, &machine));
		ck_assert_ok(live_patches_read(tree, &patches));
		is_told(live_watch_read(tree, machine, patches, &watch), MARKER, "unlock --all");
		is_told(live_guard_check(tree, machine), MARKER, "'suture unlock --all --root=");
		is_told(live_unlock(tree, "a", &released), MARKER, "unlock --all");
		ck_assert_ok(live_unlock(tree, NULL, &released));
		ck_assert_ok(live_guard_check(tree, machine));
		tree_close();
	}
	tree_close();
}
END_TEST

START_TEST(holds)
{
	for (size_t i = 0;; i++) {
		scope_live_blocks blocks = {};
		scope_str_vec released = {};

		tree_open();
		if (!damage(LIVE_STATE "/held/0123.json", i))
			break;
		ck_assert_ok(live_blocks_read(tree, &blocks));
		ck_assert_ptr_nonnull(live_blocks_find(&blocks, "0123"));
		ck_assert_str_eq(blocks.data[0].name, "0123");
		ck_assert_ok(live_unlock(tree, "0123", &released));
		ck_assert(!root_exists(tree, LIVE_STATE "/held/0123.json"));
		ck_assert_ok(live_block_add(tree, "a\377", "0123", RELEASE, "w\033"));
		tree_close();
	}
	tree_close();
}
END_TEST

START_TEST(holds_that_cannot_be_listed)
{
	scope_live_blocks blocks = {};
	scope_str_vec released = {};

	tree_open();
	put(LIVE_STATE "/held", "");
	is_told(live_blocks_read(tree, &blocks), LIVE_STATE "/held",
		"'suture unlock --all --root=");
	ck_assert_ok(live_unlock(tree, NULL, &released));
	ck_assert_ok(live_blocks_read(tree, &blocks));
	tree_close();
}
END_TEST

START_TEST(records)
{
	scope_live_patches patches = NULL;

	tree_open();
	put_patch("alpha", "1\n", "0\n", "f,1");
	put(LIVE_RUN "/loaded/alpha.json", "{");
	ck_assert_ok(live_patches_read(tree, &patches));
	ck_assert_uint_eq(patches->list.len, 1);
	ck_assert_uint_eq(patches->damage.len, 1);
	ck_assert(strstr(patches->damage.data[0], "loaded/alpha.json is damaged") != NULL);
	tree_close();
}
END_TEST

/*
 * Makes a marker of this process, or of one that has ended, for patches a and b, of which a is
 * loaded.
 */
static void put_marker(bool alive)
{
	scope_live_machine machine = NULL;
	struct live_module modules[] = {{.name = "a", .digest = "1"}, {.name = "b", .digest = "2"}};
	struct live_module_vec vec = {};
	scope_free char *stat = xasprintf("/proc/%d/stat", (int)getpid());

	put_patch("a", "1\n", "0\n", "f,1");
	put(stat, "7 (x) y) S 1 7 7 0 -1 4194560 1 0 0 0 1 1 0 0 20 0 1 0 4711 1 1\n");
	vec_push(&vec, &modules[0]);
	vec_push(&vec, &modules[1]);
	ck_assert_ok(live_machine_read(tree, &machine));
	ck_assert_ok(live_guard_begin(tree, machine, &vec));
	vec_free(&vec);
	if (!alive) /* another process has its number now */
		put(stat, "7 (z) S 1 7 7 0 -1 4194560 1 0 0 0 1 1 0 0 20 0 1 0 4712 1 1\n");
}

static struct live_watch *read_watch(void)
{
	scope_live_machine machine = NULL;
	scope_live_patches patches = NULL;
	struct live_watch *watch = NULL;

	put("/proc/modules", "a 16384 1 - Live 0x0 (OEK)\n");
	ck_assert_ok(live_machine_read(tree, &machine));
	ck_assert_ok(live_patches_read(tree, &patches));
	ck_assert_ok(live_watch_read(tree, machine, patches, &watch));
	return watch;
}

START_TEST(watchers)
{
	scope_str_vec released = {};

	for (int alive = 0; alive < 2; alive++) {
		tree_open();
		put_marker(alive);

		struct live_watch *watch = read_watch();
		scope_free char *lost = live_watch_lost(watch);

		ck_assert_ptr_nonnull(watch);
		ck_assert_uint_eq(watch->names.len, 1);
		ck_assert(watch->alive == alive);
		ck_assert((lost == NULL) == alive);
		if (lost)
			ck_assert(strstr(lost, "nobody watches a: ") != NULL);
		live_watch_free(watch);
		tree_close();
	}
	tree_open();
	put_marker(false);
	ck_assert_ok(live_unlock(tree, "a", &released));
	ck_assert_uint_eq(released.len, 1);
	ck_assert_ptr_null(read_watch());
	ck_assert(root_exists(tree, MARKER)); /* it still contains b */
	ck_assert_ok(live_unlock(tree, "b", &released));
	ck_assert(!root_exists(tree, MARKER));
	tree_close();
}
END_TEST

START_TEST(what_killed_commands_leave)
{
	scope_close int lock = -1;
	static const char *const left[] = {
		LIVE_STATE "/.loading.json.7", LIVE_STATE "/held/.0.json.12",
		LIVE_STATE "/" RELEASE "/.new.3/a.ko", LIVE_RUN "/loaded/.a.json.4711"};
	static const char *const stay[] = {LIVE_STATE "/held/0.json", LIVE_STATE "/held/.x",
					   LIVE_STATE "/" RELEASE "/a-1-2/a.ko"};

	tree_open();
	for (size_t i = 0; i < array_size(left); i++)
		put(left[i], "");
	for (size_t i = 0; i < array_size(stay); i++)
		put(stay[i], "");
	ck_assert_ok(root_make_dir(tree, LIVE_RUN "/lock")); /* this does not prevent it, either */
	ck_assert_ok(live_lock(tree, LIVE_TURN_ALONE, NULL, &lock));
	for (size_t i = 0; i < array_size(left); i++)
		ck_assert_msg(!root_exists(tree, left[i]), "%s", left[i]);
	for (size_t i = 0; i < array_size(stay); i++)
		ck_assert_msg(root_exists(tree, stay[i]), "%s", stay[i]);
	tree_close();
}
END_TEST

UNIT_SUITE("live state", lists_of_what_is_installed, boots_with_damaged_state,
	   an_installed_module_that_is_gone, markers, holds, holds_that_cannot_be_listed, records,
	   watchers, what_killed_commands_leave)
