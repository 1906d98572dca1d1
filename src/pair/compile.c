/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Both sides of every reached unit, at the same time. */
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/path.h"
#include "base/proc.h"
#include "kbuild/kbuild.h"
#include "pair/build.h"
#include "pair/pool.h"

struct task {
	struct reached *unit;
	enum side side;
};

struct task_vec VEC(struct task *);

struct compiling {
	struct build *build;
	struct pool *pool;
	struct task_vec tasks; /* owned; data of the pool's jobs */
	uint64_t done;
	double begin;
	double end[NR_SIDES];
};

const struct kbuild_command *build_side_command(const struct reached *unit, enum side side)
{
	return &unit->command[side == POST && !unit->own_post_command ? PRE : side];
}

static void count_done(struct compiling *c)
{
	progress_update(c->build->progress, ++c->done);
}

const char *build_side_dir(const struct build *build, const struct reached *unit, enum side side)
{
	return build->places[side == PRE ? PLACE_PRE : unit->post_place].dir;
}

static void add_task(struct compiling *c, struct reached *unit, enum side side)
{
	struct task *task = xcalloc(1, sizeof(*task));

	*task = (struct task){unit, side};
	vec_push(&c->tasks, task);
	pool_add(c->pool, &(struct pool_job){.data = task,
					     .dir = build_side_dir(c->build, unit, side),
					     .object = unit->object,
					     .command = build_side_command(unit, side)});
}

static char *kept_path(const struct build *build, const struct reached *unit, const char *suffix)
{
	return xasprintf("%s/objects/%s%s", build->kbuild.cache, unit->object, suffix);
}

/* Objects of a release never change; those of a local tree may. */
static bool keeps_objects(const struct build *build)
{
	return build->kbuild.keep && *build->spec->target->version;
}

/* The dependencies of a compiled unit, as the compiler wrote them. */
static struct err *read_deps(const char *path, struct str_vec *deps)
{
	scope_free char *text = NULL;

	err_try(file_read(path, &text, NULL));
	kbuild_deps_parse(text, deps);
	return NULL;
}

/* Whether one of deps, files as seen from build folder dir, is a changed file in the pristine tree.
 */
static bool deps_hit_original(const struct build *build, const char *dir,
			      const struct str_vec *deps)
{
	char real_source[PATH_MAX], real[PATH_MAX];

	if (!realpath(build->spec->target->source, real_source))
		return true;
	size_t len = strlen(real_source);

	vec_foreach(deps, it) {
		if (strmap_get(&build->changed_names, path_base(*it)) == STRMAP_NONE)
			continue;

		scope_free char *path = xasprintf("%s/%s", dir, *it);

		if (realpath(path, real) && !strncmp(real, real_source, len) && real[len] == '/' &&
		    change_find(&build->changes, real + len + 1))
			return true;
	}
	return false;
}

static char *depfile_path(const char *dir, const struct kbuild_command *command)
{
	return xasprintf("%s/%s", dir, command->depfile);
}

/* With the unpatched side compiled: does it include anything that changed?  If not, it is done. */
static struct err *decide_post(struct compiling *c, struct reached *unit, const char *deps_path)
{
	struct build *build = c->build;
	scope_str_vec deps = {};

	if (unit->certain)
		return NULL; /* both sides were started at once */
	err_try(read_deps(deps_path, &deps));
	unit->same = !deps_hit_original(build, build_side_dir(build, unit, PRE), &deps);
	if (!unit->in[POST])
		return NULL;
	if (unit->same)
		count_done(c);
	else
		add_task(c, unit, POST);
	return NULL;
}

static struct err *keep_object(struct compiling *c, const struct reached *unit,
			       const char *deps_path)
{
	scope_free char *object = kept_path(c->build, unit, "");
	scope_free char *deps = kept_path(c->build, unit, ".d");
	scope_free char *parent = path_parent(object);

	if (!keeps_objects(c->build))
		return NULL;
	err_try(dir_make(parent));
	err_try(file_copy(deps_path, deps));
	return file_copy(unit->object_file[PRE], object);
}

static struct err *finish_pre(struct compiling *c, struct reached *unit, const char *failure)
{
	struct build *build = c->build;
	scope_free char *deps = depfile_path(build_side_dir(build, unit, PRE), &unit->command[PRE]);

	if (failure) {
		const struct target *target = build->spec->target;
		scope_free char *why = kbuild_first_errors(failure);

		return err_code_new(
			target->source_gap ? ERR_REFUSED : ERR_FAILED,
			"%s: the unpatched source does not compile, so it is not what %s was built from%s%s: %s",
			unit->source, target->release, target->source_gap ? ": " : "",
			target->source_gap ? target->source_gap : "", why);
	}
	unit->object_file[PRE] = xasprintf("%s/%s", build_side_dir(build, unit, PRE), unit->object);
	err_try(keep_object(c, unit, deps));
	return decide_post(c, unit, deps);
}

/* Line directives may have broken what a macro spells over several lines: once more without. */
static struct err *retry_plain(struct compiling *c, struct reached *unit)
{
	unit->post_place = PLACE_PLAIN;
	err_try(build_place_make(c->build, PLACE_PLAIN));
	add_task(c, unit, POST);
	return NULL;
}

/* Includes that climb out of a linked folder saw the pristine tree: make every folder real. */
static struct err *retry_full(struct compiling *c, struct reached *unit)
{
	struct build *build = c->build;
	struct build_place *at = &build->places[unit->post_place];

	if (at->is_full)
		return err_new("%s: cannot be compiled with the patched files that it includes",
			       unit->source);
	err_try(farm_descend_all(at->tree, build->spec->target->source, ""));
	at->is_full = true;
	add_task(c, unit, POST);
	return NULL;
}

static struct err *finish_post(struct compiling *c, struct reached *unit, const char *failure)
{
	struct build *build = c->build;
	const char *dir = build_side_dir(build, unit, POST);
	scope_free char *deps_path = depfile_path(dir, build_side_command(unit, POST));
	scope_str_vec deps = {};

	if (failure && build->spec->keep_lines && unit->post_place == PLACE_POST)
		return retry_plain(c, unit);
	if (failure) {
		scope_free char *why = kbuild_first_errors(failure);

		return err_new("%s: the patched source does not compile: %s", unit->source, why);
	}
	err_try(read_deps(deps_path, &deps));
	if (deps_hit_original(build, dir, &deps))
		return retry_full(c, unit);
	unit->object_file[POST] = xasprintf("%s/%s", dir, unit->object);
	return NULL;
}

static struct err *finish_task(struct compiling *c, const struct task *task, const char *failure)
{
	struct reached *unit = task->unit;

	err_try(task->side == PRE ? finish_pre(c, unit, failure) : finish_post(c, unit, failure));
	if (unit->object_file[task->side])
		count_done(c);
	c->end[task->side] = clock_seconds();
	return NULL;
}

static struct err *start_unit(struct compiling *c, struct reached *unit)
{
	struct build *build = c->build;
	scope_free char *kept = kept_path(build, unit, "");
	scope_free char *kept_deps = kept_path(build, unit, ".d");
	bool sides[NR_SIDES] = {unit->in[PRE], unit->in[POST]};
	if (unit->same) /* known before */
		return NULL;

	bool is_kept = sides[PRE] && keeps_objects(build) && file_exists(kept);

	if (is_kept) {
		unit->object_file[PRE] = xstrdup(kept);
		count_done(c);
	} else if (sides[PRE]) {
		add_task(c, unit, PRE);
	}
	if (sides[POST] && (unit->certain || !sides[PRE]))
		add_task(c, unit, POST);
	return is_kept ? decide_post(c, unit, kept_deps) : NULL;
}

static struct err *compile_all(struct compiling *c)
{
	struct build *build = c->build;
	struct pool_done done;
	bool any = true;

	err_try(build_place_make(build, PLACE_PRE));
	err_try(build_place_make(build, PLACE_POST));
	vec_foreach(&build->reached, it)
		err_try(start_unit(c, it));
	for (;;) {
		err_try(pool_next(c->pool, &done, &any));
		if (!any)
			return NULL;

		scope_free char *failure = done.failure;

		err_try(finish_task(c, done.data, failure));
	}
}

static struct err *compare_objects(struct build *build)
{
	vec_foreach(&build->reached, it) {
		if (it->object_file[PRE] && it->object_file[POST])
			err_try(build_objects_equal(it->object_file[PRE], it->object_file[POST],
						    &it->same));
	}
	return NULL;
}

static uint64_t count_compilations(const struct build *build)
{
	uint64_t count = 0;

	vec_foreach(&build->reached, it) {
		if (!it->same)
			count += !!it->in[PRE] + !!it->in[POST];
	}
	return count;
}

struct err *build_compile(struct build *build)
{
	struct compiling c = {.build = build, .begin = clock_seconds()};
	unsigned jobs = build->spec->jobs ? build->spec->jobs : proc_cpus();
	scope_pool pool =
		pool_new(jobs, &build->kbuild, build->result->work, build->spec->include_dir);

	c.pool = pool;
	vec_foreach(&build->changes.changes, it)
		strmap_set(&build->changed_names, path_base(it->path), 1);
	progress_begin(build->progress, "compiling", count_compilations(build), PROGRESS_COUNT);

	struct err *err = compile_all(&c);

	progress_end(build->progress);
	vec_foreach(&c.tasks, it)
		free(*it);
	vec_free(&c.tasks);
	err_try(err);
	build->result->seconds_pre = c.end[PRE] ? c.end[PRE] - c.begin : 0;
	build->result->seconds_post = c.end[POST] ? c.end[POST] - c.begin : 0;
	return compare_objects(build);
}
