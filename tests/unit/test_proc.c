/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tests the limits of time and output of processes that are started. */
#include <check.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "base/proc.h"
#include "unit.h"

/*
 * Makes a process that its parent cannot kill: once it is traced, it ends only for its tracer, and
 * looks to its parent as if it waited inside the kernel and ignored SIGKILL. Returns the tracer's
 * number, or 0 if tracing is not allowed here.
 */
static pid_t trace(pid_t victim)
{
	int ready[2];
	char good = 0;

	ck_assert_int_eq(pipe(ready), 0);

	pid_t tracer = fork();

	if (!tracer) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		alarm(30);
		good = !ptrace(PTRACE_SEIZE, victim, NULL, NULL);
		if (write(ready[1], &good, 1) == 1 && good)
			for (;;)
				pause();
		_exit(0);
	}
	ck_assert_int_eq(read(ready[0], &good, 1), 1);
	close(ready[0]);
	close(ready[1]);
	if (good)
		return tracer;
	waitpid(tracer, NULL, 0);
	return 0;
}

START_TEST(one_that_cannot_be_killed_is_given_up)
{
	const char *const argv[] = {"sh", "-c", "echo $$; exec sleep 60", NULL};
	scope_strbuf output = STRBUF_INIT;
	struct proc *proc = NULL;
	uint64_t start = clock_ms();
	int status;

	ck_assert_ok(proc_start(&(struct proc_spec){.argv = argv, .timeout_ms = 500}, &proc));
	for (int i = 0; i < 100 && !strchr(output.buf, '\n'); i++) {
		usleep(10000);
		strbuf_reset(&output);
		ck_assert_ok(proc_output(proc, &output));
	}

	pid_t victim = atoi(output.buf);
	pid_t tracer = trace(victim);

	if (!tracer) {
		proc_free(proc);
		return;
	}
	ck_assert_fails(proc_wait(proc, &status), "timed out and cannot be killed");
	ck_assert(!proc_done(proc));
	proc_free(proc);
	ck_assert_uint_lt(clock_ms() - start, 3500);
	kill(tracer, SIGKILL);
	waitpid(tracer, NULL, 0);
	ck_assert_int_eq(waitpid(victim, NULL, 0), victim);
}
END_TEST

START_TEST(output_can_have_a_limit)
{
	const char *const argv[] = {
		"sh", "-c", "head -c 50000000 /dev/zero | tr '\\0' x; echo; echo last; exit 3",
		NULL};
	struct proc_spec spec = {.argv = argv, .output_max = 1000, .timeout_ms = 60000};
	scope_strbuf output = STRBUF_INIT;
	int status;

	ck_assert_ok(proc_run(&spec, &status, &output));
	ck_assert_int_eq(status, 3); /* the child was not hindered */
	ck_assert_uint_eq(output.len, 1000);
	ck_assert_int_eq(memcmp(output.buf + 994, "\nlast\n", 6), 0);
	ck_assert_fails(proc_check(&spec, NULL), "last");
}
END_TEST

START_TEST(output_below_its_limit_is_whole)
{
	const char *const argv[] = {"sh", "-c", "echo one; echo two >&2", NULL};
	/* The function does not wait for a background process that writes nothing more. */
	const char *const leaves[] = {"sh", "-c", "echo one; sleep 3 &", NULL};
	scope_strbuf output = STRBUF_INIT, early = STRBUF_INIT;
	uint64_t start = clock_ms();
	int status;

	ck_assert_ok(
		proc_run(&(struct proc_spec){.argv = argv, .output_max = 1000}, &status, &output));
	ck_assert_str_eq(output.buf, "one\ntwo\n");
	ck_assert_ok(
		proc_run(&(struct proc_spec){.argv = leaves, .output_max = 1000}, &status, &early));
	ck_assert_str_eq(early.buf, "one\n");
	ck_assert_uint_lt(clock_ms() - start, 2500);
}
END_TEST

START_TEST(output_without_end_is_ended_in_time)
{
	const char *const argv[] = {"cat", "/dev/zero", NULL};
	int status;

	ck_assert_fails(
		proc_run(&(struct proc_spec){.argv = argv, .output_max = 1000, .timeout_ms = 500},
			 &status, NULL),
		"timed out");
}
END_TEST

UNIT_SUITE("proc", one_that_cannot_be_killed_is_given_up, output_can_have_a_limit,
	   output_below_its_limit_is_whole, output_without_end_is_ended_in_time)
