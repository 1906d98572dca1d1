/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whole fetches, from a fake apt into a cache of the test's own. */
#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/interrupt.h"
#include "base/proc.h"
#include "target/cache.h"
#include "target/lookup.h"
#include "target/target.h"
#include "unit.h"

#include "test_target_fixture.h"

START_TEST(everything_of_a_release)
{
	scope_fixture fix = {};
	scope_target target = NULL;

	fixture_make(&fix);
	ck_assert_ok(target_open(&spec, NULL, &target));
	ck_assert_str_eq(target->release, SYNTH_RELEASE);
	ck_assert_str_eq(target->version, SYNTH_VERSION);
	ck_assert_str_eq(target->compiler, "gcc-99");
	ck_assert_str_eq(target->compiler_text, SYNTH_CC_TEXT);
	ck_assert_str_eq(target_config(target, "LIVEPATCH"), "y");
	ck_assert_str_eq(target_export_find(target, "printk")->owner, "vmlinux");
	ck_assert(str_starts(target->dir, fix.cache));
	ck_assert(file_exists(target->vmlinuz));
	ck_assert(file_exists(target->vmlinux));
	ck_assert(inside(target->build_dir, "scripts/basic/fixdep"));
	ck_assert(inside(target->build_dir, "tools/objtool/objtool"));
	ck_assert(!inside(target->build_dir, "Makefile"));
	ck_assert(inside(target->source, "init/main.c"));

	scope_free char *module = target_module_path(target, "a_b");

	ck_assert_ptr_nonnull(module);
	ck_assert(str_ends(module, "kernel/fs/a-b.ko.xz"));
	ck_assert_uint_eq(entries(&fix, "download"), 0);
	ck_assert_uint_eq(entries(&fix, "kernels"), 1);
	ck_assert_uint_eq(entries(&fix, "sources"), 1);
}
END_TEST

static struct timespec modified(const char *dir, const char *name)
{
	scope_free char *path = xasprintf("%s/%s", dir, name);
	struct stat st;

	ck_assert_msg(!stat(path, &st), "%s", path);
	return st.st_mtim;
}

START_TEST(nothing_of_the_build_folder_is_stale)
{
	static const char *const in_order[] = {
		".config", "include/config/auto.conf.cmd", "include/config/auto.conf",
		"include/generated/autoconf.h", "include/generated/rustc_cfg"};
	scope_fixture fix = {};
	scope_target target = NULL;

	fixture_make(&fix);
	ck_assert_ok(target_open(&spec, NULL, &target));
	for (size_t i = 1; i < array_size(in_order); i++)
		ck_assert_int_lt(modified(target->build_dir, in_order[i - 1]).tv_sec,
				 modified(target->build_dir, in_order[i]).tv_sec);
	ck_assert_int_le(modified(target->build_dir, in_order[4]).tv_sec, time(NULL));
}
END_TEST

START_TEST(second_time_without_apt)
{
	scope_fixture fix = {};

	fixture_make(&fix);
	ck_assert_ok(fetch());
	ck_assert_uint_eq(downloads(&fix), 4);
	setenv("FAKE_APT", "/nonexistent", 1);
	ck_assert_ok(fetch());
}
END_TEST

/* Damages a file: 0 leaves it empty, 1 cuts its last byte, 2 changes a bit, 3 removes it. */
static void damage(const char *path, unsigned how)
{
	scope_free char *text = NULL;
	size_t size;

	ck_assert_ok(file_read(path, &text, &size));
	if (how == 3)
		ck_assert_int_eq(unlink(path), 0);
	text[0] ^= how == 2;
	if (how < 3)
		ck_assert_ok(file_write(path, text, how == 0 ? 0 : size - (how == 1)));
}

/* What decides about the module must not be used if it was cut short or changed. */
START_TEST(damaged_files_of_a_release_are_named)
{
	static const char *const names[] = {
		"build/Module.symvers",
		"build/include/config/auto.conf",
		"lib/modules/" SYNTH_RELEASE "/modules.order",
	};

	for (size_t i = 0; i < array_size(names) * 4; i++) {
		scope_fixture fix = {};
		scope_target target = NULL;
		const char *name = names[i / 4];

		fixture_make(&fix);
		ck_assert_ok(target_open(&spec, NULL, &target));

		scope_free char *path = xasprintf("%s/%s", target->dir, name);
		scope_free char *seals = xasprintf("%s/seals", target->dir);
		scope_free char *says = xasprintf("%s is damaged: remove %s and run 'suture fetch",
						  path, target->dir);
		ck_assert_ok(fetch());
		damage(path, i % 4);
		ck_assert_fails(fetch(), says);
		/* A release of an earlier version of Suture has no seals. */
		ck_assert_ok(dir_remove(seals));
		if (i == 9)
			ck_assert_ok(fetch());
	}
}
END_TEST

START_TEST(failed_downloads_say_why_and_leave_nothing)
{
	static const struct {
		const char *mode, *message;
	} modes[] = {
		{"hash", "does not match the archive's own hash"},
		{"gone", "-1_amd64.deb, although its package lists name it; run 'apt-get update'"},
		{"offline", "no network"},
	};

	for (size_t i = 0; i < array_size(modes); i++) {
		scope_fixture fix = {};

		fixture_make(&fix);
		synth_write(fix.apt, "mode", modes[i].mode);
		ck_assert_fails(fetch(), modes[i].message);
		assert_nothing_left(&fix);
		synth_write(fix.apt, "mode", "");
		ck_assert_ok(fetch());
	}
}
END_TEST

/* Makes Suture's own archives have what the host's have. */
static void own_archives(const struct fixture *fix)
{
	scope_free char *folder = xasprintf("%s/archives", fix->dir), *text = NULL;
	scope_free char *index = xasprintf("%s/index", fix->apt);

	ck_assert_ok(file_read(index, &text, NULL));
	ck_assert_ok(dir_make(folder));
	synth_write(fix->apt, "own-index", text);
	synth_write(folder, "x.sources", "Types: deb\nURIs: host:Debian\nSuites: sid\n");
	setenv("SUTURE_ARCHIVES", folder, 1);
}

START_TEST(lists_that_name_missing_files_are_renewed)
{
	scope_fixture fix = {};

	fixture_make(&fix);
	own_archives(&fix);
	synth_write(fix.apt, "mode", "stale");
	ck_assert_ok(fetch());
	ck_assert_uint_eq(entries(&fix, "kernels"), 1);
}
END_TEST

START_TEST(archives_that_lack_a_file_are_asked_twice)
{
	scope_fixture fix = {};

	fixture_make(&fix);
	own_archives(&fix);
	synth_write(fix.apt, "mode", "gone");

	struct err *err = fetch();

	ck_assert(err && !strstr(err_message(err), "apt-get update"));
	ck_assert_fails(err, "the archive lacks linux-");
	assert_nothing_left(&fix);
}
END_TEST

START_TEST(package_without_the_kernel)
{
	scope_fixture fix = {};

	fixture_make(&fix);
	synth_pool_deb(fix.apt, "linux-image-" SYNTH_RELEASE,
		       (const struct synth_file[]){{"./boot/vmlinuz-6.1.0-98-test", "x"}, {}});
	ck_assert_fails(fetch(), "does not contain release " SYNTH_RELEASE);
	synth_pool_deb(fix.apt, "linux-image-" SYNTH_RELEASE,
		       (const struct synth_file[]){{"./boot/vmlinuz-" SYNTH_RELEASE, "x"}, {}});
	ck_assert_fails(fetch(), "lib/modules/" SYNTH_RELEASE ": missing");
	ck_assert_uint_eq(entries(&fix, "kernels"), 0);
}
END_TEST

START_TEST(damaged_package)
{
	scope_fixture fix = {};
	scope_free char *text = NULL;
	size_t size;

	fixture_make(&fix);

	scope_free char *path =
		xasprintf("%s/pool/linux-source-6.1_" SYNTH_VERSION "_amd64.deb", fix.apt);

	ck_assert_ok(file_read(path, &text, &size));
	ck_assert_ok(file_write(path, text, size / 2));
	ck_assert_fails(fetch(), "linux-source-6.1_" SYNTH_VERSION "_amd64.deb");
	assert_nothing_left(&fix);
}
END_TEST

START_TEST(half_a_tree_is_never_trusted)
{
	scope_fixture fix = {};

	fixture_make(&fix);

	scope_free char *kernel =
		xasprintf("%s/kernels/" SYNTH_RELEASE "_" SYNTH_VERSION, fix.cache);
	scope_free char *source =
		xasprintf("%s/sources/linux-source-6.1_" SYNTH_VERSION, fix.cache);

	/* An entry without a stamp, or with one of another format, does not count. */
	ck_assert_ok(dir_make(kernel));
	ck_assert_ok(dir_make(source));
	synth_write(source, "stamp.json", "{\"format\": 0}");
	synth_write(source, "old", "");
	ck_assert_ok(fetch());
	ck_assert_uint_eq(downloads(&fix), 4);
	ck_assert(!inside(source, "old"));

	/* Only the source is fetched if only the source is missing. */
	ck_assert_ok(dir_remove(source));
	ck_assert_ok(fetch());
	ck_assert_uint_eq(downloads(&fix), 5);
}
END_TEST

static void make_old(const char *path)
{
	const struct timespec times[2] = {{.tv_sec = 1000000}, {.tv_sec = 1000000}};

	ck_assert_int_eq(utimensat(AT_FDCWD, path, times, 0), 0);
}

START_TEST(leftovers_of_the_dead_are_removed)
{
	scope_fixture fix = {};

	fixture_make(&fix);

	scope_free char *dead = xasprintf("%s/kernels/x_1.partial.aaaaaa", fix.cache);
	scope_free char *living = xasprintf("%s/kernels/x_1.partial.bbbbbb", fix.cache);
	scope_free char *fresh = xasprintf("%s/kernels/x_1.partial.cccccc", fix.cache);

	ck_assert_ok(dir_make(dead));
	ck_assert_ok(dir_make(living));
	ck_assert_ok(dir_make(fresh));
	make_old(dead);
	make_old(living);

	scope_close int fd = open(living, O_RDONLY | O_DIRECTORY);

	ck_assert_int_eq(flock(fd, LOCK_EX), 0);
	ck_assert_ok(fetch());
	ck_assert(!dir_exists(dead));
	ck_assert(dir_exists(living));
	ck_assert(dir_exists(fresh));
}
END_TEST

/* Starts a child that fetches, for tests of concurrent fetches and of what a killed one leaves. */
static pid_t fork_fetch(void)
{
	pid_t pid = fork();

	if (!pid) {
		interrupt_install();

		struct err *err = fetch();

		_exit(err ? err_code(err) : 0);
	}
	return pid;
}

static int wait_for(pid_t pid)
{
	int status;

	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

START_TEST(two_at_once_share_the_work)
{
	scope_fixture fix = {};
	pid_t pids[4];

	fixture_make(&fix);
	for (size_t i = 0; i < array_size(pids); i++)
		pids[i] = fork_fetch();
	for (size_t i = 0; i < array_size(pids); i++)
		ck_assert_int_eq(wait_for(pids[i]), 0);
	ck_assert_uint_eq(downloads(&fix), 4);
	ck_assert_uint_eq(entries(&fix, "kernels"), 1);
}
END_TEST

static void wait_for_downloads(const struct fixture *fix)
{
	for (int i = 0; i < 500 && downloads(fix) < 2; i++)
		nanosleep(&(struct timespec){.tv_nsec = 10000000}, NULL);
	ck_assert_uint_ge(downloads(fix), 2);
}

START_TEST(interrupted_fetch_leaves_nothing)
{
	scope_fixture fix = {};

	fixture_make(&fix);
	synth_write(fix.apt, "mode", "half");

	pid_t pid = fork_fetch();

	wait_for_downloads(&fix);
	kill(pid, SIGINT);
	ck_assert_int_eq(wait_for(pid), ERR_INTERRUPTED);
	assert_nothing_left(&fix);
	synth_write(fix.apt, "mode", "");
	ck_assert_ok(fetch());
}
END_TEST

START_TEST(killed_fetch_is_started_over)
{
	scope_fixture fix = {};

	fixture_make(&fix);
	synth_write(fix.apt, "mode", "half");

	pid_t pid = fork_fetch();

	wait_for_downloads(&fix);
	kill(pid, SIGKILL);
	ck_assert_int_eq(wait_for(pid), -SIGKILL);
	ck_assert_uint_eq(entries(&fix, "kernels"), 1); /* the partial entry */
	synth_write(fix.apt, "mode", "");
	ck_assert_ok(fetch());
}
END_TEST

START_TEST(read_only_cache)
{
	scope_fixture fix = {};

	fixture_make(&fix);
	/* Root may write anywhere except below a file. */
	synth_write(fix.dir, "cache", "");
	ck_assert_fails(fetch(), fix.cache);
	ck_assert_fails(fetch(), "SUTURE_CACHE");
}
END_TEST

START_TEST(a_full_disk_is_told_before)
{
	scope_fixture fix = {};

	fixture_make(&fix);
	ck_assert_fails(cache_check_space(fix.cache, "6.1", UINT64_MAX), "make room");
	ck_assert_ok(cache_check_space(fix.cache, "6.1", 1));
}
END_TEST

START_TEST(unknown_releases)
{
	scope_fixture fix = {};
	scope_target target = NULL;
	const struct target_spec other = {.release = "6.1.0-98-test"};
	const struct target_spec odd = {.release = "../../etc"};
	const struct target_spec none = {.release = "5.10.0-1-amd64"};

	fixture_make(&fix);
	ck_assert_fails(target_open(&other, NULL, &target), "apt, which has " SYNTH_RELEASE);
	ck_assert_fails(target_open(&other, NULL, &target), "; did you mean '" SYNTH_RELEASE "'?");
	ck_assert_fails(target_open(&odd, NULL, &target), "is not a kernel release");
	ck_assert_fails(target_open(&none, NULL, &target), "--build-dir");
}
END_TEST

START_TEST(the_newest_of_a_series)
{
	scope_fixture fix = {};
	scope_free char *release = NULL;

	fixture_make(&fix);

	scope_lookup lookup = {.root = fix.cache};

	/* The series alone means the plain flavour, which this release does not have. */
	ck_assert_fails(lookup_latest(&lookup, "6.1", &release), "6.1");

	scope_strbuf index = STRBUF_INIT;

	for (unsigned i = 8; i < 12; i++) {
		scope_free char *image = xasprintf("linux-image-6.1.0-%u-amd64", i);
		scope_free char *headers = xasprintf("linux-headers-6.1.0-%u-amd64", i);

		synth_index(&index, image, NULL);
		if (i < 11)
			synth_index(&index, headers, NULL);
	}
	synth_index(&index, "linux-source-6.1", NULL);
	synth_index(&index, "linux-image-6.1.0-9-rt-amd64", NULL);
	synth_index(&index, "linux-headers-6.1.0-9-rt-amd64", NULL);
	synth_write(fix.apt, "index", index.buf);
	ck_assert_ok(lookup_latest(&lookup, "6.1", &release));
	ck_assert_str_eq(release, "6.1.0-10-amd64");
	free(take_ptr(release));
	ck_assert_ok(lookup_latest(&lookup, "6.1-rt-amd64", &release));
	ck_assert_str_eq(release, "6.1.0-9-rt-amd64");
	ck_assert_fails(lookup_latest(&lookup, "6.1-cloud-amd64", &(char *){NULL}),
			"6.1-cloud-amd64");
}
END_TEST

static void index_without(const struct fixture *fix, const char *package)
{
	scope_strbuf index = STRBUF_INIT;
	static const struct {
		const char *name, *depends;
	} packages[] = {
		{"linux-image-" SYNTH_RELEASE, NULL},
		{"linux-headers-" SYNTH_RELEASE, "linux-kbuild-6.1 (>= " SYNTH_VERSION ")"},
		{"linux-kbuild-6.1", NULL},
		{"linux-source-6.1", NULL},
	};

	for (size_t i = 0; i < array_size(packages); i++)
		if (strcmp(packages[i].name, package))
			synth_index(&index, packages[i].name, packages[i].depends);
	synth_write(fix->apt, "index", index.buf);
}

START_TEST(packages_that_are_gone_are_named)
{
	scope_fixture fix = {};
	static const char *const packages[] = {"linux-headers-" SYNTH_RELEASE, "linux-kbuild-6.1",
					       "linux-source-6.1"};

	fixture_make(&fix);
	for (size_t i = 0; i < array_size(packages); i++) {
		index_without(&fix, packages[i]);
		ck_assert_fails(fetch(), packages[i]);
	}
}
END_TEST

START_TEST(unsigned_image_will_do)
{
	scope_fixture fix = {};
	scope_strbuf index = STRBUF_INIT;
	scope_free char *text = NULL;

	fixture_make(&fix);

	scope_free char *path = xasprintf("%s/index", fix.apt);
	scope_free char *from = xasprintf(
		"%s/pool/linux-image-" SYNTH_RELEASE "_" SYNTH_VERSION "_amd64.deb", fix.apt);
	scope_free char *to = xasprintf("%s/pool/linux-image-" SYNTH_RELEASE
					"-unsigned_" SYNTH_VERSION "_amd64.deb",
					fix.apt);

	index_without(&fix, "linux-image-" SYNTH_RELEASE);
	ck_assert_ok(file_read(path, &text, NULL));
	strbuf_addstr(&index, text);
	synth_index(&index, "linux-image-" SYNTH_RELEASE "-unsigned", NULL);
	synth_write(fix.apt, "index", index.buf);
	ck_assert_int_eq(rename(from, to), 0);
	ck_assert_ok(fetch());
}
END_TEST

UNIT_SUITE("target: fetch", damaged_files_of_a_release_are_named, everything_of_a_release,
	   nothing_of_the_build_folder_is_stale, second_time_without_apt,
	   failed_downloads_say_why_and_leave_nothing, lists_that_name_missing_files_are_renewed,
	   archives_that_lack_a_file_are_asked_twice, package_without_the_kernel, damaged_package,
	   half_a_tree_is_never_trusted, leftovers_of_the_dead_are_removed,
	   two_at_once_share_the_work, interrupted_fetch_leaves_nothing,
	   killed_fetch_is_started_over, read_only_cache, a_full_disk_is_told_before,
	   unknown_releases, the_newest_of_a_series, packages_that_are_gone_are_named,
	   unsigned_image_will_do)
