/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/proc.h"
#include "base/tempdir.h"
#include "kbuild/again.h"
#include "kbuild/build.h"
#include "kbuild/graph.h"

static void unit_free(struct kbuild_unit *unit)
{
	free(unit->source);
	free(unit->pre);
	free(unit->post);
	str_vec_free(&unit->owners);
	again_free(unit->again);
}

void kbuild_result_free(struct kbuild_result *result)
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
	str_vec_free(&result->skipped_files);
	str_vec_free(&result->lost_files);
	dir_temp_cleanup(&result->work);
	free(result);
}

void kbuild_result_freep(struct kbuild_result **resultp)
{
	kbuild_result_free(*resultp);
}

static void reached_free(struct reached *unit)
{
	free(unit->source);
	free(unit->object);
	for (enum side side = PRE; side < NR_SIDES; side++) {
		kb_command_free(&unit->command[side]);
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
	kb_units_free(&build->units);
	kb_units_free(&build->post_units);
	kb_tool_close(&build->tool);
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
	const struct kbuild_spec *spec = build->spec;
	const char *root = spec->target->source;

	if (!spec->nr_patches)
		return err_code_new(ERR_USAGE, "no patch was given");
	err_try(dir_make(build->changes.dir));
	for (size_t i = 0; i < spec->nr_patches; i++)
		err_try(change_set_apply(&build->changes, spec->patches[i], root, build->progress));
	return change_set_settle(&build->changes, root);
}

static enum kbuild_state reached_state(const struct reached *unit)
{
	if (!unit->in[PRE] && !unit->in[POST])
		return KBUILD_NOT_BUILT;
	if (unit->same)
		return KBUILD_SAME;
	if (str_ends(unit->source, ".S"))
		return KBUILD_ASM;
	if (!unit->in[PRE])
		return KBUILD_NEW;
	if (!unit->in[POST])
		return KBUILD_REMOVED;
	return KBUILD_COMPILED;
}

static void add_owners(const struct kb_unit *unit, struct str_vec *owners)
{
	scope_free char *list = xstrdup(unit->owners);
	char *save = NULL;

	for (char *word = strtok_r(list, " ", &save); word; word = strtok_r(NULL, " ", &save))
		vec_push(owners, xstrdup(word));
}

static int compare_units(const void *a, const void *b)
{
	return strcmp(((const struct kbuild_unit *)a)->source,
		      ((const struct kbuild_unit *)b)->source);
}

static void list_files(struct build *build)
{
	const char *root = build->spec->target->source;

	vec_foreach(&build->changes.changes, it) {
		scope_free char *before = xasprintf("%s/%s", root, it->path);
		struct kbuild_file file = {.path = xstrdup(it->path)};

		if (file_exists(before))
			file.before = take_ptr(before);
		if (it->file)
			file.after = xstrdup(it->file);
		vec_push(&build->result->files, file);
	}
}

static void fill_result(struct build *build)
{
	struct kbuild_result *result = build->result;

	vec_foreach(&build->reached, it) {
		const struct kb_unit *unit = it->in[PRE] ? it->in[PRE] : it->in[POST];
		struct kbuild_unit out = {.source = take_ptr(it->source)};

		it->source = xstrdup(out.source);
		out.state = reached_state(it);
		if (it->object_file[POST])
			out.again = again_new(build, it);
		out.pre = take_ptr(it->object_file[PRE]);
		out.post = take_ptr(it->object_file[POST]);
		out.lib = unit && unit->kind == KB_UNIT_LIB;
		if (unit)
			add_owners(unit, &out.owners);
		vec_push(&result->units, out);
	}
	if (result->units.len)
		qsort(result->units.data, result->units.len, sizeof(*result->units.data),
		      compare_units);
	str_vec_sort_unique(&result->skipped_files);
	str_vec_sort_unique(&result->lost_files);
	list_files(build);
}

static struct err *run(struct build *build)
{
	struct kbuild_result *result = build->result;
	double start = clock_seconds();

	err_try(target_check_compiler(build->spec->target));
	err_try(dir_temp(dir_for_temp(), "suture-build", &result->work));
	build_layout(build);
	err_try(apply_patches(build));
	err_try(kb_tool_open(build->spec->target, result->work, &build->tool));
	err_try(kb_units_load(&build->tool, result->work, build->progress, &build->units));
	err_try(build_tree_make(build, PLACE_POST, build->spec->keep_lines));
	err_try(build_select(build));
	err_try(build_commands(build));
	result->seconds_patch = clock_seconds() - start;
	err_try(build_compile(build));
	fill_result(build);
	return NULL;
}

struct err *kbuild_prepare(const struct target *target, struct progress *progress)
{
	scope_dir_temp work = NULL;
	scope_kb_tool tool = {};
	scope_kb_units units = {};
	scope_kb_graph graph = NULL;

	err_try(target_check_compiler(target));
	err_try(dir_temp(dir_for_temp(), "suture-build", &work));
	err_try(kb_tool_open(target, work, &tool));
	err_try(kb_units_load(&tool, work, progress, &units));
	return kb_graph_load(&tool, &units, progress, &graph);
}

struct err *kbuild_run(const struct kbuild_spec *spec, struct progress *progress,
		       struct kbuild_result **resultp)
{
	struct build build = {.spec = spec, .progress = progress};

	build.result = xcalloc(1, sizeof(*build.result));

	struct err *err = run(&build);

	if (err)
		kbuild_result_free(build.result);
	else
		*resultp = build.result;
	build_free(&build);
	return err;
}
