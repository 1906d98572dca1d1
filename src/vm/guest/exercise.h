/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the guest does to a patched kernel.
 *
 * An exercise is one short visit to a part of the kernel, by system calls.  It does not wait for
 * anything that does not come, leaves nothing behind, does not care whether the kernel has what it
 * asks for, and causes no message in the kernel's log.
 */
#ifndef SUTURE_VM_GUEST_EXERCISE_H
#define SUTURE_VM_GUEST_EXERCISE_H

#include "probe.h"

struct exercise {
	const char *name; /* for people, after "reached by": "pipes" */
	void (*run)(void);
};

/* Each table ends with an empty row. */
extern const struct exercise file_exercises[], ipc_exercises[], net_exercises[], memory_exercises[],
	task_exercises[], time_exercises[];

/* All exercises as one list; NULL behind the last. */
const struct exercise *exercise_at(unsigned index);

/* How a probe was reached, in memory that the children share. */
struct reach {
	unsigned long long most; /* calls by a single run */
	int exercise;		 /* index, or -1 */
	char file[128];		 /* what was read, when it was a walk */
};

const struct reach *reach_of(unsigned probe);

/*
 * Aims are what to repeat in order to call the patched functions: what reached them in the last
 * `exercise all`, or everything if nothing did.
 */
#define AIMS_MAX 16

unsigned aim_count(void); /* 0: nothing reached them */
const char *aim_name(unsigned aim);
void aim_run(unsigned aim);
/* Visits each aim once, or runs every exercise if there is none. */
void aims_run(void);
/* Runs every exercise once. */
void exercises_run(void);

#endif
