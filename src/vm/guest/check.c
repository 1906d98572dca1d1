/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Runs checks, which are programs of the user, in the guest, and reads files for the host. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

#include "child.h"
#include "step.h"
#include "util.h"

#define END_MS 3000
#define DUMP_TASKS "/proc/sys/vm/oom_dump_tasks"

static char told[TEXT_TOLD_MAX];

/*
 * Keeps a check, which runs as root, from harming the guest by mistake: its mounts are its own, it
 * cannot find the port, and the kernel kills it first if memory runs out.
 */
static void keep_apart(void)
{
	guest_write_text("/proc/self/oom_score_adj", "1000");
	if (unshare(CLONE_NEWNS) < 0)
		return;
	mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL);
	mount("/dev/null", EVENT_PORT, NULL, MS_BIND, NULL);
}

static void exec_check(const struct step *step, int output_fd)
{
	setsid();
	keep_apart();
	setenv("SUTURE_PHASE", step->argv[1], 1);
	setenv("SUTURE_MODULE", step->argv[2], 1);
	dup2(output_fd, 1);
	dup2(output_fd, 2);
	chdir("/tmp");
	execl(step->argv[3], step->argv[3], NULL);
	fprintf(stderr, "%s: %s\n", step->argv[3], strerror(errno));
	_exit(127);
}

/* Reads all output there is now, even if it does not fit, so that the program does not block. */
static void keep_output(int fd, int wait_ms, size_t *used)
{
	static char rest[65536];
	struct pollfd pfd = {.fd = fd, .events = POLLIN};

	while (poll(&pfd, 1, wait_ms) > 0 && pfd.revents & POLLIN) {
		bool full = *used == TEXT_TOLD_MAX;
		ssize_t got = read(fd, full ? rest : told + *used,
				   full ? sizeof(rest) : TEXT_TOLD_MAX - *used);

		if (got <= 0)
			return;
		if (!full)
			*used += got;
		if (wait_ms)
			return; /* the caller checks the time before it calls again */
	}
}

/* Waits for the program's end; returns false if its time is over before. */
static bool wait_check(pid_t pid, int fd, unsigned limit_ms, size_t *used, int *status)
{
	uint64_t end = now_ms() + limit_ms;
	bool ended = false;

	while (!ended && now_ms() < end) {
		keep_output(fd, 2, used);
		ended = waitpid(pid, status, WNOHANG) == pid;
		if (!ended)
			sleep_ms(1); /* poll() does not wait on a closed pipe */
	}
	return ended;
}

/* Starts a check, whose output arrives at fds[0]; returns its process, or -1 and sets errno. */
static pid_t start_check(const struct step *step, int fds[2])
{
	if (pipe2(fds, O_CLOEXEC) < 0)
		return -1;
	/*
	 * If memory runs out, the kernel lists all processes: for a thousand, that takes seconds.
	 */
	guest_write_text(DUMP_TASKS, "0");

	pid_t pid = fork();

	if (!pid)
		exec_check(step, fds[1]);

	int error = errno;

	close(fds[1]);
	if (pid < 0)
		close(fds[0]);
	errno = error;
	return pid;
}

/* check PHASE MODULE FILE: runs a program of the user. */
bool verb_check(const struct step *step, struct event *ev)
{
	int fds[2], status = 0;
	size_t used = 0;

	pid_t pid = start_check(step, fds);

	if (pid < 0) {
		event_num(ev, KEY_ERRNO, errno);
		return false;
	}

	bool ended = wait_check(pid, fds[0], step->limit_ms, &used, &status);

	/* This kills the check's children, too, and spares only process 1 and this one. */
	kill(-1, SIGKILL);
	if (!ended)
		child_end(pid, END_MS, ev);
	guest_write_text(DUMP_TASKS, "1");
	keep_output(fds[0], 0, &used);
	close(fds[0]);
	event_num(ev, KEY_STATUS, WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status));
	event_bool(ev, KEY_TIMED_OUT, !ended);
	event_text(ev, KEY_TEXT, told, used);
	return ended && WIFEXITED(status) && !WEXITSTATUS(status);
}

/* show FILE: sends the content of a file. */
bool verb_show(const struct step *step, struct event *ev)
{
	long size = guest_read_text(step->argv[1], told, sizeof(told));

	if (size < 0)
		event_num(ev, KEY_ERRNO, -size);
	event_text(ev, KEY_TEXT, told, size > 0 ? size : 0);
	return size >= 0;
}
