/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Turns patches into pairs of objects; at the end of the file, each step is one function, in order.
 */
#include "pair/pair.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/proc.h"
#include "base/tempdir.h"
#include "pair/commands.h"
#include "pair/compile.h"
#include "pair/hostile.h"
#include "pair/pairing.h"
#include "pair/recompile.h"
#include "pair/trees.h"

static void pair_unit_free(struct pair_unit *unit)
{
	free(unit->source);
	free(unit->pre);
	free(unit->post);
	free(unit->layout);
	str_vec_free(&unit->owners);
	err_free(unit->failure);
	free(unit->output);
	free(unit->kept);
	pair_recipe_free(unit->recipe);
}

void pair_result_free(struct pair_result *result)
{
	if (!result)
		return;
	vec_foreach(&result->units, it)
		pair_unit_free(it);
	vec_free(&result->units);
	vec_foreach(&result->files, it) {
		free(it->path);
		free(it->before);
		free(it->after);
	}
	vec_free(&result->files);
	findings_free(&result->findings);
	str_vec_free(&result->cves);
	settled_units_free(&result->skipped);
	dir_temp_cleanup(&result->work);
	free(result);
}

void pair_result_freep(struct pair_result **resultp)
{
	pair_result_free(*resultp);
}

static void paired_unit_free(struct paired_unit *unit)
{
	for (enum side side = PRE; side < NR_SIDES; side++) {
		kbuild_command_free(&unit->command[side]);
		free(unit->object_file[side]);
	}
	free(unit->layout);
	free(unit->layout_file);
	free(unit->reads);
	free(unit->kept);
	err_free(unit->failure);
	free(unit->output);
}

static void pairing_free(struct pairing *pairing)
{
	vec_foreach(&pairing->units, it)
		paired_unit_free(it);
	vec_free(&pairing->units);
	reach_result_free(pairing->reach);
	change_set_free(&pairing->changes);
	free(pairing->changes.dir);
	kbuild_close(&pairing->kbuild);
	for (enum place place = PLACE_PRE; place < NR_PLACES; place++) {
		free(pairing->places[place].tree);
		free(pairing->places[place].dir);
	}
	free(pairing->post_keep);
	free(pairing->query_tree);
	sandbox_free(pairing->sandbox);
}

static void pairing_lay_out(struct pairing *pairing)
{
	const char *work = pairing->result->work;

	pairing->changes.dir = xasprintf("%s/files", work);
	pairing->places[PLACE_PRE].tree = xstrdup(pairing->spec->target->source);
	pairing->places[PLACE_POST].tree = xasprintf("%s/tree", work);
	pairing->places[PLACE_PLAIN].tree = xasprintf("%s/plain-tree", work);
	pairing->places[PLACE_PRE].dir = xasprintf("%s/pre", work);
	pairing->places[PLACE_POST].dir = xasprintf("%s/post", work);
	pairing->places[PLACE_PLAIN].dir = xasprintf("%s/plain", work);
	pairing->query_tree = xasprintf("%s/query-tree", work);
	pairing->post_keep = xasprintf("%s/post-answers", work);
}

static struct err *pairing_confine(struct pairing *pairing)
{
	const struct confine_spec confine = {
		.target = pairing->spec->target,
		.kind = pairing->spec->sandbox,
		.work = pairing->result->work,
		.headers = {pairing->spec->include_dir},
	};

	return confine_build(&confine, &pairing->sandbox);
}

static struct err *pairing_apply(struct pairing *pairing)
{
	const struct pair_spec *spec = pairing->spec;
	const char *root = spec->target->source;

	if (!spec->nr_patches && !spec->nr_files)
		return err_code_new(ERR_USAGE, "no patch was given");
	pairing->changes.sandbox = pairing->sandbox;
	err_try(dir_make(pairing->changes.dir));
	for (size_t i = 0; i < spec->nr_files; i++)
		err_try(change_set_put(&pairing->changes, root, spec->files[i].path,
				       spec->files[i].file));
	for (size_t i = 0; i < spec->nr_patches; i++)
		err_try(change_set_apply(&pairing->changes, spec->patches[i], root));
	findings_append(&pairing->result->findings, &pairing->changes.findings);
	pairing->result->cves = pairing->changes.cves;
	pairing->changes.cves = (struct str_vec){};
	err_try(change_set_settle(&pairing->changes, root));
	for (size_t i = 0; i < spec->nr_files; i++) {
		struct change *change = change_find(&pairing->changes, spec->files[i].path);

		if (change)
			change->names = spec->files[i].names;
	}
	return NULL;
}

static enum pair_state pairing_state(const struct paired_unit *unit)
{
	const struct kbuild_unit *const *in = unit->unit->in;

	if (!in[PRE] && !in[POST])
		return PAIR_NOT_BUILT;
	if (unit->failure)
		return PAIR_FAILED;
	if (unit->same)
		return PAIR_SAME;
	if (str_ends(unit->unit->source, ".S"))
		return PAIR_ASM;
	if (!in[PRE])
		return PAIR_NEW;
	if (!in[POST])
		return PAIR_REMOVED;
	return PAIR_COMPILED;
}

static void pairing_add_owners(const struct kbuild_unit *unit, struct str_vec *owners)
{
	scope_free char *list = xstrdup(unit->owners);
	char *save = NULL;

	for (char *word = strtok_r(list, " ", &save); word; word = strtok_r(NULL, " ", &save))
		vec_push(owners, xstrdup(word));
}

static int pairing_compare(const void *a, const void *b)
{
	return strcmp(((const struct pair_unit *)a)->source, ((const struct pair_unit *)b)->source);
}

static void pairing_list_files(struct pairing *pairing)
{
	const char *root = pairing->spec->target->source;

	vec_foreach(&pairing->changes.changes, it) {
		scope_free char *before = xasprintf("%s/%s", root, it->path);
		struct changed_file file = {.path = xstrdup(it->path)};

		if (file_exists(before))
			file.before = take_ptr(before);
		if (it->file)
			file.after = xstrdup(it->file);
		vec_push(&pairing->result->files, file);
	}
}

static void pairing_add_unit(struct pairing *pairing, struct paired_unit *paired)
{
	const struct reached_unit *reached = paired->unit;
	const struct kbuild_unit *unit = reached->in[PRE] ? reached->in[PRE] : reached->in[POST];
	struct pair_unit out = {.source = xstrdup(reached->source), .state = pairing_state(paired)};

	if (paired->object_file[POST])
		out.recipe = pair_recipe_new(pairing, paired);
	out.pre = take_ptr(paired->object_file[PRE]);
	out.post = take_ptr(paired->object_file[POST]);
	out.layout = take_ptr(paired->layout_file);
	out.kept = take_ptr(paired->kept);
	out.failure = take_ptr(paired->failure);
	out.output = take_ptr(paired->output);
	out.moved = reached->moved;
	out.lib = unit && unit->kind == KBUILD_UNIT_LIB;
	if (unit)
		pairing_add_owners(unit, &out.owners);
	vec_push(&pairing->result->units, out);
}

static void pairing_fill_result(struct pairing *pairing)
{
	struct pair_result *result = pairing->result;

	vec_foreach(&pairing->units, it)
		pairing_add_unit(pairing, it);
	if (result->units.len)
		qsort(result->units.data, result->units.len, sizeof(*result->units.data),
		      pairing_compare);
	if (pairing->reach)
		findings_append(&result->findings, &pairing->reach->findings);
	pairing_list_files(pairing);
}

static void pairing_take_unit(struct pairing *pairing, const struct reached_unit *reached)
{
	const struct pair_spec *spec = pairing->spec;
	const struct settled_unit *settled = NULL;

	if (!(reached->reasons & REACH_ALTERED))
		settled = settled_unit_find(spec->settled, reached->source);
	if (settled && spec->skip_settled && !settled->needed) {
		settled_units_add(&pairing->result->skipped, settled);
		return;
	}
	vec_push(&pairing->units, (struct paired_unit){
					  .unit = reached,
					  .settled = settled,
					  .certain = reached->reasons & REACH_SOURCE,
					  .same = reached->only_comments,
					  .post_place = PLACE_POST,
				  });
}

/* Finds the units that the patches reach, and notes what is known about them before compiling. */
static struct err *pairing_find_units(struct pairing *pairing)
{
	struct reach_spec reach = {
		.most_users = pairing->spec->most_users,
		.altered = pairing->spec->altered,
		.kbuild = &pairing->kbuild,
		.changes = &pairing->changes,
		.tree = pairing->places[PLACE_POST].tree,
		.query_tree = pairing->query_tree,
		.work = pairing->result->work,
	};

	err_try(reach_find(&reach, pairing->progress, &pairing->reach));
	vec_foreach(&pairing->reach->reached, it)
		pairing_take_unit(pairing, it);
	return NULL;
}

static struct err *pair_units(struct pairing *pairing)
{
	struct pair_result *result = pairing->result;
	double start = clock_seconds();

	err_try(target_check_compiler(pairing->spec->target));
	err_try(dir_temp(dir_for_temp(), "suture-build", &result->work));
	pairing_lay_out(pairing);
	err_try(pairing_confine(pairing));
	err_try(pairing_apply(pairing));
	pairing->kbuild.progress = pairing->progress;
	err_try(kbuild_open(pairing->spec->target, result->work, pairing->sandbox,
			    &pairing->kbuild));
	err_try(hostile_find(pairing));
	if (findings_refuse(&result->findings)) {
		pairing_fill_result(pairing);
		return NULL;
	}
	err_try(trees_make(pairing, PLACE_POST, pairing->spec->keep_lines));
	err_try(hostile_make_query_tree(pairing));
	err_try(pairing_find_units(pairing));
	if (pairing->spec->judge_first && findings_refuse(&pairing->reach->findings)) {
		pairing->units.len = 0;
		pairing->result->judged_only = true;
		pairing_fill_result(pairing);
		return NULL;
	}
	err_try(hostile_restore_programs(pairing));
	err_try(commands_ask(pairing));
	result->seconds_patch = clock_seconds() - start;
	err_try(compile_units(pairing));
	pairing_fill_result(pairing);
	return reach_new_assembler(&result->files, &result->findings);
}

struct err *pair_prepare(const struct target *target, enum sandbox_kind kind,
			 struct progress *progress)
{
	scope_dir_temp work = NULL;
	scope_sandbox sandbox = NULL;
	scope_kbuild kbuild = {.progress = progress};

	err_try(target_check_compiler(target));
	err_try(dir_temp(dir_for_temp(), "suture-build", &work));
	err_try(confine_build(&(struct confine_spec){.target = target, .kind = kind, .work = work},
			      &sandbox));
	err_try(kbuild_open(target, work, sandbox, &kbuild));
	return reach_prepare(&kbuild, work, progress);
}

struct err *pair_run(const struct pair_spec *spec, struct progress *progress,
		     struct pair_result **resultp)
{
	scope_pair_result result = xcalloc(1, sizeof(*result));
	struct pairing pairing = {.spec = spec, .progress = progress, .result = result};
	struct err *err = pair_units(&pairing);

	if (!err)
		*resultp = take_ptr(result);
	pairing_free(&pairing);
	return err;
}
