/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads from /proc which tasks have switched, and what the others are doing. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/strbuf.h"
#include "live/bpf_links.h"
#include "live/tasks.h"

#define STACK_DEPTH_SHOWN 12

static char *task_file(const struct root *root, const char *task, const char *file)
{
	scope_free char *path = xasprintf("%s/%s", task, file);
	char *text = NULL;

	err_free(root_read(root, path, &text)); /* the task may have ended */
	return text;
}

/* Turns "[<0>] pipe_read+0x33e/0x4a0\n[<0>] ..." into "pipe_read < vfs_read < ..."; free(). */
static char *stack_names(const char *stack)
{
	scope_strbuf out = STRBUF_INIT;
	unsigned depth = 0;

	for (const char *line = stack; line && *line; depth++) {
		const char *name = strstr(line, "] ");
		const char *end = strchr(line, '\n');

		if (!name || (end && name > end))
			break;
		name += 2;
		if (depth == STACK_DEPTH_SHOWN) {
			strbuf_addstr(&out, " < ...");
			break;
		}
		strbuf_addf(&out, "%s%.*s", depth ? " < " : "", (int)strcspn(name, "+\n"), name);
		line = end ? end + 1 : NULL;
	}
	return strbuf_detach(&out);
}

/* Returns the state in "70 (cat) S 1 ...", after the last ')', as the name may contain anything. */
static char task_state(const char *stat)
{
	const char *paren = stat ? strrchr(stat, ')') : NULL;

	return paren && paren[1] == ' ' && paren[2] ? paren[2] : '?';
}

/*
 * Names the BPF program whose trampoline is on a task's stack.  The kernel has no unwind data for
 * trampolines, so it cannot tell what else is on such a stack, and the task does not switch before
 * it has left the trampoline.
 */
static char *task_held_by(const struct root *root, const char *stack)
{
	struct bpf_link_vec links = {};
	uint64_t key;

	if (!stack || !bpf_trampoline_key(stack, &key))
		return NULL;
	bpf_links_read(root, &links);

	char *who = bpf_links_describe(&links, key, false);

	vec_free(&links);
	return who;
}

static void tasks_add(const struct root *root, const char *task, int pid, int tid,
		      struct live_tasks *tasks)
{
	scope_free char *stat = task_file(root, task, "stat");
	scope_free char *stack = task_file(root, task, "stack");
	char *command = task_file(root, task, "comm");

	if (!stat || !command) { /* the task has ended */
		free(command);
		return;
	}
	command[strcspn(command, "\n")] = '\0';
	for (char *c = command; *c; c++) /* a name may contain any bytes, such as escapes */
		if (!isprint((unsigned char)*c))
			*c = '?';
	vec_push(&tasks->blocking, (struct live_task){.pid = pid,
						      .tid = tid,
						      .command = command,
						      .state = task_state(stat),
						      .stack = stack_names(stack),
						      .held_by = task_held_by(root, stack)});
}

static struct err *read_threads(const struct root *root, const char *pid, int target, size_t max,
				struct live_tasks *tasks)
{
	scope_free char *dir = xasprintf("/proc/%s/task", pid);
	scope_str_vec tids = {};

	err_free(root_list(root, dir, &tids)); /* the process may have ended */
	vec_foreach(&tids, it) {
		scope_free char *task = xasprintf("%s/%s", dir, *it);
		scope_free char *state = task_file(root, task, "patch_state");

		if (!state)
			continue;
		tasks->total++;
		/* The state is -1 if the transition has ended, or the task does not take part. */
		if (atoi(state) == target || atoi(state) < 0)
			tasks->done++;
		else if (tasks->blocking.len < max)
			tasks_add(root, task, atoi(pid), atoi(*it), tasks);
	}
	return NULL;
}

static int tasks_by_number(const void *a, const void *b)
{
	return atoi(*(char *const *)a) - atoi(*(char *const *)b);
}

struct err *live_tasks_read(const struct root *root, int target, size_t max,
			    struct live_tasks *tasks)
{
	scope_str_vec pids = {};

	*tasks = (struct live_tasks){};
	err_try(root_list(root, "/proc", &pids));
	qsort(pids.data, pids.len, sizeof(*pids.data), tasks_by_number);
	vec_foreach(&pids, it)
		if (isdigit((unsigned char)**it))
			err_try(read_threads(root, *it, target, max, tasks));
	return NULL;
}

static const char *task_state_words(char state)
{
	switch (state) {
	case 'R':
		return "running";
	case 'S':
		return "sleeping";
	case 'D':
		return "sleeping, uninterruptible";
	case 'T':
	case 't':
		return "stopped";
	case 'I':
		return "idle kernel thread";
	case 'Z':
		return "zombie";
	}
	return "state unknown";
}

char *live_task_describe(const struct live_task *task)
{
	scope_free char *thread =
		task->pid == task->tid ? xstrdup("") : xasprintf(", thread %d", task->tid);

	scope_free char *held =
		task->held_by ? xasprintf("; it is held up by %s, until it leaves that function",
					  task->held_by)
			      : xstrdup("");

	return xasprintf("%s (pid %d%s), %s%s%s%s", task->command, task->pid, thread,
			 task_state_words(task->state), *task->stack ? ": " : "", task->stack,
			 held);
}

void live_task_vec_free(struct live_task_vec *tasks)
{
	vec_foreach(tasks, it) {
		free(it->command);
		free(it->stack);
		free(it->held_by);
	}
	vec_free(tasks);
}

void live_tasks_free(struct live_tasks *tasks)
{
	live_task_vec_free(&tasks->blocking);
}
