/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Finds out which tasks have switched during a transition, and what the others are doing. */
#ifndef SUTURE_LIVE_TASKS_H
#define SUTURE_LIVE_TASKS_H

#include <stddef.h>

#include "base/err.h"
#include "base/root.h"
#include "base/vec.h"

/* A task that blocks a transition. */
struct live_task {
	int pid, tid;
	char *command; /* the task's name, made printable */
	char state;    /* as in /proc/<pid>/stat: 'S' sleeping, 'D' uninterruptible, ... */
	char *stack;   /* the kernel stack: "pipe_read < vfs_read < ..."; "" if it cannot be read */
	char *held_by; /* what the kernel cannot look past on the stack: a BPF program; or NULL */
};

struct live_task_vec VEC(struct live_task);
void live_task_vec_free(struct live_task_vec *tasks);
#define scope_live_task_vec __attribute__((cleanup(live_task_vec_free))) struct live_task_vec

struct live_tasks {
	size_t total, done;
	struct live_task_vec blocking; /* no more than `max` of live_tasks_read() */
};

/* Reads the state of all tasks; target is 1 while patching, 0 while unpatching. */
struct err *live_tasks_read(const struct root *root, int target, size_t max,
			    struct live_tasks *tasks);
void live_tasks_free(struct live_tasks *tasks);
#define scope_live_tasks __attribute__((cleanup(live_tasks_free))) struct live_tasks

/* Describes a task, such as "cat (pid 70), sleeping: pipe_read < vfs_read"; free(). */
char *live_task_describe(const struct live_task *task);

#endif
