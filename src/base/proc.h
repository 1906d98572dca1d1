/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Child processes. Each one gets its own process group, so that a time-out or an interrupt also
 * ends the processes that it has started. No child outlives its `struct proc`, except one that
 * waits inside the kernel and cannot be killed, which is given up after a second.
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
	 * Only the last output_max bytes of its output are kept, so that the size of the output
	 * does not matter. The caller must call proc_wait(), which discards the rest. 0: everything
	 * is kept.
	 */
	size_t output_max;
	struct strbuf *errors; /* gets its stderr, apart, once it has ended; or NULL */
	/*
	 * The sandbox that it runs in, or NULL. A sandboxed group of processes that makes no
	 * progress, or grows beyond its limit, is killed by proc_wait(), or by proc_check_limits()
	 * for callers that do not wait.
	 */
	const struct sandbox *sandbox;
};

struct proc;

/* Starts the child. stdin is /dev/null; stdout and stderr are captured together by default. */
struct err *proc_start(const struct proc_spec *spec, struct proc **proc);

/* Returns whether it has ended; never blocks. */
bool proc_done(struct proc *proc);

/*
 * Returns for how long it was ready to run and had to wait for a processor: the maximum over its
 * threads, as far as the kernel tells.
 */
uint64_t proc_starved_ms(const struct proc *proc);

/*
 * Sets how many seconds of processor time it and its children may take, for proc_check_limits(); 0:
 * no limit of its own.
 */
void proc_limit_cpu(struct proc *proc, unsigned seconds);

/* Returns the processor time that it and its children took, in milliseconds, once it has ended. */
uint64_t proc_cpu_ms(const struct proc *proc);

/*
 * Kills a group that exceeds a limit of its sandbox and returns an error; checks every few seconds
 * at most.
 */
struct err *proc_check_limits(struct proc *proc);

/* Waits until one of them has ended, or for a fifth of a second; NULLs are ignored. */
void proc_wait_any(struct proc *const *procs, size_t count);

/*
 * Waits for the end. *status is the exit code, or 128 + the signal's number. A time-out or
 * interrupt kills the group and is an error. No call here waits forever for a killed process.
 */
struct err *proc_wait(struct proc *proc, int *status);

/* Appends to output what the child has written so far. */
struct err *proc_output(struct proc *proc, struct strbuf *output);

/* Kills the group if it still runs, which takes little more than a second. */
void proc_free(struct proc *proc);
void proc_freep(struct proc **procp);
#define scope_proc __attribute__((cleanup(proc_freep))) struct proc *

/* Starts a process, waits for it, and collects its output; output may be NULL. */
struct err *proc_run(const struct proc_spec *spec, int *status, struct strbuf *output);

/*
 * Works like proc_run(), but an exit code other than 0 is an error that quotes the last lines of
 * stderr, or of the output if stderr is empty or was not captured separately.
 */
struct err *proc_check(const struct proc_spec *spec, struct strbuf *output);

/* Appends the last non-empty lines of text (at most count), joined by "; ", for use in messages. */
void proc_last_lines(const char *text, unsigned count, struct strbuf *out);

/* Returns the full path of a program in $PATH, or NULL; a name with a slash is a path. free(). */
char *proc_find(const char *name);

/* Returns the number of processors that this process may use. */
unsigned proc_cpus(void);

#endif
