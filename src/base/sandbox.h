/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A sandbox for child processes that work on foreign input: compilers, makefiles, patch(1).
 *
 * What runs in it reads, lists and executes nothing but the given files and folders, writes nothing
 * but the given folders and /dev/null, opens no socket, gains no privilege, sees no other process
 * (where there are PID namespaces), and has limits on memory, processor time and the size of files.
 * Files are guarded by Landlock, or by a mount namespace that holds nothing else where the kernel
 * has no Landlock; a seccomp filter takes away sockets and whatever could lead out.  Suture never
 * relies on what the kernel's version promises: sandbox_best() tries each kind in a child.
 *
 * Landlock alone does not guard modes, owners and times of files; where namespaces are to be had,
 * all that must not be written is mounted read-only as well.
 */
#ifndef SUTURE_BASE_SANDBOX_H
#define SUTURE_BASE_SANDBOX_H

#include <stdbool.h>

#include "base/err.h"
#include "base/vec.h"

enum sandbox_kind {
	SANDBOX_NONE,		     /* no sandbox */
	SANDBOX_LANDLOCK,	     /* Landlock and the filter */
	SANDBOX_MOUNTS,		     /* namespaces with a root of its own and the filter */
	SANDBOX_LANDLOCK_NAMESPACES, /* Landlock, the filter, read-only mounts, PID namespace */
	NR_SANDBOX_KINDS
};

/* What each process in the sandbox may take. */
#define SANDBOX_MEMORY_BYTES (4ULL << 30)
#define SANDBOX_CPU_SECONDS 900
#define SANDBOX_FILE_BYTES (512ULL << 20)
/* What all together may: processes, and how long none of them makes any progress. */
#define SANDBOX_PROCESSES 1000
#define SANDBOX_STALL_MS 60000

struct sandbox;

/*
 * The best kind that works for this user on this machine, found by starting a child in each that
 * tries to break out.  SANDBOX_NONE: none; *why, free(), then says what stands in the way of each.
 * why may be NULL.
 */
enum sandbox_kind sandbox_best(char **why);

/* "Landlock (ABI 7), seccomp, …"; free(). */
char *sandbox_describe(enum sandbox_kind kind);

/*
 * A sandbox of a kind that works here (not SANDBOX_NONE).  The paths are of files or folders and
 * absolute; one that is missing is left out.  System programs, compilers and shared libraries are
 * always readable.
 */
struct err *sandbox_new(enum sandbox_kind kind, const struct str_vec *read,
			const struct str_vec *write, struct sandbox **sandbox);

void sandbox_free(struct sandbox *sandbox);
void sandbox_freep(struct sandbox **sandboxp);
#define scope_sandbox __attribute__((cleanup(sandbox_freep))) struct sandbox *

/* For base/proc: the CLONE_NEW* flags that the child is started with, 0 for none. */
unsigned long sandbox_clone_flags(const struct sandbox *sandbox);

/*
 * For base/proc: called in the child, before it enters its folder and executes anything.  Allocates
 * nothing.  False: errno says why, and the child must end.
 */
bool sandbox_enter(const struct sandbox *sandbox);

#endif
