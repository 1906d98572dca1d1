/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Runs the exercises and finds out which of them reach the patched functions. */
#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "child.h"
#include "exercise.h"
#include "probe.h"
#include "step.h"
#include "util.h"
#include "walk.h"

#define ONE_MS 4000 /* the limit of one exercise, a thousand times its usual time */
#define END_MS 2000 /* the limit from SIGKILL to a process's end */
#define DEATHS_MAX 3

/* This memory is shared with the child that runs exercises. */
static struct progress {
	volatile int current; /* the index of an exercise, or -1 - index of a walk */
	volatile uint64_t started_ms;
	char file[128]; /* the file that a walk is reading */
	struct reach reach[PROBES_MAX];
	unsigned long long before[PROBES_MAX];
} * shared;

static const struct reach *aims[AIMS_MAX];
static unsigned nr_aims;

const struct exercise *exercise_at(unsigned index)
{
	static const struct exercise *const tables[] = {
		file_exercises,	  ipc_exercises,  net_exercises,
		memory_exercises, task_exercises, time_exercises,
	};

	for (size_t i = 0; i < sizeof(tables) / sizeof(tables[0]); i++) {
		for (const struct exercise *it = tables[i]; it->name; it++) {
			if (!index--)
				return it;
		}
	}
	return NULL;
}

const struct reach *reach_of(unsigned probe)
{
	static const struct reach none = {.exercise = -1};

	return shared ? &shared->reach[probe] : &none;
}

static void exercise_prepare(void)
{
	if (!shared) {
		shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE,
			      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
		if (shared == MAP_FAILED)
			_exit(1);
	}
	memset(shared, 0, sizeof(*shared));
	for (unsigned i = 0; i < PROBES_MAX; i++)
		shared->reach[i].exercise = -1;
}

/* Credits an exercise or file with the calls that were counted since the last one. */
static void exercise_credit(int exercise, const char *file)
{
	unsigned long long hits[PROBES_MAX];

	if (!probe_counting())
		return;
	probe_read(hits);
	for (unsigned i = 0; i < probe_count(); i++) {
		struct reach *reach = &shared->reach[i];
		unsigned long long more = hits[i] - shared->before[i];

		shared->before[i] = hits[i];
		/* An exercise is preferred to a file that causes more calls. */
		if (more <= reach->most || (exercise < 0 && reach->exercise >= 0))
			continue;
		reach->most = more;
		reach->exercise = exercise;
		snprintf(reach->file, sizeof(reach->file), "%s", file);
	}
}

static bool all_reached(void)
{
	if (!probe_counting())
		return true;
	for (unsigned i = 0; i < probe_count(); i++) {
		if (!probe_at(i)->error && !shared->reach[i].most)
			return false;
	}
	return true;
}

static void exercise_seen(const char *path)
{
	shared->started_ms = now_ms();
	exercise_credit(-1, path);
}

static void exercise_next(const char *path)
{
	shared->started_ms = now_ms();
	snprintf(shared->file, sizeof(shared->file), "%s", path);
}

/* Returns whether a function was called that nothing has reached before. */
static bool exercise_news(const char *dir)
{
	unsigned long long hits[PROBES_MAX];
	bool any = false;

	(void)dir;
	shared->started_ms = now_ms();
	probe_read(hits);
	for (unsigned i = 0; i < probe_count(); i++) {
		any |= !shared->reach[i].most && hits[i] > shared->before[i];
		shared->before[i] = hits[i];
	}
	return any;
}

/* Runs the exercises that reached a function before, without counting. */
static void run_aimed(unsigned first)
{
	for (unsigned i = first; i < nr_aims; i++) {
		shared->current = i;
		shared->started_ms = now_ms();
		aim_run(i);
	}
}

static _Noreturn void run_from(unsigned first, bool walks, bool aimed)
{
	setsid();
	unshare(CLONE_NEWNS);
	if (aimed && nr_aims) {
		run_aimed(first);
		_exit(0);
	}
	for (unsigned i = first; exercise_at(i); i++) {
		shared->current = i;
		shared->started_ms = now_ms();
		exercise_at(i)->run();
		exercise_credit(i, "");
	}
	for (unsigned i = 0; walks && i < walk_count() && !all_reached(); i++) {
		shared->current = -1 - (int)i;
		exercise_next(walk_name(i));
		walk_run(i, &(struct walker){exercise_next, exercise_news, exercise_seen});
	}
	_exit(0);
}

static bool is_aimed(const struct reach *reach)
{
	for (unsigned i = 0; i < nr_aims; i++) {
		if (aims[i]->exercise == reach->exercise && !strcmp(aims[i]->file, reach->file))
			return true;
	}
	return false;
}

static void take_aim(void)
{
	nr_aims = 0;
	for (unsigned i = 0; i < probe_count() && nr_aims < AIMS_MAX; i++) {
		const struct reach *reach = &shared->reach[i];

		if (reach->most && !is_aimed(reach))
			aims[nr_aims++] = reach;
	}
}

unsigned aim_count(void)
{
	return nr_aims;
}

const char *aim_name(unsigned aim)
{
	return aims[aim]->exercise >= 0 ? exercise_at(aims[aim]->exercise)->name : aims[aim]->file;
}

void aim_run(unsigned aim)
{
	if (aims[aim]->exercise >= 0)
		exercise_at(aims[aim]->exercise)->run();
	else
		walk_again(aims[aim]->file);
}

void exercises_run(void)
{
	for (unsigned i = 0; exercise_at(i); i++)
		exercise_at(i)->run();
}

void aims_run(void)
{
	for (unsigned i = 0; i < nr_aims; i++)
		aim_run(i);
	if (!nr_aims)
		exercises_run();
}

static const char *current_name(bool aimed)
{
	if (aimed && nr_aims)
		return aim_name(shared->current);
	return shared->current < 0 ? shared->file : exercise_at(shared->current)->name;
}

/* Waits for the child, and kills it if an exercise takes too long; false if it does not end. */
static bool exercise_follow(pid_t pid, int *status, bool *late, struct event *ev)
{
	struct deadline deadline = {};
	uint64_t started = 0;

	while (waitpid(pid, status, WNOHANG) == 0) {
		if (started != shared->started_ms) {
			started = shared->started_ms;
			deadline = deadline_from(started, ONE_MS);
		}
		if (!deadline_over(&deadline)) {
			sleep_ms(2);
			continue;
		}
		*late = true;
		*status = 0;
		return child_end(pid, END_MS, ev);
	}
	return true;
}

static void exercise_tell(struct event *ev, const char *key, bool aimed)
{
	event_string(ev, key, current_name(aimed));
}

/*
 * exercise all|quick|aimed: runs each exercise once.  `all` also reads files for the functions that
 * no exercise has reached, `aimed` repeats only the exercises that reached a function.  An exercise
 * that is killed or does not end is reported, and the others still run.
 */
bool verb_exercise(const struct step *step, struct event *ev)
{
	bool walks = !strcmp(step->argv[1], ARG_ALL), aimed = !strcmp(step->argv[1], ARG_AIMED);
	unsigned first = 0, deaths = 0;

	if (!shared || !aimed)
		exercise_prepare();
	if (!aimed)
		nr_aims = 0;
	probe_read(shared->before);
	for (;;) {
		int status = 0;
		bool late = false;

		shared->started_ms = now_ms();
		shared->current = first;

		pid_t pid = fork();

		if (!pid)
			run_from(first, walks, aimed);
		if (pid < 0) {
			event_num(ev, KEY_ERRNO, errno);
			return false;
		}
		if (!exercise_follow(pid, &status, &late, ev)) {
			exercise_tell(ev, KEY_HANGS, aimed);
			return false;
		}
		kill(-1, SIGKILL); /* kills all processes that the child has started */
		if (!late && WIFEXITED(status))
			break;
		if (!deaths++)
			exercise_tell(ev, late ? KEY_LATE : KEY_DIED, aimed);
		if (deaths == DEATHS_MAX || shared->current < 0)
			break;
		first = shared->current + 1;
	}
	if (walks)
		take_aim();
	return !deaths;
}
