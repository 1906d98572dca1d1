/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Starts child processes, waits for their ends or ends them, and collects what they write. */
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
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "base/interrupt.h"
#include "base/proc_group.h"
#include "base/sandbox.h"
#include "base/sandbox_path.h"
#include "base/vec.h"

/* How long an interrupt that arrives just before a wait can go unnoticed. */
#define POLL_SLICE_MS 200
/* A process that sleeps in the kernel, such as for a disk that does not answer, ignores signals. */
#define KILL_WAIT_MS 1000
#define TERM_WAIT_MS 200
#define DRAIN_READS 64

struct proc {
	char *name;
	pid_t pid;
	int pidfd;
	int output_fd, errors_fd;
	int pipe_fd;	    /* the other end of output_fd if output_max was given, else -1 */
	size_t output_max;  /* the most bytes that are kept */
	struct strbuf kept; /* the last bytes that were read from it */
	struct strbuf *errors;
	int status; /* wait status, once reaped */
	bool reaped, given_up;
	struct rusage usage;  /* once reaped */
	unsigned cpu_seconds; /* the limit, 0: none */
	uint64_t deadline_ms; /* 0: none */
	bool sandboxed;
	struct proc_group group; /* the state of its processes, if it runs in a sandbox */
};

static void close_now(int *fd)
{
	closep(fd);
	*fd = -1;
}

/* Returns whether an entry "NAME=value" or "NAME" of the changes concerns this variable. */
static bool names_variable(const char *change, const char *variable)
{
	size_t len = strcspn(change, "=");

	return !strncmp(change, variable, len) && variable[len] == '=';
}

/*
 * Makes the environment before the fork, since the child must not allocate; free() only the array.
 */
static char **make_environment(const char *const *changes)
{
	struct argv_vec VEC(char *) vars = {};

	for (char **var = environ; var && *var; var++) {
		const char *const *change = changes;

		while (change && *change && !names_variable(*change, *var))
			change++;
		if (!change || !*change)
			vec_push(&vars, *var);
	}
	for (; changes && *changes; changes++)
		if (strchr(*changes, '='))
			vec_push(&vars, (char *)*changes);
	vec_push(&vars, NULL);
	return vars.data;
}

/*
 * Closes the descriptors before exec instead of by exec, which may hang if the program's disk does:
 * a lock is held as long as any process has its descriptor open.
 */
static void close_others(const int *keep_fds, int status_fd)
{
	for (unsigned from = 3;;) {
		unsigned next = status_fd >= (int)from ? status_fd : ~0U;

		for (const int *fd = keep_fds; fd && *fd >= 0; fd++)
			if ((unsigned)*fd >= from && (unsigned)*fd < next)
				next = *fd;
		if (next > from)
			syscall(SYS_close_range, from, next - 1, 0); /* Linux 5.9 */
		if (next == ~0U)
			break;
		from = next + 1;
	}
}

/* Runs in the child between fork and exec, where only async-signal-safe calls are allowed. */
static _Noreturn void run_child(const struct proc_spec *spec, const struct proc *proc,
				char **environment, int status_fd, int null_fd, pid_t parent)
{
	int errors_fd = proc->errors_fd >= 0 ? proc->errors_fd : proc->output_fd;

	signal(SIGTERM, SIG_DFL);
	setpgid(0, 0);
	/* The first process of a PID namespace ignores other signals, and cannot see its parent. */
	prctl(PR_SET_PDEATHSIG, spec->sandbox ? SIGKILL : SIGTERM);
	if (getppid() != parent && !sandbox_clone_flags(spec->sandbox))
		_exit(127);
	signal(SIGPIPE, SIG_DFL);
	if (dup2(null_fd, 0) < 0 || dup2(proc->output_fd, 1) < 0 || dup2(errors_fd, 2) < 0)
		goto fail;
	for (const int *fd = spec->keep_fds; fd && *fd >= 0; fd++)
		fcntl(*fd, F_SETFD, 0);
	if (spec->sandbox && !sandbox_enter(spec->sandbox))
		goto fail;
	close_others(spec->keep_fds, status_fd);
	if (spec->cwd && chdir(spec->cwd) < 0)
		goto fail;
	environ = environment;
	execvp(spec->argv[0], (char *const *)spec->argv);
fail:;
	int error = errno;

	if (write(status_fd, &error, sizeof(error)) < 0)
		_exit(126);
	_exit(127);
}

static struct err *late(const struct proc *proc)
{
	return err_new("%s: timed out%s", proc->name,
		       proc->given_up ? " and cannot be killed: it is blocked in the kernel" : "");
}

/* Waits until exec has succeeded (*error is 0) or failed. */
static struct err *wait_for_exec(const struct proc *proc, int status_fd, int *error)
{
	struct pollfd pfd = {.fd = status_fd, .events = POLLIN};

	while (poll(&pfd, 1, POLL_SLICE_MS) <= 0) {
		if (interrupt_pending())
			return interrupt_error();
		if (proc->deadline_ms && clock_ms() >= proc->deadline_ms)
			return late(proc);
	}
	if (read(status_fd, error, sizeof(*error)) != sizeof(*error))
		*error = 0;
	return NULL;
}

static struct err *fork_child(const struct proc_spec *spec, struct proc *proc)
{
	scope_close int null_fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
	int status_pipe[2];

	if (null_fd < 0)
		return err_errno(errno, "%s: cannot be started without /dev/null", proc->name);
	if (pipe2(status_pipe, O_CLOEXEC) < 0)
		return err_errno(errno, "%s: cannot be started", proc->name);

	pid_t parent = getpid();
	scope_free char **environment = make_environment(spec->env);

	proc->pid = sandbox_fork(spec->sandbox);
	if (!proc->pid)
		run_child(spec, proc, environment, status_pipe[1], null_fd, parent);
	close(status_pipe[1]);

	scope_close int status_fd = status_pipe[0];

	if (proc->pid < 0)
		return err_errno(errno, "%s: cannot be started", proc->name);
	setpgid(proc->pid, proc->pid);
	proc->pidfd = syscall(SYS_pidfd_open, proc->pid, 0);

	int error;

	err_try(wait_for_exec(proc, status_fd, &error));
	if (error) {
		/*
		 * The child is exiting. If a signal were sent to it now, a handler copied from this
		 * process would run.
		 */
		while (waitpid(proc->pid, &proc->status, 0) < 0 && errno == EINTR)
			;
		proc->reaped = true;
		return err_errno(error, "%s: cannot be run", proc->name);
	}
	return NULL;
}

static struct err *open_output(struct proc *proc)
{
	int ends[2] = {-1, -1};

	if (!proc->output_max)
		ends[1] = memfd_create("output", MFD_CLOEXEC);
	else if (!pipe2(ends, O_CLOEXEC))
		fcntl(ends[0], F_SETFL, O_NONBLOCK);
	proc->pipe_fd = ends[0];
	proc->output_fd = ends[1];
	if (proc->errors)
		proc->errors_fd = memfd_create("errors", MFD_CLOEXEC);
	if (proc->output_fd < 0 || (proc->errors && proc->errors_fd < 0))
		return err_errno(errno, "%s: cannot be started", proc->name);
	return NULL;
}

struct err *proc_start(const struct proc_spec *spec, struct proc **procp)
{
	struct proc *proc = xcalloc(1, sizeof(*proc));

	proc->name = xstrdup(spec->argv[0]);
	proc->pidfd = -1;
	proc->errors = spec->errors;
	proc->output_fd = proc->errors_fd = proc->pipe_fd = -1;
	proc->output_max = spec->output_max;
	proc->kept = (struct strbuf)STRBUF_INIT;
	proc->sandboxed = spec->sandbox;
	if (spec->timeout_ms)
		proc->deadline_ms = clock_ms() + spec->timeout_ms;

	struct err *err = open_output(proc);

	if (!err)
		err = fork_child(spec, proc);
	if (proc->output_max) /* the child has its copy, and this process must see the end of the
				 pipe */
		close_now(&proc->output_fd);
	if (err) {
		proc_free(proc);
		return err;
	}
	*procp = proc;
	return NULL;
}

bool proc_done(struct proc *proc)
{
	if (!proc->reaped && wait4(proc->pid, &proc->status, WNOHANG, &proc->usage) == proc->pid)
		proc->reaped = true;
	return proc->reaped;
}

/*
 * Fields are described in Documentation/scheduler/sched-stats.rst: ns on a processor, ns waiting
 * for one, time slices.
 */
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

	/* poll() ignores a negative descriptor, so -1 stands for no process. */
	for (size_t i = 0; i < count; i++)
		fds[i] = (struct pollfd){.fd = procs[i] ? procs[i]->pidfd : -1, .events = POLLIN};
	poll(fds, count, POLL_SLICE_MS);
}

static void wait_for_end(struct proc *proc, unsigned limit_ms)
{
	uint64_t end = clock_ms() + limit_ms;

	while (!proc_done(proc) && clock_ms() < end)
		nanosleep(&(struct timespec){.tv_nsec = 10000000}, NULL);
}

/* Kills the group. If a process survives, init adopts it once this process has ended. */
static void kill_group(struct proc *proc)
{
	if (proc->given_up)
		return;
	if (!proc->sandboxed) {
		kill(-proc->pid, SIGTERM);
		wait_for_end(proc, TERM_WAIT_MS);
	}
	kill(-proc->pid, SIGKILL);
	wait_for_end(proc, KILL_WAIT_MS);
	proc->given_up = !proc->reaped;
}

/* Reads what is in the pipe, but limits the amount, since a process may write without a pause. */
static void drain(struct proc *proc)
{
	char buf[65536];

	for (int i = 0; i < DRAIN_READS && proc->pipe_fd >= 0; i++) {
		ssize_t got = read(proc->pipe_fd, buf, sizeof(buf));

		if (!got || (got < 0 && errno != EAGAIN && errno != EINTR))
			close_now(&proc->pipe_fd);
		if (got <= 0)
			return;
		strbuf_add(&proc->kept, buf, got);
		if (proc->kept.len > proc->output_max)
			strbuf_keep_end(&proc->kept, proc->output_max);
	}
}

void proc_limit_cpu(struct proc *proc, unsigned seconds)
{
	proc->cpu_seconds = seconds;
}

static uint64_t timeval_ms(const struct timeval *time)
{
	return time->tv_sec * 1000ULL + time->tv_usec / 1000;
}

uint64_t proc_cpu_ms(const struct proc *proc)
{
	return timeval_ms(&proc->usage.ru_utime) + timeval_ms(&proc->usage.ru_stime);
}

struct err *proc_check_limits(struct proc *proc)
{
	enum proc_group_state state;

	if (!proc->sandboxed || proc->reaped)
		return NULL;
	state = proc_group_look(&proc->group, proc->pid);
	if (proc->cpu_seconds && proc->group.work / sysconf(_SC_CLK_TCK) > proc->cpu_seconds) {
		kill_group(proc);
		return err_new("it took more than %u seconds of processor time", proc->cpu_seconds);
	}
	if (state == PROC_GROUP_FINE)
		return NULL;
	kill_group(proc);
	if (state == PROC_GROUP_TOO_MANY)
		return err_new("it started more than %d processes", SANDBOX_PROCESSES);
	return err_new("it made no progress for %d seconds", SANDBOX_STALL_MS / 1000);
}

struct err *proc_wait(struct proc *proc, int *status)
{
	while (!proc_done(proc)) {
		struct pollfd fds[] = {{.fd = proc->pidfd, .events = POLLIN},
				       {.fd = proc->pipe_fd, .events = POLLIN}};

		if (interrupt_pending()) {
			kill_group(proc);
			return interrupt_error();
		}
		if (proc->deadline_ms && clock_ms() >= proc->deadline_ms) {
			kill_group(proc);
			return late(proc);
		}
		err_try(err_wrap(proc_check_limits(proc), "%s", proc->name));
		poll(fds, 2, POLL_SLICE_MS);
		drain(proc);
	}
	drain(proc);
	*status =
		WIFEXITED(proc->status) ? WEXITSTATUS(proc->status) : 128 + WTERMSIG(proc->status);
	/*
	 * A child that dies of the terminal's ^C may end before this process's own handler has run.
	 */
	return interrupt_pending() ? interrupt_error() : NULL;
}

static struct err *proc_read_all(const struct proc *proc, int fd, struct strbuf *output)
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
	if (!proc->output_max)
		return proc_read_all(proc, proc->output_fd, output);
	strbuf_add(output, proc->kept.buf, proc->kept.len);
	return NULL;
}

void proc_free(struct proc *proc)
{
	if (!proc)
		return;
	if (proc->pid > 0 && !proc_done(proc))
		kill_group(proc);
	closep(&proc->pidfd);
	closep(&proc->output_fd);
	closep(&proc->errors_fd);
	closep(&proc->pipe_fd);
	strbuf_free(&proc->kept);
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
		err_try(proc_read_all(proc, proc->errors_fd, proc->errors));
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

	if (strchr(name, '/'))
		return access(name, X_OK) ? NULL : xstrdup(name);
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
