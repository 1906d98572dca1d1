/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Runs several compilers at the same time, with the flags that the differ needs. */
#include "pair/pool.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/interrupt.h"
#include "base/proc.h"

/*
 * Separate sections let the differ take functions apart; by measurement, they do not change the
 * code. Debug data describes the types; the locations of variables at each instruction, which are
 * most of its cost, are left out, so that it takes a tenth of the compiler's time.
 */
#define EXTRA_FLAGS                                                                                \
	"-ffunction-sections -fdata-sections -g -gno-split-dwarf -gz=none -gno-column-info"
#define GCC_FLAGS "-fno-var-tracking -gno-statement-frontiers" /* clang knows neither of these */

struct pool_slot {
	struct pool_job job;
	struct proc *proc;
};

struct pool_job_vec VEC(struct pool_job);

struct pool {
	struct pool_job_vec queue;
	size_t next; /* index in queue of the job that starts next */
	struct pool_slot *slots;
	unsigned nr_slots;
	char *include_dir; /* or NULL */
	char *first_dir;   /* or NULL */
	const char *flags; /* of the compiler */
	char *vars[4];	   /* the environment that the shell, objtool and the compiler look at */
	const struct sandbox *sandbox;
};

struct pool *pool_new(unsigned jobs, const struct kbuild *kbuild, const char *temp,
		      const char *include_dir)
{
	struct pool *pool = xcalloc(1, sizeof(*pool));

	pool->nr_slots = jobs ? jobs : 1;
	pool->slots = xcalloc(pool->nr_slots, sizeof(*pool->slots));
	pool->flags = target_config(kbuild->target, "CC_IS_CLANG") ? EXTRA_FLAGS
								   : EXTRA_FLAGS " " GCC_FLAGS;
	pool->vars[0] = xasprintf("ARCH=%s", kbuild_env(kbuild, "ARCH"));
	pool->vars[1] = xasprintf("SRCARCH=%s", kbuild_env(kbuild, "SRCARCH"));
	pool->vars[2] = xasprintf("TMPDIR=%s", temp);
	pool->vars[3] = target_path_variable(kbuild->target);
	pool->sandbox = kbuild->sandbox;
	pool->include_dir = include_dir ? xstrdup(include_dir) : NULL;
	return pool;
}

void pool_free(struct pool *pool)
{
	if (!pool)
		return;
	for (unsigned i = 0; i < pool->nr_slots; i++)
		proc_free(pool->slots[i].proc);
	for (size_t i = 0; i < array_size(pool->vars); i++)
		free(pool->vars[i]);
	free(pool->include_dir);
	free(pool->first_dir);
	free(pool->slots);
	vec_free(&pool->queue);
	free(pool);
}

void pool_freep(struct pool **poolp)
{
	pool_free(*poolp);
}

void pool_add(struct pool *pool, const struct pool_job *job)
{
	vec_push(&pool->queue, *job);
}

void pool_put_first(struct pool *pool, const char *first_dir)
{
	pool->first_dir = xstrdup(first_dir);
}

/*
 * One compilation, and up to two objects of it.  A compiler that aligns places inside of functions
 * by more than it aligns functions (gcc 14 does so with tight loops) makes code that depends on
 * where in its section a function lies, and -ffunction-sections moves it.  So what is compared with
 * the kernel's image is assembled from the same text, less the directives that switch sections.
 * -g0: the debug data is in the text.
 */
#define POOL_BY_ASSEMBLER                                                                          \
	"object=%1$s layout=%3$s\n"                                                                \
	"cc \"$@\" -S -o $object.s %2$s\n"                                                         \
	"cc -g0 -c -o $object $object.s\n"                                                         \
	"if grep -q '^[[:blank:]]*\\.p2align [5-9]' $object.s; then\n"                             \
	"	sed -E '" POOL_OWN_SECTIONS "' $object.s >$layout.s\n"                             \
	"	cc -g0 -c -o $layout $layout.s\n"                                                        \
	"	rm $layout.s\n"                                                                          \
	"fi\n"                                                                                     \
	"rm $object.s\n"

/*
 * ".section .text.unlikely.f,…" becomes ".section .text.unlikely,…", ".section .text.f,…" ".text".
 */
#define POOL_OWN_SECTIONS                                                                          \
	"s/^(\\t\\.section\\t\\.text\\.(unlikely|hot|startup|exit))\\.[^,]+/\\1/; t; "             \
	"/^\\t\\.section\\t\\.text\\.(unlikely|hot|startup|exit)(,|$)/b; "                         \
	"s/^\\t\\.section\\t\\.text\\.[^.,][^,]*(,\"ax\",@progbits)?$/\\t.text/"

/*
 * The command is the kernel's own text, made for a shell; Suture's names are passed as its
 * arguments. Header folders are searched in the order of the command line, so the first one must
 * come before all of the kernel's, right after the compiler's name.
 */
static char *pool_job_script(const struct pool *pool, const struct pool_job *job)
{
	const struct kbuild_command *command = job->command;
	int compiler = strcspn(command->compile, " ");
	scope_strbuf script = STRBUF_INIT;

	strbuf_addf(&script,
		    "set -e\nfirst=$1\nshift\ncc() { %.*s ${first:+-I\"$first\"}%s %s \"$@\"; }\n",
		    compiler, command->compile, command->compile + compiler, pool->flags);
	if (job->layout && !str_ends(command->source, ".S"))
		strbuf_addf(&script, POOL_BY_ASSEMBLER, job->object, command->source, job->layout);
	else
		strbuf_addf(&script, "cc \"$@\" %s%s -c -o %s %s\n", job->reads ? "-Wa,--MD," : "",
			    job->reads ? job->reads : "", job->object, command->source);
	if (*command->objtool)
		strbuf_addf(&script, "%s %s\n", command->objtool, job->object);
	if (*command->objtool && job->layout)
		strbuf_addf(&script, "[ ! -e %s ] || %s %s\n", job->layout, command->objtool,
			    job->layout);
	if (*command->finish)
		strbuf_addf(&script, "%s\n", command->finish);
	return strbuf_detach(&script);
}

static struct err *pool_start(struct pool *pool, struct pool_slot *slot, const struct pool_job *job)
{
	scope_free char *script = pool_job_script(pool, job);
	const char *include_flag = pool->include_dir ? "-idirafter" : NULL;
	const char *const argv[] = {"env",	   "-i",
				    "LC_ALL=C",	   pool->vars[0],
				    pool->vars[1], pool->vars[2],
				    pool->vars[3], "sh",
				    "-c",	   script,
				    "sh",	   pool->first_dir ? pool->first_dir : "",
				    include_flag,  pool->include_dir,
				    NULL};

	slot->job = *job;
	err_try(proc_start(
		&(struct proc_spec){.argv = argv, .cwd = job->dir, .sandbox = pool->sandbox},
		&slot->proc));
	proc_limit_cpu(slot->proc, job->cpu_seconds);
	return NULL;
}

static struct pool_slot *pool_find_slot(struct pool *pool, bool (*fits)(struct pool_slot *slot))
{
	for (unsigned i = 0; i < pool->nr_slots; i++) {
		if (fits(&pool->slots[i]))
			return &pool->slots[i];
	}
	return NULL;
}

static bool pool_slot_is_free(struct pool_slot *slot)
{
	return !slot->proc;
}

static bool pool_slot_is_busy(struct pool_slot *slot)
{
	return slot->proc;
}

static bool pool_slot_has_ended(struct pool_slot *slot)
{
	return slot->proc && proc_done(slot->proc);
}

static struct err *pool_collect(struct pool_slot *slot, struct pool_done *done)
{
	scope_strbuf output = STRBUF_INIT;
	scope_proc proc = take_ptr(slot->proc);
	int status;

	err_try(proc_wait(proc, &status));
	err_try(proc_output(proc, &output));
	/* A compiler that a signal killed prints nothing. */
	if (status && !output.len)
		strbuf_addf(&output,
			    "error: the command exited with status %d and without any output\n",
			    status);
	done->data = slot->job.data;
	done->cpu_ms = proc_cpu_ms(proc);
	done->failure = status ? strbuf_detach(&output) : NULL;
	return NULL;
}

static void pool_wait_for_any(const struct pool *pool)
{
	scope_free struct proc **procs = xcalloc(pool->nr_slots, sizeof(*procs));

	for (unsigned i = 0; i < pool->nr_slots; i++)
		procs[i] = pool->slots[i].proc;
	proc_wait_any(procs, pool->nr_slots);
}

void pool_limit(struct pool *pool, const void *data, unsigned cpu_seconds)
{
	for (size_t i = pool->next; i < pool->queue.len; i++)
		if (pool->queue.data[i].data == data)
			pool->queue.data[i].cpu_seconds = cpu_seconds;
	for (unsigned i = 0; i < pool->nr_slots; i++)
		if (pool->slots[i].proc && pool->slots[i].job.data == data)
			proc_limit_cpu(pool->slots[i].proc, cpu_seconds);
}

static struct err *pool_check_slot(struct pool_slot *slot)
{
	return err_wrap(
		proc_check_limits(slot->proc), "%s: it cannot be compiled",
		slot->job.command->source +
			(str_starts(slot->job.command->source, "source/") ? strlen("source/") : 0));
}

struct err *pool_next(struct pool *pool, struct pool_done *done, bool *any)
{
	for (;;) {
		struct pool_slot *slot;

		while (pool->next < pool->queue.len &&
		       (slot = pool_find_slot(pool, pool_slot_is_free)))
			err_try(pool_start(pool, slot, &pool->queue.data[pool->next++]));
		*any = pool_find_slot(pool, pool_slot_is_busy);
		if (!*any)
			return NULL;
		slot = pool_find_slot(pool, pool_slot_has_ended);
		if (slot)
			return pool_collect(slot, done);
		if (interrupt_pending())
			return interrupt_error();
		for (unsigned i = 0; i < pool->nr_slots; i++)
			if (pool->slots[i].proc)
				err_try(pool_check_slot(&pool->slots[i]));
		pool_wait_for_any(pool);
	}
}
