/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tests errors, cursors, files, pipes and processes of base/. */
#include <check.h>
#include <fcntl.h>
#include <glob.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/cursor.h"
#include "base/file.h"
#include "base/path.h"
#include "base/proc.h"
#include "base/proc_stat.h"
#include "base/tempdir.h"
#include "unit.h"

START_TEST(error_carries_context)
{
	struct err *err = err_wrap(err_code_new(ERR_REFUSED, "bad %d", 7), "file %s", "x");

	ck_assert_str_eq(err_message(err), "file x: bad 7");
	ck_assert_int_eq(err_code(err), ERR_REFUSED);
	err_free(err);
	ck_assert_ptr_null(err_wrap(NULL, "nothing"));
}
END_TEST

START_TEST(cursor_stays_inside)
{
	const uint8_t data[] = {1, 2, 0, 4, 'a', 'b'};
	struct cursor cur = cursor_at((struct bytes){data, sizeof(data)}, 0);

	ck_assert_uint_eq(cursor_u16(&cur), 0x0201);
	ck_assert_str_eq(cursor_string(&cur), "");
	ck_assert_uint_eq(cursor_u8(&cur), 4);
	ck_assert_ptr_null(cursor_string(&cur)); /* "ab" has no end */
	ck_assert(cur.overrun);
	ck_assert_uint_eq(cursor_u8(&cur), 0);

	cur = cursor_at((struct bytes){data, sizeof(data)}, 4);
	ck_assert_uint_eq(cursor_u32(&cur), 0);
	ck_assert(cur.overrun);
}
END_TEST

START_TEST(slice_rejects_overflow)
{
	const uint8_t data[4] = {};
	struct bytes slice, whole = {data, 4};

	ck_assert(bytes_slice(whole, 4, 0, &slice));
	ck_assert(!bytes_slice(whole, 1, UINT64_MAX, &slice));
	ck_assert(!bytes_slice(whole, 5, 0, &slice));
}
END_TEST

START_TEST(file_write_is_whole_and_leaves_no_temporary)
{
	scope_dir_temp dir = NULL;
	scope_free char *text = NULL;

	ck_assert_ok(dir_temp(dir_for_temp(), "suture-test", &dir));

	scope_free char *path = xasprintf("%s/a", dir);
	scope_free char *missing = xasprintf("%s/none/a", dir);

	ck_assert_ok(file_write(path, "hello", 5));
	ck_assert_ok(file_read(path, &text, NULL));
	ck_assert_str_eq(text, "hello");
	ck_assert_fails(file_write(missing, "hello", 5), "none/a");
	ck_assert_int_eq(rmdir(dir), -1);
	ck_assert_int_eq(remove(path), 0);
	ck_assert_int_eq(rmdir(dir), 0);
}
END_TEST

/* Makes a folder as a killed process leaves it. */
static char *left_by_killed_process(const char *parent)
{
	scope_free char *pattern = xasprintf("%s/*", parent);
	pid_t pid = fork();
	glob_t found = {};
	char *left;

	if (!pid) {
		char *path = NULL;

		err_free(dir_temp(parent, "suture-left", &path));
		kill(getpid(), SIGKILL);
	}
	waitpid(pid, NULL, 0);
	ck_assert_int_eq(glob(pattern, 0, NULL, &found), 0);
	ck_assert_uint_eq(found.gl_pathc, 1);
	left = xstrdup(found.gl_pathv[0]);
	globfree(&found);
	return left;
}

/* Checks what the pipe at path received; the test has a reader open. */
static void assert_piped(const char *path)
{
	char got[8] = "";
	scope_close int reader = open(path, O_RDONLY | O_NONBLOCK);

	ck_assert_int_ge(reader, 0);
	ck_assert_ok(file_write(path, "hello", 5));
	ck_assert_int_eq(read(reader, got, sizeof(got)), 5);
	ck_assert_str_eq(got, "hello");
}

static mode_t kind_of(const char *path)
{
	struct stat st;

	ck_assert_int_eq(lstat(path, &st), 0);
	return st.st_mode & S_IFMT;
}

START_TEST(file_write_does_not_replace_what_is_no_file)
{
	scope_dir_temp dir = NULL;
	scope_free char *text = NULL;

	ck_assert_ok(dir_temp(dir_for_temp(), "suture-test", &dir));
	ck_assert_int_eq(chdir(dir), 0);
	ck_assert_int_eq(mkfifo("pipe", 0600), 0);
	ck_assert_int_eq(symlink("pipe", "to-pipe"), 0);
	assert_piped("pipe");
	assert_piped("to-pipe");
	ck_assert_uint_eq(kind_of("pipe"), S_IFIFO);
	ck_assert_uint_eq(kind_of("to-pipe"), S_IFLNK);

	ck_assert_int_eq(mkdir("folder", 0700), 0);
	ck_assert_fails(file_write("folder", "hello", 5), "folder: this is a folder");

	ck_assert_ok(file_write("file", "a", 1));
	ck_assert_int_eq(symlink("../file", "folder/to-file"), 0);
	ck_assert_ok(file_write("folder/to-file", "hello", 5));
	ck_assert_uint_eq(kind_of("folder/to-file"), S_IFLNK);
	ck_assert_ok(file_read("file", &text, NULL));
	ck_assert_str_eq(text, "hello");

	ck_assert_int_eq(symlink("none", "to-none"), 0);
	ck_assert_fails(file_write("to-none", "hello", 5), "to-none: the link leads nowhere");
	ck_assert_uint_eq(kind_of("to-none"), S_IFLNK);

	if (!mknod("null", S_IFCHR | 0666, makedev(1, 3))) { /* not every system allows this */
		struct err *err = file_write("null", "hello", 5);

		err_free(err); /* file systems may be mounted without devices */
		ck_assert_uint_eq(kind_of("null"), S_IFCHR);
	}
	ck_assert_int_eq(chdir("/"), 0);
}
END_TEST

/* The test uses its own link in place of /dev/stdout, which may be anything. */
START_TEST(file_write_knows_its_own_output)
{
	scope_dir_temp dir = NULL;
	scope_free char *text = NULL;

	ck_assert_ok(dir_temp(dir_for_temp(), "suture-test", &dir));
	ck_assert_int_eq(chdir(dir), 0);
	ck_assert_int_eq(symlink("/proc/self/fd/1", "stdout"), 0);

	int fd = open("out", O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	scope_close int kept = dup(1);

	ck_assert_int_eq(dup2(fd, 1), 1);
	close(fd);
	ck_assert_int_eq(write(1, "one ", 4), 4);

	struct err *err = file_write("stdout", "two ", 4);
	bool more = write(1, "three", 5) == 5;

	dup2(kept, 1);
	ck_assert_ok(err);
	ck_assert(more);
	ck_assert_ok(file_read("out", &text, NULL));
	ck_assert_str_eq(text, "one two three");
	ck_assert_uint_eq(kind_of("stdout"), S_IFLNK);
	ck_assert_int_eq(chdir("/"), 0);
}
END_TEST

START_TEST(reading_what_is_no_file_does_not_wait)
{
	scope_dir_temp dir = NULL;
	scope_free char *text = NULL;
	scope_file_map map = {};
	uint8_t *data = NULL;
	size_t size;

	ck_assert_ok(dir_temp(dir_for_temp(), "suture-test", &dir));

	scope_free char *pipe = xasprintf("%s/pipe", dir);

	ck_assert_int_eq(mkfifo(pipe, 0600), 0);
	ck_assert_fails(file_map(pipe, &map), "pipe: not a regular file");
	ck_assert_fails(file_load(pipe, &data, &size), "pipe: not a regular file");
	ck_assert_fails(file_read(pipe, &text, NULL), "pipe: not a regular file");
	ck_assert_ok(file_read("/proc/self/status", &text, NULL));
	ck_assert(str_starts(text, "Name:"));
}
END_TEST

/* Other programs pass keys and pass phrases through pipes. */
START_TEST(pipes_are_read_where_they_may_be)
{
	scope_dir_temp dir = NULL;
	scope_free char *text = NULL, *piped = NULL;
	size_t size;

	ck_assert_ok(dir_temp(dir_for_temp(), "suture-test", &dir));

	scope_free char *pipe = xasprintf("%s/pipe", dir);
	scope_free char *late = xasprintf("sleep 0.3; echo secret >%s", pipe);
	const char *const argv[] = {"sh", "-c", late, NULL};
	scope_proc writer = NULL;

	ck_assert_int_eq(mkfifo(pipe, 0600), 0);
	ck_assert_fails(file_read_stream(pipe, &text, &size),
			"pipe: no process writes to this pipe");
	ck_assert_ok(proc_start(&(struct proc_spec){.argv = argv}, &writer));
	ck_assert_ok(file_read_stream(pipe, &piped, &size));
	ck_assert_str_eq(piped, "secret\n");
	ck_assert_fails(file_read_stream("/dev/zero", &text, &size),
			"/dev/zero: the file is larger than");
	ck_assert_fails(file_read_stream(dir, &text, &size), "Is a directory");
}
END_TEST

START_TEST(folders_of_killed_processes_are_removed)
{
	scope_dir_temp parent = NULL;
	scope_dir_temp ours = NULL;
	scope_dir_temp next = NULL;

	ck_assert_ok(dir_temp(dir_for_temp(), "suture-test", &parent));

	scope_free char *left = left_by_killed_process(parent);
	scope_free char *inside = xasprintf("%s/tree/deep", left);
	scope_free char *other = xasprintf("%s/suture-left.1.2.3.abcdef", parent);
	scope_free char *unmarked = xasprintf("%s/suture-left.abcdef", parent);

	ck_assert_ok(dir_make(inside));
	ck_assert_ok(dir_make(other));
	ck_assert_ok(dir_make(unmarked));
	ck_assert_ok(dir_temp(parent, "suture-ours", &ours));
	ck_assert(!dir_exists(left));
	ck_assert_ok(dir_temp(parent, "suture-next", &next));
	ck_assert(dir_exists(ours));
	ck_assert(dir_exists(other)); /* a folder of another PID namespace is kept */
	ck_assert(dir_exists(unmarked));
}
END_TEST

START_TEST(start_of_a_process)
{
	const char rest[] = " 1 7 7 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 1 0 4711 10 11";
	scope_free char *asleep = xasprintf("7 (a) b) S%s", rest);
	scope_free char *dead = xasprintf("7 (a) b) Z%s", rest);

	ck_assert_uint_eq(proc_start_time(asleep), 4711);
	ck_assert_uint_eq(proc_start_time(dead), 0);
	ck_assert_uint_eq(proc_start_time("7 (a) S 1 7"), 0);
	ck_assert_uint_eq(proc_start_time("7 (a)"), 0);
	ck_assert_uint_eq(proc_start_time(NULL), 0);
}
END_TEST

START_TEST(processes_report_their_end)
{
	const char *const fails[] = {"sh", "-c", "echo one; echo two; exit 3", NULL};
	const char *const absent[] = {"/no/such/program", NULL};
	const char *const sleeps[] = {"sleep", "20", NULL};
	scope_strbuf output = STRBUF_INIT;
	int status;

	ck_assert_ok(proc_run(&(struct proc_spec){.argv = fails}, &status, &output));
	ck_assert_int_eq(status, 3);
	ck_assert_str_eq(output.buf, "one\ntwo\n");
	ck_assert_fails(proc_check(&(struct proc_spec){.argv = fails}, NULL), "one; two");
	ck_assert_fails(proc_check(&(struct proc_spec){.argv = absent}, NULL), "No such file");
	ck_assert_fails(proc_check(&(struct proc_spec){.argv = sleeps, .timeout_ms = 50}, NULL),
			"timed out");
}
END_TEST

START_TEST(complaints_can_be_kept_apart)
{
	const char *const both[] = {"sh", "-c", "echo out; echo oh >&2; exit 3", NULL};
	scope_strbuf output = STRBUF_INIT, errors = STRBUF_INIT;
	struct proc_spec spec = {.argv = both, .errors = &errors};
	int status;

	ck_assert_ok(proc_run(&spec, &status, &output));
	ck_assert_int_eq(status, 3);
	ck_assert_str_eq(output.buf, "out\n");
	ck_assert_str_eq(errors.buf, "oh\n");
	ck_assert_fails(proc_check(&spec, NULL), "3: oh; oh");
}
END_TEST

START_TEST(waiting_for_any_ends_with_the_first)
{
	const char *const quick[] = {"true", NULL};
	const char *const slow[] = {"sleep", "20", NULL};
	scope_proc one = NULL;
	scope_proc two = NULL;
	struct timespec start, end;

	ck_assert_ok(proc_start(&(struct proc_spec){.argv = slow}, &one));
	ck_assert_ok(proc_start(&(struct proc_spec){.argv = quick}, &two));
	clock_gettime(CLOCK_MONOTONIC, &start);
	while (!proc_done(two))
		proc_wait_any((struct proc *const[]){one, NULL, two}, 3);
	clock_gettime(CLOCK_MONOTONIC, &end);
	ck_assert_int_le(end.tv_sec - start.tv_sec, 10);
	ck_assert(!proc_done(one));
}
END_TEST

START_TEST(waiting_for_a_processor_is_told)
{
	const char *const busy[] = {"taskset", "-c", "0", "sh", "-c", "while :; do :; done", NULL};
	const char *const idle[] = {"sleep", "20", NULL};
	scope_proc one = NULL;
	scope_proc two = NULL;
	scope_proc sleeps = NULL;
	uint64_t waited = 0;

	if (access("/proc/self/schedstat", R_OK))
		return; /* this kernel does not report it */
	ck_assert_ok(proc_start(&(struct proc_spec){.argv = busy}, &one));
	ck_assert_ok(proc_start(&(struct proc_spec){.argv = busy}, &two));
	ck_assert_ok(proc_start(&(struct proc_spec){.argv = idle}, &sleeps));
	/* Both processes compete for one processor. */
	for (int i = 0; i < 500 && waited < 50; i++) {
		usleep(20000);
		waited = proc_starved_ms(one);
	}
	ck_assert_uint_ge(waited, 50);
	ck_assert_uint_lt(proc_starved_ms(sleeps), proc_starved_ms(one) + proc_starved_ms(two));
}
END_TEST

START_TEST(packed_modules_keep_the_ending_of_the_packer)
{
	ck_assert_str_eq(path_module_ending("/a/x.ko.zst"), ".ko.zst");
	ck_assert_str_eq(path_module_ending("x.ko"), ".ko");
	ck_assert_ptr_null(path_module_ending("x.xz"));
	ck_assert_str_eq(path_module_ending_for("/a/x.ko.gz"), ".ko.gz");
	ck_assert_str_eq(path_module_ending_for("x.xz"), ".ko.xz");
	ck_assert_str_eq(path_module_ending_for("x.ko"), ".ko");
	ck_assert_str_eq(path_module_ending_for("x"), ".ko");
}
END_TEST

UNIT_SUITE("base", packed_modules_keep_the_ending_of_the_packer, error_carries_context,
	   cursor_stays_inside, slice_rejects_overflow, file_write_is_whole_and_leaves_no_temporary,
	   file_write_does_not_replace_what_is_no_file, file_write_knows_its_own_output,
	   reading_what_is_no_file_does_not_wait, pipes_are_read_where_they_may_be,
	   folders_of_killed_processes_are_removed, start_of_a_process, processes_report_their_end,
	   complaints_can_be_kept_apart, waiting_for_any_ends_with_the_first,
	   waiting_for_a_processor_is_told)
