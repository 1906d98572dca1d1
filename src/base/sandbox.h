/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A sandbox for child processes that work on foreign input: compilers, makefiles, patch(1).
 *
 * A program in it can read, list and execute only the given files and folders, and can write only
 * to the given folders and /dev/null. It opens no socket, gains no privilege, sees no other process
 * (where PID namespaces are available), and has limits on memory, processor time and the size of
 * files. Files are guarded by Landlock, or, where the kernel has no Landlock, by a mount namespace
 * that contains nothing else. A seccomp filter forbids sockets and other ways out. Suture does not
 * rely on the kernel's version: sandbox_best() tries each kind in a child.
 *
 * Landlock alone does not guard modes, owners and times of files. Where namespaces are available,
 * everything that must not be written is also mounted read-only.
 */
#ifndef SUTURE_BASE_SANDBOX_H
#define SUTURE_BASE_SANDBOX_H

#include <stdbool.h>
#include <sys/types.h>

#include "base/err.h"
#include "base/vec.h"

enum sandbox_kind {
	SANDBOX_NONE,		     /* no sandbox */
	SANDBOX_LANDLOCK,	     /* Landlock and the filter */
	SANDBOX_MOUNTS,		     /* namespaces with a separate root, and the filter */
	SANDBOX_LANDLOCK_NAMESPACES, /* Landlock, the filter, read-only mounts, PID namespace */
	NR_SANDBOX_KINDS
};

/* Limits of each process in the sandbox. */
#define SANDBOX_MEMORY_BYTES (4ULL << 30)
#define SANDBOX_CPU_SECONDS 900
#define SANDBOX_FILE_BYTES (512ULL << 20)
/* What all together may: processes, and how long none of them makes any progress. */
#define SANDBOX_PROCESSES 1000
#define SANDBOX_STALL_MS 60000

struct sandbox;

/*
 * Returns the best kind that works for this user on this machine, by starting a child in each kind
 * that tries to escape. If none works, it returns SANDBOX_NONE and sets *why, free(), to what
 * prevents each one. why may be NULL.
 */
enum sandbox_kind sandbox_best(char **why);

/*
 * Makes a sandbox of a kind that works here (not SANDBOX_NONE). Paths are absolute paths of files
 * or folders; missing ones are ignored. System programs, compilers and shared libraries are always
 * readable.
 */
struct err *sandbox_new(enum sandbox_kind kind, const struct str_vec *read,
			const struct str_vec *write, struct sandbox **sandbox);

void sandbox_free(struct sandbox *sandbox);
void sandbox_freep(struct sandbox **sandboxp);
#define scope_sandbox __attribute__((cleanup(sandbox_freep))) struct sandbox *

/* Works like fork(), in the namespaces of the sandbox; with NULL, it is plain fork(). */
pid_t sandbox_fork(const struct sandbox *sandbox);

/* Used by base/proc: returns the CLONE_NEW* flags that the child is started with, or 0. */
unsigned long sandbox_clone_flags(const struct sandbox *sandbox);

/*
 * Used by base/proc: called in the child before it changes its folder or executes anything.
 * Allocates nothing. If it returns false, errno says why, and the child must end.
 */
bool sandbox_enter(const struct sandbox *sandbox);

#endif
