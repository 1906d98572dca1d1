/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the guest does to a patched kernel, and how it is told whether that reaches the
 * patched functions.
 *
 * An exercise is one short visit to a part of the kernel, by system calls.  It does not
 * wait for anything that does not come, leaves nothing behind, does not care whether the
 * kernel has what it asks for, and causes no message in the kernel's log.
 */
#ifndef SUTURE_VM_WORK_H
#define SUTURE_VM_WORK_H

#include <sys/types.h>

#include "guest.h"

struct exercise {
	const char *name; /* "pipe": for people, after "reached by" */
	void (*run)(void);
};

/* Each table ends with an empty row. */
extern const struct exercise file_exercises[], ipc_exercises[], net_exercises[], memory_exercises[],
	task_exercises[], time_exercises[];

/* Thousands of small reads: run only for functions that nothing else reaches. */
unsigned walk_count(void);
const char *walk_name(unsigned walk);
/*
 * Reads the files of a walk: `news` is asked after each folder whether anything was reached,
 * and if so, its files are read once more, with `seen` called after each.
 */
struct walker {
	void (*next)(const char *path); /* this one is read now */
	bool (*news)(const char *dir);
	void (*seen)(const char *path);
};
void walk_run(unsigned walk, const struct walker *walker);
/* What `seen` was called with, once more. */
void walk_again(const char *path);

/* All exercises as one list; NULL behind the last. */
const struct exercise *exercise_at(unsigned index);

/* probe.c: the functions of the patch under test, counted by kprobes. */
#define PROBES_MAX 256

struct probe {
	char *object, *name;
	unsigned sympos;
	int error; /* why it cannot be counted, or 0 */
};

/* The functions of a loaded patch become the list below. */
void probe_list(const char *patch);
unsigned probe_count(void);
const struct probe *probe_at(unsigned index);
/* A kprobe event `event` where the function of an index, as it was shipped, begins; or -errno. */
int probe_define_old(unsigned index, const char *event);
bool probe_counting(void);
/* How often each was called since its probe was set. */
void probe_read(unsigned long long hits[PROBES_MAX]);

/* exercise.c: how the probes were reached, in memory that the children share. */
struct reach {
	unsigned long long most; /* calls by a single run */
	int exercise;		 /* index, or -1 */
	char file[128];		 /* what was read, when it was a walk */
};

const struct reach *reach_of(unsigned probe);

/*
 * What to repeat in order to call the patched functions: what reached them, by the last
 * `exercise all`; everything, if nothing did.
 */
#define AIMS_MAX 16

unsigned aim_count(void); /* 0: nothing did */
const char *aim_name(unsigned aim);
void aim_run(unsigned aim);
/* One visit of each aim, or of every exercise. */
void aims_run(void);

/* hammer.c: processes that visit the aims, one on each processor, while they are on. */
enum hammer_pace { HAMMER_FAST, HAMMER_SLOW, HAMMER_REST };

enum hammer_pace hammer_set_pace(enum hammer_pace pace); /* the old one */
unsigned long hammer_calls(void);			 /* visits so far */
/* As many as can be expected of that time, on however busy a host. */
unsigned long hammer_calls_in(unsigned ms);

/*
 * Ends a process and waits for it up to limit_ms; false when it does not let itself be
 * ended: the event says so then, with its stack.
 */
bool child_end(pid_t pid, unsigned limit_ms, struct event *ev);

#endif
