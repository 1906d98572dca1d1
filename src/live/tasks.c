/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which tasks run the new code, and what the others are doing: /proc/<pid>/task/<tid>/. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/strbuf.h"
#include "live/outcome.h"
#include "live/tasks.h"

#define STACK_DEPTH_SHOWN 12

static char *task_file(const struct root *root, const char *task, const char *file)
{
	scope_free char *path = xasprintf("%s/%s", task, file);
	char *text = NULL;

	err_free(root_read(root, path, &text)); /* tasks come and go */
	return text;
}

/* "[<0>] pipe_read+0x33e/0x4a0\n[<0>] ..." → "pipe_read < vfs_read < ..." */
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

/* "70 (cat) S 1 ...": the name may hold anything, so the state is behind the last ')'. */
static char state_of(const char *stat)
{
	const char *paren = stat ? strrchr(stat, ')') : NULL;

	return paren && paren[1] == ' ' && paren[2] ? paren[2] : '?';
}

static void add_task(const struct root *root, const char *task, int pid, int tid,
		     struct live_tasks *tasks)
{
	scope_free char *stat = task_file(root, task, "stat");
	scope_free char *stack = task_file(root, task, "stack");
	char *command = task_file(root, task, "comm");

	if (!stat || !command) { /* it has gone */
		free(command);
		return;
	}
	command[strcspn(command, "\n")] = '\0';
	for (char *c = command; *c; c++) /* a name may hold anything, escapes included */
		if (!isprint((unsigned char)*c))
			*c = '?';
	vec_push(&tasks->blocking, (struct live_task){.pid = pid,
						      .tid = tid,
						      .command = command,
						      .state = state_of(stat),
						      .stack = stack_names(stack)});
}

static struct err *read_threads(const struct root *root, const char *pid, int target, size_t max,
				struct live_tasks *tasks)
{
	scope_free char *dir = xasprintf("/proc/%s/task", pid);
	scope_str_vec tids = {};

	err_free(root_list(root, dir, &tids)); /* a process that has just ended */
	vec_foreach(&tids, it) {
		scope_free char *task = xasprintf("%s/%s", dir, *it);
		scope_free char *state = task_file(root, task, "patch_state");

		if (!state)
			continue;
		tasks->total++;
		/* -1: there is no transition (any more), or the task does not matter. */
		if (atoi(state) == target || atoi(state) < 0)
			tasks->done++;
		else if (tasks->blocking.len < max)
			add_task(root, task, atoi(pid), atoi(*it), tasks);
	}
	return NULL;
}

static int by_number(const void *a, const void *b)
{
	return atoi(*(char *const *)a) - atoi(*(char *const *)b);
}

struct err *live_tasks_read(const struct root *root, int target, size_t max,
			    struct live_tasks *tasks)
{
	scope_str_vec pids = {};

	*tasks = (struct live_tasks){};
	err_try(root_list(root, "/proc", &pids));
	qsort(pids.data, pids.len, sizeof(*pids.data), by_number);
	vec_foreach(&pids, it)
		if (isdigit((unsigned char)**it))
			err_try(read_threads(root, *it, target, max, tasks));
	return NULL;
}

static const char *state_words(char state)
{
	switch (state) {
	case 'R':
		return "running";
	case 'S':
		return "asleep";
	case 'D':
		return "asleep, cannot be woken";
	case 'T':
	case 't':
		return "stopped";
	case 'I':
		return "idle kernel thread";
	case 'Z':
		return "ended";
	}
	return "state unknown";
}

char *live_task_describe(const struct live_task *task)
{
	scope_free char *thread =
		task->pid == task->tid ? xstrdup("") : xasprintf(", thread %d", task->tid);

	return xasprintf("%s (pid %d%s), %s%s%s", task->command, task->pid, thread,
			 state_words(task->state), *task->stack ? ": " : "", task->stack);
}

void live_task_vec_free(struct live_task_vec *tasks)
{
	vec_foreach(tasks, it) {
		free(it->command);
		free(it->stack);
	}
	vec_free(tasks);
}

void live_tasks_free(struct live_tasks *tasks)
{
	live_task_vec_free(&tasks->blocking);
}
