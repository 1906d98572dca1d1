/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/proc.h"
#include "base/tempdir.h"
#include "pair/build.h"
#include "pair/recompile.h"
#include "reach/reach.h"

static void unit_free(struct pair_unit *unit)
{
	free(unit->source);
	free(unit->pre);
	free(unit->post);
	str_vec_free(&unit->owners);
	pair_recipe_free(unit->again);
}

void pair_result_free(struct pair_result *result)
{
	if (!result)
		return;
	vec_foreach(&result->units, it)
		unit_free(it);
	vec_free(&result->units);
	vec_foreach(&result->files, it) {
		free(it->path);
		free(it->before);
		free(it->after);
	}
	vec_free(&result->files);
	findings_free(&result->findings);
	dir_temp_cleanup(&result->work);
	free(result);
}

void pair_result_freep(struct pair_result **resultp)
{
	pair_result_free(*resultp);
}

static void reached_free(struct reached *unit)
{
	free(unit->source);
	free(unit->object);
	for (enum side side = PRE; side < NR_SIDES; side++) {
		kbuild_command_free(&unit->command[side]);
		free(unit->object_file[side]);
	}
}

static void build_free(struct build *build)
{
	vec_foreach(&build->reached, it)
		reached_free(it);
	vec_free(&build->reached);
	change_set_free(&build->changes);
	strmap_free(&build->changed_names);
	free(build->changes.dir);
	kbuild_units_free(&build->units);
	kbuild_units_free(&build->post_units);
	kbuild_close(&build->kbuild);
	for (enum place place = PLACE_PRE; place < NR_PLACES; place++) {
		free(build->places[place].tree);
		free(build->places[place].dir);
	}
	free(build->post_keep);
}

static void build_layout(struct build *build)
{
	const char *work = build->result->work;

	build->changes.dir = xasprintf("%s/files", work);
	build->places[PLACE_PRE].tree = xstrdup(build->spec->target->source);
	build->places[PLACE_POST].tree = xasprintf("%s/tree", work);
	build->places[PLACE_PLAIN].tree = xasprintf("%s/plain-tree", work);
	build->places[PLACE_PRE].dir = xasprintf("%s/pre", work);
	build->places[PLACE_POST].dir = xasprintf("%s/post", work);
	build->places[PLACE_PLAIN].dir = xasprintf("%s/plain", work);
	build->post_keep = xasprintf("%s/post-answers", work);
}

static struct err *apply_patches(struct build *build)
{
	const struct pair_spec *spec = build->spec;
	const char *root = spec->target->source;

	if (!spec->nr_patches)
		return err_code_new(ERR_USAGE, "no patch was given");
	err_try(dir_make(build->changes.dir));
	for (size_t i = 0; i < spec->nr_patches; i++)
		err_try(change_set_apply(&build->changes, spec->patches[i], root, build->progress));
	return change_set_settle(&build->changes, root);
}

static enum pair_state reached_state(const struct reached *unit)
{
	if (!unit->in[PRE] && !unit->in[POST])
		return PAIR_NOT_BUILT;
	if (unit->same)
		return PAIR_SAME;
	if (str_ends(unit->source, ".S"))
		return PAIR_ASM;
	if (!unit->in[PRE])
		return PAIR_NEW;
	if (!unit->in[POST])
		return PAIR_REMOVED;
	return PAIR_COMPILED;
}

static void add_owners(const struct kbuild_unit *unit, struct str_vec *owners)
{
	scope_free char *list = xstrdup(unit->owners);
	char *save = NULL;

	for (char *word = strtok_r(list, " ", &save); word; word = strtok_r(NULL, " ", &save))
		vec_push(owners, xstrdup(word));
}

static int compare_units(const void *a, const void *b)
{
	return strcmp(((const struct pair_unit *)a)->source, ((const struct pair_unit *)b)->source);
}

static void list_files(struct build *build)
{
	const char *root = build->spec->target->source;

	vec_foreach(&build->changes.changes, it) {
		scope_free char *before = xasprintf("%s/%s", root, it->path);
		struct changed_file file = {.path = xstrdup(it->path)};

		if (file_exists(before))
			file.before = take_ptr(before);
		if (it->file)
			file.after = xstrdup(it->file);
		vec_push(&build->result->files, file);
	}
}

static void fill_result(struct build *build)
{
	struct pair_result *result = build->result;

	vec_foreach(&build->reached, it) {
		const struct kbuild_unit *unit = it->in[PRE] ? it->in[PRE] : it->in[POST];
		struct pair_unit out = {.source = take_ptr(it->source)};

		it->source = xstrdup(out.source);
		out.state = reached_state(it);
		if (it->object_file[POST])
			out.again = pair_recipe_new(build, it);
		out.pre = take_ptr(it->object_file[PRE]);
		out.post = take_ptr(it->object_file[POST]);
		out.lib = unit && unit->kind == KBUILD_UNIT_LIB;
		if (unit)
			add_owners(unit, &out.owners);
		vec_push(&result->units, out);
	}
	if (result->units.len)
		qsort(result->units.data, result->units.len, sizeof(*result->units.data),
		      compare_units);
	findings_sort_unique(&result->findings);
	list_files(build);
}

static struct err *run(struct build *build)
{
	struct pair_result *result = build->result;
	double start = clock_seconds();

	err_try(target_check_compiler(build->spec->target));
	err_try(dir_temp(dir_for_temp(), "suture-build", &result->work));
	build_layout(build);
	err_try(apply_patches(build));
	err_try(kbuild_open(build->spec->target, result->work, &build->kbuild));
	err_try(kbuild_units_load(&build->kbuild, result->work, build->progress, &build->units));
	err_try(build_tree_make(build, PLACE_POST, build->spec->keep_lines));
	err_try(build_select(build));
	err_try(build_commands(build));
	result->seconds_patch = clock_seconds() - start;
	err_try(build_compile(build));
	fill_result(build);
	return NULL;
}

struct err *pair_prepare(const struct target *target, struct progress *progress)
{
	scope_dir_temp work = NULL;
	scope_kbuild kbuild = {};
	scope_kbuild_units units = {};
	scope_include_graph graph = NULL;

	err_try(target_check_compiler(target));
	err_try(dir_temp(dir_for_temp(), "suture-build", &work));
	err_try(kbuild_open(target, work, &kbuild));
	err_try(kbuild_units_load(&kbuild, work, progress, &units));
	return include_graph_load(&kbuild, &units, progress, &graph);
}

struct err *pair_run(const struct pair_spec *spec, struct progress *progress,
		     struct pair_result **resultp)
{
	struct build build = {.spec = spec, .progress = progress};

	build.result = xcalloc(1, sizeof(*build.result));

	struct err *err = run(&build);

	if (err)
		pair_result_free(build.result);
	else
		*resultp = build.result;
	build_free(&build);
	return err;
}
