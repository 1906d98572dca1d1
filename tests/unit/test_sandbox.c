/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What each kind of sandbox lets its child do, tried with real programs. */
#include <check.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/proc.h"
#include "base/sandbox.h"
#include "base/tempdir.h"
#include "unit.h"

/* A folder that may be read, one that may be written, and one beside them. */
struct place {
	char *dir, *in, *out, *secret;
	struct sandbox *sandbox;
};

static bool open_place(struct place *place, enum sandbox_kind kind)
{
	struct str_vec read = {}, write = {};
	const char *const argv[] = {"true", NULL};

	ck_assert_ok(dir_temp(dir_for_temp(), "suture-unit", &place->dir));
	place->in = xasprintf("%s/in", place->dir);
	place->out = xasprintf("%s/out", place->dir);
	place->secret = xasprintf("%s/secret", place->dir);

	scope_free char *readable = xasprintf("%s/file", place->in);

	ck_assert_ok(dir_make(place->in));
	ck_assert_ok(dir_make(place->out));
	ck_assert_ok(file_write(readable, "given\n", 6));
	ck_assert_ok(file_write(place->secret, "kept\n", 5));
	vec_push(&read, place->in);
	vec_push(&write, place->out);

	struct err *err = sandbox_new(kind, &read, &write, &place->sandbox);
	int status = 1;

	vec_free(&read);
	vec_free(&write);
	if (!err)
		err = proc_run(&(struct proc_spec){.argv = argv, .sandbox = place->sandbox},
			       &status, NULL);
	err_free(err);
	return !err && !status;
}

static void close_place(struct place *place)
{
	sandbox_free(place->sandbox);
	dir_temp_cleanup(&place->dir);
	free(place->in);
	free(place->out);
	free(place->secret);
}

/*
 * Returns the exit code of a shell script in the sandbox, and prints its output; $1 is the folder
 * that contains all.
 */
static int run_script(const struct place *place, const char *script, struct strbuf *output)
{
	const char *const argv[] = {"sh", "-c", script, "sh", place->dir, NULL};
	int status;

	ck_assert_ok(proc_run(&(struct proc_spec){.argv = argv,
						  .cwd = place->out,
						  .sandbox = place->sandbox,
						  .timeout_ms = 20000},
			      &status, output));
	return status;
}

static const struct {
	const char *what, *script;
	bool namespaces; /* Landlock alone does not guard this */
} forbidden[] = {
	{"read a neighbour", "cat $1/secret"},
	{"read by climbing", "cat ../secret"},
	{"read through a link", "ln -s ../secret x; cat x"},
	{"read through the folder's descriptor", "exec 7<..; cat /proc/self/fd/7/secret"},
	{"list a neighbour", "ls $1 | grep secret"},
	{"read the system's settings", "cat /etc/passwd"},
	{"read the system's data",
	 "cat /usr/share/perl/../*/copyright /usr/share/common-licenses/GPL-2"},
	{"read a package's files", "cat /usr/lib/os-release"},
	{"list the system's data",
	 "ls /usr/lib /usr/share | grep -x 'os-release\\|common-licenses'"},
	{"read the system's data by another name", "cat /lib/os-release"},
	{"read an endless device", "head -c 1 /dev/zero"},
	{"read about processes", "cat /proc/1/status /proc/self/environ"},
	{"list processes", "ls /proc | grep -v self"},
	{"change what is said of processes", "echo x >/proc/self/maps", true},
	{"write a neighbour", "echo x >$1/secret"},
	{"write where it may read", "echo x >$1/in/new"},
	{"append where it may read", "echo x >>$1/in/file"},
	{"empty where it may read", "perl -e 'sysopen(F, $ARGV[0], 01000) or exit 1' $1/in/file"},
	{"cut where it may read", "perl -e 'truncate($ARGV[0], 0) or exit 1' $1/in/file"},
	{"remove where it may read", "rm -f $1/in/file"},
	{"rename out of its folder", "echo x >a; mv a $1/in/a"},
	{"link out of its folder", "ln $1/secret here && cat here"},
	{"make a device", "mknod d c 1 3"},
	{"change an owner", "chown 1:1 ."},
	{"change a mode elsewhere", "chmod 777 $1/secret", true},
	{"change a time elsewhere", "test -e $1/secret && touch -d 2001-01-01 $1/secret", true},
	{"open a network socket",
	 "perl -e 'use Socket; socket(S, PF_INET, SOCK_STREAM, 0) or exit 1'"},
	{"open a local socket",
	 "perl -e 'use Socket; socket(S, PF_UNIX, SOCK_STREAM, 0) or exit 1'"},
	{"pair sockets",
	 "perl -e 'use Socket; socketpair(A, B, PF_UNIX, SOCK_STREAM, 0) or exit 1'"},
	{"make a namespace", "unshare -U true || unshare -m true"},
	{"mount", "mount -t tmpfs none ."},
	{"see our process", "kill -0 $(cat $1/in/pid)", true},
	{"take much memory", "perl -e '$x = \"a\" x (5 << 30)'"},
	{"make a huge file", "dd if=/dev/null of=big bs=1 seek=600M 2>&1"},
	{"dump core", "ulimit -c unlimited"},
	{"raise a limit", "ulimit -v unlimited"},
};

static const struct {
	const char *what, *script;
	bool namespaces;
} allowed[] = {
	{"read what is given", "test \"$(cat $1/in/file)\" = given"},
	{"list what is given", "ls $1/in | grep -q file"},
	{"write its folder", "echo x >new && test \"$(cat new)\" = x && rm new"},
	{"make folders and links", "mkdir -p a/b && ln -s a l && test -d l/b && rm -r a l"},
	{"rename over folders", "mkdir a b && echo x >a/f && mv a/f b/f && rm -r a b"},
	{"empty its own file", "echo x >f && : >f && test ! -s f && rm f"},
	{"make its file a program", "echo exit 3 >f; chmod +x f; sh -c ./f; test $? = 3 && rm f"},
	{"make a named pipe", "mkfifo p && rm p"},
	{"see where its stack is", "grep -q '\\[stack\\]' /proc/self/maps", true},
	{"throw output away", "echo x >/dev/null"},
	{"use pipes and many processes", "seq 100 | while read i; do echo $i; done | grep -qx 77"},
	{"compile",
	 "echo 'int main(void){return 0;}' >m.c && TMPDIR=. gcc m.c -o m && ./m && rm m m.c"},
};

static void try_all(enum sandbox_kind kind)
{
	struct place place = {};

	if (!open_place(&place, kind)) {
		close_place(&place);
		return;
	}

	scope_free char *pid = xasprintf("%s/pid", place.in);
	scope_free char *own = xasprintf("%d", (int)getpid());

	ck_assert_ok(file_write(pid, own, strlen(own)));
	for (size_t i = 0; i < array_size(allowed); i++) {
		scope_strbuf output = STRBUF_INIT;

		if (kind == SANDBOX_LANDLOCK && allowed[i].namespaces)
			continue;

		int status = run_script(&place, allowed[i].script, &output);

		ck_assert_msg(!status, "kind %d: cannot %s: %s", kind, allowed[i].what, output.buf);
	}
	for (size_t i = 0; i < array_size(forbidden); i++) {
		scope_strbuf output = STRBUF_INIT;

		if (kind == SANDBOX_LANDLOCK && forbidden[i].namespaces)
			continue;
		ck_assert_msg(run_script(&place, forbidden[i].script, &output) != 0,
			      "kind %d: can %s: %s", kind, forbidden[i].what, output.buf);
	}

	scope_free char *given = xasprintf("%s/file", place.in);
	scope_free char *text = NULL, *secret = NULL;

	ck_assert_ok(file_read(given, &text, NULL));
	ck_assert_str_eq(text, "given\n");
	ck_assert_ok(file_read(place.secret, &secret, NULL));
	ck_assert_str_eq(secret, "kept\n");
	close_place(&place);
}

START_TEST(each_kind_lets_a_build_through_and_nothing_else)
{
	for (enum sandbox_kind kind = SANDBOX_NONE + 1; kind < NR_SANDBOX_KINDS; kind++)
		try_all(kind);
}
END_TEST

/* If the user is root, the test runs as another user. */
START_TEST(users_get_one_as_well_as_root)
{
	scope_free char *why = NULL;
	enum sandbox_kind best = sandbox_best(&why);
	pid_t pid = fork();
	int status;

	if (!pid) {
		if (!geteuid() && setresuid(65534, 65534, 65534) < 0)
			_exit(1);
		_exit(best == SANDBOX_NONE || sandbox_best(NULL) != SANDBOX_NONE ? 0 : 2);
	}
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	ck_assert_int_eq(status, 0);
	ck_assert_msg((best == SANDBOX_NONE) == !!why, "none is explained, any is not");
}
END_TEST

START_TEST(what_it_leaves_running_ends_with_it)
{
	struct place place = {};
	scope_free char *late = NULL;

	if (open_place(&place, SANDBOX_LANDLOCK_NAMESPACES)) {
		late = xasprintf("%s/late", place.out);
		ck_assert_int_eq(run_script(&place,
					    "(setsid sh -c 'sleep 1; echo x >late' &) ; exit 0",
					    NULL),
				 0);
		usleep(2000000);
		ck_assert(!file_exists(late));
	}
	close_place(&place);
}
END_TEST

/* The time of programs that it runs one after another counts as its own. */
START_TEST(what_takes_more_time_than_it_may_is_ended)
{
	static const char script[] =
		"while :; do sh -c 'for i in 1 2 3 4 5 6 7 8 9; do :; done'; done";
	struct place place = {};

	if (open_place(&place, SANDBOX_LANDLOCK_NAMESPACES)) {
		const char *const argv[] = {"sh", "-c", script, NULL};
		struct proc_spec spec = {.argv = argv, .sandbox = place.sandbox};
		scope_proc proc = NULL;
		int status;

		ck_assert_ok(proc_start(&spec, &proc));
		proc_limit_cpu(proc, 1);
		ck_assert_fails(proc_wait(proc, &status),
				"it took more than 1 seconds of processor time");
	}
	close_place(&place);
}
END_TEST

START_TEST(an_interrupted_one_ends_at_once)
{
	struct place place = {};

	if (open_place(&place, SANDBOX_LANDLOCK_NAMESPACES)) {
		const char *const argv[] = {"sleep", "30", NULL};
		struct proc_spec spec = {.argv = argv, .sandbox = place.sandbox, .timeout_ms = 300};
		uint64_t start = clock_ms();
		int status;

		ck_assert_fails(proc_run(&spec, &status, NULL), "timed out");
		ck_assert_uint_lt(clock_ms() - start, 5000);
	}
	close_place(&place);
}
END_TEST

UNIT_SUITE("sandbox", each_kind_lets_a_build_through_and_nothing_else,
	   users_get_one_as_well_as_root, what_it_leaves_running_ends_with_it,
	   what_takes_more_time_than_it_may_is_ended, an_interrupted_one_ends_at_once)
