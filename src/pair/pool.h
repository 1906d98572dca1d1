/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Runs compilations in parallel. */
#ifndef SUTURE_PAIR_POOL_H
#define SUTURE_PAIR_POOL_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "kbuild/kbuild.h"

struct pool;

/* `data` comes back from pool_next(); object is below dir. */
struct pool_job {
	void *data;
	const char *dir; /* build folder */
	const char *object;
	const char *layout; /* where the object in its own layout goes if it differs; or NULL */
	const struct kbuild_command *command;
	const char *reads;    /* where the assembler lists the files that it reads; or NULL */
	unsigned cpu_seconds; /* how much processor time it may take; 0: as much as the sandbox lets
			       */
};

struct pool_done {
	void *data;
	uint64_t cpu_ms; /* processor time that it took */
	char *failure;	 /* what the compiler said if it failed, else NULL; free() */
};

/* Makes a pool of at most jobs parallel compilations; temp is for their files. */
/* include_dir is searched last for headers, or NULL. */
struct pool *pool_new(unsigned jobs, const struct kbuild *kbuild, const char *temp,
		      const char *include_dir);

/* Sets a folder that is searched for headers before all others. */
void pool_put_first(struct pool *pool, const char *first_dir);

/* Kills the compilers that are still running. */
void pool_free(struct pool *pool);
void pool_freep(struct pool **poolp);
#define scope_pool __attribute__((cleanup(pool_freep))) struct pool *

/* Starts a job; everything that job points at must live until the job is done. */
void pool_add(struct pool *pool, const struct pool_job *job);

/* Changes how much processor time the job that has this data may take. */
void pool_limit(struct pool *pool, const void *data, unsigned cpu_seconds);

/* Waits for the next job that ends; *any is false if none is left. */
struct err *pool_next(struct pool *pool, struct pool_done *done, bool *any);

#endif
