/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Child processes.  Each gets a process group of its own, so that a time-out or
 * an interrupt ends whatever it has started too; none outlives its `struct proc`, but one that
 * waits inside the kernel and cannot be killed: it is given up after a second.
 */
#ifndef SUTURE_BASE_PROC_H
#define SUTURE_BASE_PROC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/strbuf.h"

struct sandbox;

struct proc_spec {
	const char *const *argv; /* NULL-terminated; argv[0] is looked up in $PATH */
	const char *cwd;	 /* NULL: unchanged */
	const char *const
		*env;	     /* "NAME=value" set besides the environment, "NAME" unset; or NULL */
	const int *keep_fds; /* -1 terminated descriptors that the child inherits; or NULL */
	unsigned timeout_ms; /* 0: none */
	/*
	 * Only the last bytes of its output are kept, so that no amount of it costs memory.  It
	 * has to be waited for with proc_wait(), which takes the rest away.  0: all is kept.
	 */
	size_t output_max;
	struct strbuf *errors; /* what it writes on stderr, apart, once it has ended; or NULL */
	/*
	 * What it runs in, or NULL.  A sandboxed group of processes that makes no progress, or that
	 * grows past its limit, is killed: proc_check_limits() for those who do not proc_wait().
	 */
	const struct sandbox *sandbox;
};

struct proc;

/* Starts the child: stdin /dev/null, stdout and stderr captured together if not said otherwise. */
struct err *proc_start(const struct proc_spec *spec, struct proc **proc);

/* True once it has ended; never blocks. */
bool proc_done(struct proc *proc);

/*
 * Returns the start time of a process, in clock ticks since boot, from its line of /proc/PID/stat;
 * 0 if it has ended (a zombie, or line is NULL). Process numbers are reused, but not with the same
 * start time.
 */
uint64_t proc_start_time(const char *line);

/*
 * How long it was ready to run and had to wait for a processor: the longest of its threads, as
 * far as the kernel tells.
 */
uint64_t proc_starved_ms(const struct proc *proc);

/*
 * How many seconds of processor time it and its children may take, 0 for no limit of its own: for
 * proc_check_limits().
 */
void proc_limit_cpu(struct proc *proc, unsigned seconds);

/* The processor time that it and its children took, in milliseconds, once it has ended. */
uint64_t proc_cpu_ms(const struct proc *proc);

/* Kills what is past a limit of its sandbox, and says so; looks every few seconds at most. */
struct err *proc_check_limits(struct proc *proc);

/* Waits until one of them has ended, or a fifth of a second; NULLs are skipped. */
void proc_wait_any(struct proc *const *procs, size_t count);

/*
 * Waits for the end. *status is the exit code, or 128 + the signal's number. A time-out or
 * interrupt kills the group and is an error. No call here waits forever for a killed process.
 */
struct err *proc_wait(struct proc *proc, int *status);

/* What the child has written so far, appended to output. */
struct err *proc_output(struct proc *proc, struct strbuf *output);

/* Kills the group if it still runs, which takes up to a good second. */
void proc_free(struct proc *proc);
void proc_freep(struct proc **procp);
#define scope_proc __attribute__((cleanup(proc_freep))) struct proc *

/* Starts a process, waits for it, and collects its output; output may be NULL. */
struct err *proc_run(const struct proc_spec *spec, int *status, struct strbuf *output);

/*
 * proc_run(), where an exit code other than 0 is an error that quotes the last lines of what it
 * complained, or if that is nothing or not apart, of the output.
 */
struct err *proc_check(const struct proc_spec *spec, struct strbuf *output);

/* The last non-empty lines of text (at most count), joined by "; ": for messages. */
void proc_last_lines(const char *text, unsigned count, struct strbuf *out);

/* The full path of a program in $PATH, or NULL; a name with a slash is a path.  free(). */
char *proc_find(const char *name);

/* Processors that this process may use. */
unsigned proc_cpus(void);

#endif
