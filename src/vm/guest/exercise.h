/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Runs exercises, by which the guest uses a patched kernel.
 *
 * An exercise is a short use of one part of the kernel by system calls.  It never waits for long,
 * leaves nothing behind, accepts that the kernel may lack a feature, and causes no message in the
 * kernel's log.
 */
#ifndef SUTURE_VM_GUEST_EXERCISE_H
#define SUTURE_VM_GUEST_EXERCISE_H

struct exercise {
	const char *name; /* shown to people after "reached by", such as "pipes" */
	void (*run)(void);
};

/* Each table ends with an empty row. */
extern const struct exercise file_exercises[], ipc_exercises[], net_exercises[], memory_exercises[],
	task_exercises[], time_exercises[];

/* Returns the exercise of an index into all tables; NULL behind the last one. */
const struct exercise *exercise_at(unsigned index);

/* How a probe was reached; in memory that the children share. */
struct reach {
	unsigned long long most; /* the most calls by a single run */
	int exercise;		 /* the index of that exercise, or -1 */
	char file[128];		 /* the file that was read, if it was a walk */
};

const struct reach *reach_of(unsigned probe);

/*
 * Aims are the exercises and files by which the last `exercise all` reached the patched functions;
 * repeating them calls these functions again.
 */
#define AIMS_MAX 16

unsigned aim_count(void); /* 0 if nothing reached the patched functions */
const char *aim_name(unsigned aim);
void aim_run(unsigned aim);
/* Runs each aim once, or every exercise if there is no aim. */
void aims_run(void);
/* Runs every exercise once. */
void exercises_run(void);

#endif
