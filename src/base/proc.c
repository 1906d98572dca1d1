/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/proc.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "base/interrupt.h"

/* How long an interrupt that arrives just before a wait can go unnoticed. */
#define POLL_SLICE_MS 200
#define START_FIELD 22 /* of /proc/PID/stat, counted from 1 */

struct proc {
	char *name;
	pid_t pid;
	int pidfd;
	int output_fd, errors_fd;
	struct strbuf *errors;
	int status; /* wait status, once reaped */
	bool reaped;
	uint64_t deadline_ms; /* 0: none */
};

static void apply_env(const char *const *env)
{
	for (; env && *env; env++) {
		if (strchr(*env, '='))
			putenv((char *)*env);
		else
			unsetenv(*env);
	}
}

/* In the child, between fork and exec: only async-signal-safe work besides the environment. */
static _Noreturn void run_child(const struct proc_spec *spec, const struct proc *proc,
				int status_fd, pid_t parent)
{
	int null_fd = open("/dev/null", O_RDONLY);
	int errors_fd = proc->errors_fd >= 0 ? proc->errors_fd : proc->output_fd;

	signal(SIGTERM, SIG_DFL);
	setpgid(0, 0);
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	if (getppid() != parent)
		_exit(127);
	signal(SIGPIPE, SIG_DFL);
	if (null_fd < 0 || dup2(null_fd, 0) < 0 || dup2(proc->output_fd, 1) < 0 ||
	    dup2(errors_fd, 2) < 0)
		goto fail;
	for (const int *fd = spec->keep_fds; fd && *fd >= 0; fd++)
		fcntl(*fd, F_SETFD, 0);
	if (spec->cwd && chdir(spec->cwd) < 0)
		goto fail;
	apply_env(spec->env);
	execvp(spec->argv[0], (char *const *)spec->argv);
fail:;
	int error = errno;

	if (write(status_fd, &error, sizeof(error)) < 0)
		_exit(126);
	_exit(127);
}

static struct err *fork_child(const struct proc_spec *spec, struct proc *proc)
{
	int status_pipe[2];

	if (pipe2(status_pipe, O_CLOEXEC) < 0)
		return err_errno(errno, "%s: cannot be started", proc->name);

	pid_t parent = getpid();

	proc->pid = fork();
	if (!proc->pid)
		run_child(spec, proc, status_pipe[1], parent);
	close(status_pipe[1]);

	scope_close int status_fd = status_pipe[0];

	if (proc->pid < 0)
		return err_errno(errno, "%s: cannot be started", proc->name);
	setpgid(proc->pid, proc->pid);
	proc->pidfd = syscall(SYS_pidfd_open, proc->pid, 0);

	int error;
	ssize_t got;

	while ((got = read(status_fd, &error, sizeof(error))) < 0 && errno == EINTR)
		;
	if (got == sizeof(error)) {
		/* It is on its way out; a signal now would reach a handler copied from us. */
		while (waitpid(proc->pid, &proc->status, 0) < 0 && errno == EINTR)
			;
		proc->reaped = true;
		return err_errno(error, "%s: cannot be run", proc->name);
	}
	return NULL;
}

struct err *proc_start(const struct proc_spec *spec, struct proc **procp)
{
	struct proc *proc = xcalloc(1, sizeof(*proc));

	proc->name = xstrdup(spec->argv[0]);
	proc->pidfd = -1;
	proc->output_fd = memfd_create("output", MFD_CLOEXEC);
	proc->errors = spec->errors;
	proc->errors_fd = spec->errors ? memfd_create("errors", MFD_CLOEXEC) : -1;
	if (spec->timeout_ms)
		proc->deadline_ms = clock_ms() + spec->timeout_ms;

	struct err *err = proc->output_fd < 0 || (spec->errors && proc->errors_fd < 0)
				  ? err_errno(errno, "%s: cannot be started", proc->name)
				  : fork_child(spec, proc);

	if (err) {
		proc_free(proc);
		return err;
	}
	*procp = proc;
	return NULL;
}

bool proc_done(struct proc *proc)
{
	if (!proc->reaped && waitpid(proc->pid, &proc->status, WNOHANG) == proc->pid)
		proc->reaped = true;
	return proc->reaped;
}

/* Documentation/scheduler/sched-stats.rst: ns on a processor, ns waiting for one, time slices. */
static uint64_t thread_starved_ms(pid_t pid, const char *tid)
{
	scope_free char *path = xasprintf("/proc/%d/task/%s/schedstat", (int)pid, tid);
	FILE *file = fopen(path, "re");
	unsigned long long waited = 0;

	if (!file)
		return 0;
	if (fscanf(file, "%*u %llu", &waited) != 1)
		waited = 0;
	fclose(file);
	return waited / 1000000;
}

uint64_t proc_starved_ms(const struct proc *proc)
{
	scope_free char *path = xasprintf("/proc/%d/task", (int)proc->pid);
	DIR *tasks = proc->reaped ? NULL : opendir(path);
	struct dirent *entry;
	uint64_t most = 0;

	while (tasks && (entry = readdir(tasks))) {
		uint64_t ms = thread_starved_ms(proc->pid, entry->d_name);

		if (ms > most)
			most = ms;
	}
	if (tasks)
		closedir(tasks);
	return most;
}

void proc_wait_any(struct proc *const *procs, size_t count)
{
	scope_free struct pollfd *fds = xcalloc(count, sizeof(*fds));

	/* poll() skips a negative descriptor, which stands for none. */
	for (size_t i = 0; i < count; i++)
		fds[i] = (struct pollfd){.fd = procs[i] ? procs[i]->pidfd : -1, .events = POLLIN};
	poll(fds, count, POLL_SLICE_MS);
}

static void kill_group(struct proc *proc)
{
	kill(-proc->pid, SIGTERM);
	for (int i = 0; i < 20 && !proc_done(proc); i++)
		nanosleep(&(struct timespec){.tv_nsec = 10000000}, NULL);
	kill(-proc->pid, SIGKILL);
	while (!proc->reaped) {
		pid_t got = waitpid(proc->pid, &proc->status, 0);

		proc->reaped = got == proc->pid || (got < 0 && errno != EINTR);
	}
}

struct err *proc_wait(struct proc *proc, int *status)
{
	while (!proc_done(proc)) {
		struct pollfd pfd = {.fd = proc->pidfd, .events = POLLIN};

		if (interrupt_pending()) {
			kill_group(proc);
			return interrupt_error();
		}
		if (proc->deadline_ms && clock_ms() >= proc->deadline_ms) {
			kill_group(proc);
			return err_new("%s: did not end in time", proc->name);
		}
		poll(&pfd, 1, POLL_SLICE_MS);
	}
	*status =
		WIFEXITED(proc->status) ? WEXITSTATUS(proc->status) : 128 + WTERMSIG(proc->status);
	/* A child that dies of the terminal's ^C says so before our own handler ran. */
	return interrupt_pending() ? interrupt_error() : NULL;
}

static struct err *read_all(const struct proc *proc, int fd, struct strbuf *output)
{
	char buf[65536];
	ssize_t got;
	off_t pos = 0;

	while ((got = pread(fd, buf, sizeof(buf), pos)) > 0) {
		strbuf_add(output, buf, got);
		pos += got;
	}
	return got < 0 ? err_errno(errno, "%s: output cannot be read", proc->name) : NULL;
}

struct err *proc_output(struct proc *proc, struct strbuf *output)
{
	return read_all(proc, proc->output_fd, output);
}

void proc_free(struct proc *proc)
{
	if (!proc)
		return;
	if (proc->pid > 0 && !proc_done(proc))
		kill_group(proc);
	if (proc->pidfd >= 0)
		close(proc->pidfd);
	if (proc->output_fd >= 0)
		close(proc->output_fd);
	if (proc->errors_fd >= 0)
		close(proc->errors_fd);
	free(proc->name);
	free(proc);
}

void proc_freep(struct proc **procp)
{
	proc_free(*procp);
}

struct err *proc_run(const struct proc_spec *spec, int *status, struct strbuf *output)
{
	scope_proc proc = NULL;

	err_try(proc_start(spec, &proc));
	err_try(proc_wait(proc, status));
	if (proc->errors)
		err_try(read_all(proc, proc->errors_fd, proc->errors));
	return output ? proc_output(proc, output) : NULL;
}

void proc_last_lines(const char *text, unsigned count, struct strbuf *out)
{
	const char *end = text + strlen(text);
	const char *start = end;

	while (count && start > text) {
		const char *line_end = start;

		while (start > text && start[-1] != '\n')
			start--;
		if (start < line_end)
			count--;
		if (start > text && count)
			start--;
	}
	for (; start < end; start++)
		strbuf_addstr(out, *start == '\n' ? (start[1] && start[1] != '\n' ? "; " : "")
						  : (char[]){*start, '\0'});
}

struct err *proc_check(const struct proc_spec *spec, struct strbuf *output)
{
	scope_strbuf own = STRBUF_INIT;
	int status;

	if (!output)
		output = &own;
	err_try(proc_run(spec, &status, output));
	if (!status)
		return NULL;

	scope_strbuf last = STRBUF_INIT;

	proc_last_lines(spec->errors && spec->errors->len ? spec->errors->buf : output->buf, 3,
			&last);
	return err_new("%s: exit status %d%s%s", spec->argv[0], status, last.len ? ": " : "",
		       last.buf);
}

char *proc_find(const char *name)
{
	const char *path = getenv("PATH");
	scope_free char *copy = xstrdup(path ? path : "/usr/bin:/bin");
	char *save = NULL;

	for (char *dir = strtok_r(copy, ":", &save); dir; dir = strtok_r(NULL, ":", &save)) {
		char *full = xasprintf("%s/%s", dir, name);

		if (!access(full, X_OK))
			return full;
		free(full);
	}
	return NULL;
}

unsigned proc_cpus(void)
{
	cpu_set_t set;

	if (sched_getaffinity(0, sizeof(set), &set) < 0)
		return 1;
	return CPU_COUNT(&set);
}

uint64_t proc_start_time(const char *line)
{
	/* The name in it may hold anything: "7 (a) b) S 1 ..." */
	const char *at = line ? strrchr(line, ')') : NULL;

	if (!at || strlen(at) < 3 || strchr("ZX", at[2]))
		return 0;
	for (int field = 2; at && field < START_FIELD; field++)
		at = strchr(at + 1, ' ');
	return at ? strtoull(at, NULL, 10) : 0;
}
