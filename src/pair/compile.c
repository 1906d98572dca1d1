/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Compiles both sides of every reached unit, in parallel. If only an #include may have changed, the
 * patched side waits for the list of files that the other one included. Unpatched objects are kept
 * below objects/ in the release's answers.
 */
#include "pair/compile.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/path.h"
#include "base/proc.h"
#include "base/strmap.h"
#include "kbuild/kbuild.h"
#include "pair/kept_posts.h"
#include "pair/objects_equal.h"
#include "pair/pool.h"
#include "pair/reads.h"
#include "pair/trees.h"

/*
 * A patched unit may take COMPILE_CPU_TIMES the time of the unpatched side, at least
 * COMPILE_CPU_LEAST seconds; COMPILE_CPU_UNKNOWN where that time is not known.
 */
#define COMPILE_CPU_UNKNOWN 300
#define COMPILE_CPU_LEAST 60
#define COMPILE_CPU_TIMES 20

struct compile_task {
	struct paired_unit *unit;
	enum side side;
};

struct compile_task_vec VEC(struct compile_task *);

struct compiling {
	struct pairing *pairing;
	struct strmap changed_names; /* of the changed files, without folders */
	struct kept_posts *posts;    /* NULL: patched objects are not kept */
	struct pool *pool;
	struct compile_task_vec tasks; /* owned; data of the pool's jobs */
	uint64_t done;
	double begin;
	double end[NR_SIDES];
};

static void compile_count_done(struct compiling *c)
{
	progress_update(c->pairing->progress, ++c->done);
}

/*
 * Returns how much processor time the patched side may take: more than any honest patch needs,
 * judged by the unpatched side on this machine.
 */
static unsigned compile_cpu_limit(const struct paired_unit *unit)
{
	if (!unit->pre_cpu_ms)
		return COMPILE_CPU_UNKNOWN;
	return COMPILE_CPU_LEAST + COMPILE_CPU_TIMES * unit->pre_cpu_ms / 1000;
}

static void compile_add_task(struct compiling *c, struct paired_unit *unit, enum side side)
{
	struct compile_task *task = xcalloc(1, sizeof(*task));

	*task = (struct compile_task){unit, side};
	vec_push(&c->tasks, task);
	if (side == PRE && !unit->layout)
		unit->layout = xasprintf("%s.layout", unit->unit->object);
	if (side == POST && !unit->reads && !target_config(c->pairing->spec->target, "CC_IS_CLANG"))
		unit->reads = xasprintf("%s.reads", unit->unit->object);
	pool_add(c->pool,
		 &(struct pool_job){.data = task,
				    .dir = pairing_dir(c->pairing, unit, side),
				    .object = unit->unit->object,
				    .layout = side == PRE ? unit->layout : NULL,
				    .command = pairing_command(unit, side),
				    .reads = side == POST ? unit->reads : NULL,
				    .cpu_seconds = side == POST ? compile_cpu_limit(unit) : 0});
}

/*
 * Returns the path of the unit's object, or NULL if another process replaced it meanwhile; free().
 */
static char *compile_settled_object(const struct settled_unit *settled)
{
	uint64_t hash = 0;
	struct err *err = file_hash(settled->post, &hash);
	bool good = !err && hash == settled->hash;

	err_free(err);
	return good ? xstrdup(settled->post) : NULL;
}

static void compile_start_post(struct compiling *c, struct paired_unit *unit)
{
	if (unit->settled)
		unit->kept = compile_settled_object(unit->settled);
	if (!unit->kept && c->posts)
		unit->kept = kept_posts_find(c->posts, unit);
	if (!unit->kept) {
		compile_add_task(c, unit, POST);
		return;
	}
	unit->object_file[POST] = xstrdup(unit->kept);
	compile_count_done(c);
}

static char *compile_kept_name(const struct paired_unit *unit, const char *suffix)
{
	return xasprintf("objects/%s%s", unit->unit->object, suffix);
}

/* The objects of a packaged release never change; those of a local tree may. */
static bool compile_keeps_objects(const struct pairing *pairing)
{
	return pairing->kbuild.keep && *pairing->spec->target->version;
}

/* The dependencies of a compiled unit, as the compiler wrote them. */
static struct err *compile_read_deps(const char *path, struct str_vec *deps)
{
	scope_free char *text = NULL;

	err_try(file_read(path, &text, NULL));
	kbuild_deps_parse(text, deps);
	return NULL;
}

/*
 * Returns whether one of deps (files as seen from build folder dir) is a changed file in the
 * pristine tree.
 */
static bool compile_saw_original(const struct compiling *c, const char *dir,
				 const struct str_vec *deps)
{
	const struct pairing *pairing = c->pairing;
	char real_source[PATH_MAX], real[PATH_MAX];

	if (!realpath(pairing->spec->target->source, real_source))
		return true;
	size_t len = strlen(real_source);

	vec_foreach(deps, it) {
		if (strmap_get(&c->changed_names, path_base(*it)) == STRMAP_NONE)
			continue;

		scope_free char *path = xasprintf("%s/%s", dir, *it);

		if (realpath(path, real) && !strncmp(real, real_source, len) && real[len] == '/' &&
		    change_find(&pairing->changes, real + len + 1))
			return true;
	}
	return false;
}

static char *compile_depfile(const char *dir, const struct kbuild_command *command)
{
	return xasprintf("%s/%s", dir, command->depfile);
}

/* After the unpatched side: the patched side is needed only if it included a changed file. */
static struct err *compile_decide_post(struct compiling *c, struct paired_unit *unit,
				       const char *deps_path)
{
	struct pairing *pairing = c->pairing;
	scope_str_vec deps = {};

	if (unit->certain)
		return NULL; /* both sides were started at once */
	err_try(compile_read_deps(deps_path, &deps));
	unit->same = !compile_saw_original(c, pairing_dir(pairing, unit, PRE), &deps);
	if (!unit->unit->in[POST])
		return NULL;
	if (unit->same)
		compile_count_done(c);
	else
		compile_start_post(c, unit);
	return NULL;
}

static struct err *compile_keep_object(struct compiling *c, const struct paired_unit *unit,
				       const char *deps_path)
{
	const struct kbuild *kbuild = &c->pairing->kbuild;
	scope_free char *object = compile_kept_name(unit, "");
	scope_free char *deps = compile_kept_name(unit, ".d");
	scope_free char *layout = compile_kept_name(unit, ".layout");

	if (!compile_keeps_objects(c->pairing))
		return NULL;
	scope_free char *cpu = compile_kept_name(unit, ".cpu");
	scope_free char *cpu_text = xasprintf("%llu\n", (unsigned long long)unit->pre_cpu_ms);

	err_try(kept_write(kbuild, cpu, cpu_text, strlen(cpu_text)));
	err_try(kept_copy(kbuild, deps_path, deps));
	/* An empty file records that there is none, so that a lost file is noticed. */
	err_try(unit->layout_file ? kept_copy(kbuild, unit->layout_file, layout)
				  : kept_write(kbuild, layout, "", 0));
	return kept_copy(kbuild, unit->object_file[PRE], object);
}

static struct err *compile_finish_pre(struct compiling *c, struct paired_unit *unit,
				      const char *failure)
{
	struct pairing *pairing = c->pairing;
	scope_free char *deps =
		compile_depfile(pairing_dir(pairing, unit, PRE), &unit->command[PRE]);

	if (failure) {
		const struct target *target = pairing->spec->target;
		scope_free char *why = kbuild_first_errors(failure);

		return pairing_fail(
			pairing, unit,
			err_code_new(
				target->source_gap ? ERR_REFUSED : ERR_FAILED,
				"%s: the unpatched source does not compile, so it is not what %s was built from%s%s: %s",
				unit->unit->source, target->release, target->source_gap ? ": " : "",
				target->source_gap ? target->source_gap : "", why),
			failure);
	}
	unit->object_file[PRE] =
		xasprintf("%s/%s", pairing_dir(pairing, unit, PRE), unit->unit->object);
	unit->layout_file = xasprintf("%s/%s", pairing_dir(pairing, unit, PRE), unit->layout);
	if (!file_exists(unit->layout_file))
		free(take_ptr(unit->layout_file));
	vec_foreach(&c->tasks, it)
		if ((*it)->unit == unit && (*it)->side == POST)
			pool_limit(c->pool, *it, compile_cpu_limit(unit));
	err_try(compile_keep_object(c, unit, deps));
	return compile_decide_post(c, unit, deps);
}

/*
 * A #line directive inside a macro's arguments breaks it, so the unit is compiled once more without
 * any.
 */
static struct err *compile_retry_plain(struct compiling *c, struct paired_unit *unit)
{
	unit->post_place = PLACE_PLAIN;
	err_try(trees_make_place(c->pairing, PLACE_PLAIN));
	compile_add_task(c, unit, POST);
	return NULL;
}

/*
 * An #include with ".." in a linked folder leads to the pristine tree, so every folder is made
 * real.
 */
static struct err *compile_retry_full(struct compiling *c, struct paired_unit *unit)
{
	struct pairing *pairing = c->pairing;
	struct pair_place *at = &pairing->places[unit->post_place];

	if (at->is_full)
		return pairing_fail(
			pairing, unit,
			err_new("%s: cannot be compiled with the patched files that it includes",
				unit->unit->source),
			NULL);
	err_try(farm_descend_all(at->tree, pairing->spec->target->source, ""));
	at->is_full = true;
	compile_add_task(c, unit, POST);
	return NULL;
}

static struct err *compile_finish_post(struct compiling *c, struct paired_unit *unit,
				       const char *failure)
{
	struct pairing *pairing = c->pairing;
	const char *dir = pairing_dir(pairing, unit, POST);
	scope_free char *deps_path = compile_depfile(dir, pairing_command(unit, POST));
	scope_str_vec deps = {};

	if (failure && pairing->spec->keep_lines && unit->post_place == PLACE_POST)
		return compile_retry_plain(c, unit);
	if (failure) {
		scope_free char *why = kbuild_first_errors(failure);

		return pairing_fail(pairing, unit,
				    err_new("%s: the patched source does not compile: %s",
					    unit->unit->source, why),
				    failure);
	}
	err_try(compile_read_deps(deps_path, &deps));
	if (compile_saw_original(c, dir, &deps))
		return compile_retry_full(c, unit);
	err_try(reads_check(pairing, unit, dir, &deps));
	unit->object_file[POST] = xasprintf("%s/%s", dir, unit->unit->object);
	/* The next run would use a kept object without judging again what it was made from. */
	if (!c->posts || unit->post_place != PLACE_POST || unit->reads_outside)
		return NULL;
	return kept_posts_add(c->posts, unit, &deps, &unit->kept);
}

static struct err *compile_finish_task(struct compiling *c, const struct pool_done *done)
{
	const struct compile_task *task = done->data;
	struct paired_unit *unit = task->unit;

	if (task->side == PRE)
		unit->pre_cpu_ms = done->cpu_ms;
	err_try(task->side == PRE ? compile_finish_pre(c, unit, done->failure)
				  : compile_finish_post(c, unit, done->failure));
	if (unit->object_file[task->side])
		compile_count_done(c);
	c->end[task->side] = clock_seconds();
	return NULL;
}

/*
 * Returns the kept object in its own layout, or NULL if the file says that there is none; free().
 */
static char *compile_kept_layout(const struct kbuild *kbuild, const char *name)
{
	char *path = kept_path(kbuild, name);
	struct stat st;

	if (stat(path, &st) || !st.st_size)
		free(take_ptr(path));
	return path;
}

static struct err *compile_read_cpu(const struct kbuild *kbuild, const char *name, uint64_t *ms)
{
	scope_free char *path = kept_path(kbuild, name);
	scope_free char *text = NULL;

	err_try(file_read(path, &text, NULL));
	*ms = strtoull(text, NULL, 10);
	return NULL;
}

static struct err *compile_start_unit(struct compiling *c, struct paired_unit *unit)
{
	struct pairing *pairing = c->pairing;
	const struct kbuild *kbuild = &pairing->kbuild;
	scope_free char *object = compile_kept_name(unit, "");
	scope_free char *deps = compile_kept_name(unit, ".d");
	scope_free char *layout = compile_kept_name(unit, ".layout");
	scope_free char *cpu = compile_kept_name(unit, ".cpu");
	bool sides[NR_SIDES] = {unit->unit->in[PRE], unit->unit->in[POST]};

	unit->same |= unit->settled && !unit->settled->post;
	if (unit->same || unit->failure) /* same by its commands or its text */
		return NULL;

	bool is_kept = sides[PRE] && compile_keeps_objects(pairing) && kept_has(kbuild, object) &&
		       kept_has(kbuild, deps) && kept_has(kbuild, layout) && kept_has(kbuild, cpu);

	if (is_kept) {
		unit->object_file[PRE] = kept_path(kbuild, object);
		unit->layout_file = compile_kept_layout(kbuild, layout);
		err_try(compile_read_cpu(kbuild, cpu, &unit->pre_cpu_ms));
		compile_count_done(c);
	} else if (sides[PRE]) {
		compile_add_task(c, unit, PRE);
	}
	if (sides[POST] && (unit->certain || !sides[PRE]))
		compile_start_post(c, unit);
	if (!is_kept)
		return NULL;

	scope_free char *deps_path = kept_path(kbuild, deps);

	return compile_decide_post(c, unit, deps_path);
}

static struct err *compile_all(struct compiling *c)
{
	struct pairing *pairing = c->pairing;
	struct pool_done done;
	bool any = true;

	err_try(trees_make_place(pairing, PLACE_PRE));
	err_try(trees_make_place(pairing, PLACE_POST));
	vec_foreach(&pairing->units, it)
		err_try(compile_start_unit(c, it));
	for (;;) {
		err_try(pool_next(c->pool, &done, &any));
		if (!any)
			return NULL;

		scope_free char *failure = done.failure;

		err_try(compile_finish_task(c, &done));
	}
}

static struct err *compile_compare(struct pairing *pairing)
{
	vec_foreach(&pairing->units, it) {
		if (it->object_file[PRE] && it->object_file[POST])
			err_try(objects_equal(it->object_file[PRE], it->object_file[POST],
					      &it->same));
	}
	return NULL;
}

static uint64_t compile_count(const struct pairing *pairing)
{
	uint64_t count = 0;

	vec_foreach(&pairing->units, it) {
		if (!it->same)
			count += !!it->unit->in[PRE] + !!it->unit->in[POST];
	}
	return count;
}

struct err *compile_units(struct pairing *pairing)
{
	struct compiling c = {.pairing = pairing, .begin = clock_seconds()};
	scope_pool pool = pool_new(pairing_jobs(pairing->spec), &pairing->kbuild,
				   pairing->result->work, pairing->spec->include_dir);

	c.pool = pool;
	if (pairing->spec->keep_going && compile_keeps_objects(pairing))
		c.posts = kept_posts_new(pairing);
	vec_foreach(&pairing->changes.changes, it)
		strmap_set(&c.changed_names, path_base(it->path), 1);
	progress_begin(pairing->progress, "compiling", compile_count(pairing), PROGRESS_COUNT);

	struct err *err = compile_all(&c);

	progress_end(pairing->progress);
	vec_foreach(&c.tasks, it)
		free(*it);
	vec_free(&c.tasks);
	strmap_free(&c.changed_names);
	kept_posts_free(c.posts);
	err_try(err);
	pairing->result->seconds_pre = c.end[PRE] ? c.end[PRE] - c.begin : 0;
	pairing->result->seconds_post = c.end[POST] ? c.end[POST] - c.begin : 0;
	return compile_compare(pairing);
}
