/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The patched source as a farm over the pristine one, and how its units are compiled. */
#include <string.h>
#include <sys/stat.h>

#include "base/alloc.h"
#include "base/file.h"
#include "base/path.h"
#include "base/proc.h"
#include "kbuild/kbuild.h"
#include "pair/build.h"
#include "patch/patch.h"

static bool has_line_numbers(const struct change *change)
{
	return change->kind == CHANGE_MODIFIED &&
	       (str_ends(change->path, ".c") || str_ends(change->path, ".h"));
}

/* A copy of a changed file with #line directives, beside the plain one. */
static struct err *make_lined(struct build *build, const struct change *change, char **lined)
{
	scope_free char *original = xasprintf("%s/%s", build->spec->target->source, change->path);
	struct line_shift_vec shifts = {};
	scope_free char *text = NULL;
	scope_strbuf out = STRBUF_INIT;

	err_try(file_read(change->file, &text, NULL));

	struct err *err = line_shifts_find(original, change->file, &shifts);

	lines_keep(text, &shifts, &out);
	vec_free(&shifts);
	err_try(err);
	*lined = xasprintf("%s.lined", change->file);
	return file_write_scratch(*lined, out.buf, out.len);
}

struct err *build_tree_make(struct build *build, enum place place, bool lined)
{
	const char *source = build->spec->target->source;
	const char *dir = build->places[place].tree;

	err_try(farm_make(dir, source));
	vec_foreach(&build->changes.changes, it) {
		scope_free char *file = NULL;

		if (lined && has_line_numbers(it))
			err_try(make_lined(build, it, &file));
		err_try(farm_put(dir, source, it->path, file ? file : it->file));
	}
	return NULL;
}

/* The pristine tree needs no real folders: nothing is put into it. */
static struct err *make_real_dirs(struct build *build, enum place place)
{
	const struct build_place *at = &build->places[place];

	vec_foreach(&build->reached, it) {
		const struct kbuild_unit *unit =
			it->in[place == PLACE_PRE || !it->in[POST] ? PRE : POST];

		if (!unit)
			continue;
		err_try(kbuild_unit_descend(unit, at->dir, build->spec->target->build_dir));
		if (place != PLACE_PRE)
			err_try(kbuild_unit_descend(unit, at->tree, build->spec->target->source));
	}
	return NULL;
}

/* Only compilers run here: links do where makefiles would have to be kept from the original. */
static struct err *make_dir(const struct build *build, const struct build_place *at)
{
	const char *build_dir = build->spec->target->build_dir;

	err_try(farm_make(at->dir, build_dir));
	return farm_put(at->dir, build_dir, "source", at->tree);
}

struct err *build_place_make(struct build *build, enum place place)
{
	struct build_place *at = &build->places[place];

	if (at->is_made)
		return NULL;
	at->is_made = true;
	if (place == PLACE_PLAIN)
		err_try(build_tree_make(build, place, false));
	err_try(make_dir(build, at));
	err_try(kbuild_generated_link(&build->kbuild, at->dir, build->kbuild.cache));
	if (place != PLACE_PRE)
		err_try(kbuild_generated_link(&build->kbuild, at->dir, build->post_keep));
	return make_real_dirs(build, place);
}

/* Whether makefiles generate something into the folder of this object. */
static bool folder_is_generated_into(const struct build *build, const char *object)
{
	scope_free char *parent = path_parent(object);
	scope_free char *path = xasprintf("%s/generated/%s", build->kbuild.cache, parent);

	return dir_exists(path);
}

static bool changes_are_units_only(const struct build *build)
{
	vec_foreach(&build->changes.changes, it) {
		if (!str_ends(it->path, ".c"))
			return false;
	}
	return true;
}

static unsigned jobs_of(const struct build *build)
{
	return build->spec->jobs ? build->spec->jobs : proc_cpus();
}

/* Asks for the commands of the units that pick chooses. */
static struct err *query_side(struct build *build, enum side side, const bool *pick)
{
	scope_free char *dir =
		xasprintf("%s/query-%s", build->result->work, side == PRE ? "pre" : "post");
	struct kbuild_query query = {
		.dir = dir,
		.source = build->places[side == PRE ? PLACE_PRE : PLACE_POST].tree,
		.keep = side == PRE ? build->kbuild.cache : build->post_keep,
		.jobs = jobs_of(build),
	};
	struct kbuild_unit_list units = {};
	size_t count = 0;

	for (size_t i = 0; i < build->reached.len; i++) {
		if (pick[i])
			vec_push(&units, build->reached.data[i].in[side]);
	}

	scope_free struct kbuild_command *commands = xcalloc(units.len + 1, sizeof(*commands));
	struct err *err = kbuild_commands_query(&build->kbuild, &query, &units, commands);

	for (size_t i = 0; i < build->reached.len; i++) {
		if (pick[i])
			build->reached.data[i].command[side] = commands[count++];
	}
	vec_free(&units);
	return err_wrap(err, "the makefiles of the %s source fail",
			side == PRE ? "unpatched" : "patched");
}

static bool commands_equal(const struct kbuild_command *one, const struct kbuild_command *two)
{
	return !strcmp(one->compile, two->compile) && !strcmp(one->source, two->source) &&
	       !strcmp(one->objtool, two->objtool) && !strcmp(one->finish, two->finish);
}

/* A changed makefile matters to the units that it makes be compiled differently. */
static void judge_by_command(struct reached *unit)
{
	if (!unit->in[PRE] || !unit->in[POST] || unit->certain)
		return;
	if (unit->own_post_command && !commands_equal(&unit->command[PRE], &unit->command[POST]))
		unit->certain = true;
	else if (!unit->by_include)
		unit->same = true;
}

struct err *build_commands(struct build *build)
{
	size_t count = build->reached.len;
	scope_free bool *pre = xcalloc(count + 1, sizeof(*pre));
	scope_free bool *post = xcalloc(count + 1, sizeof(*post));
	bool units_only = changes_are_units_only(build);

	for (size_t i = 0; i < count; i++)
		pre[i] = build->reached.data[i].in[PRE];
	err_try(query_side(build, PRE, pre));
	for (size_t i = 0; i < count; i++) {
		struct reached *unit = &build->reached.data[i];

		/* The same text does for both sides unless makefiles or generators change. */
		post[i] = unit->in[POST] &&
			  (!unit->in[PRE] || build->makefiles_change ||
			   (!units_only && folder_is_generated_into(build, unit->object)));
		unit->own_post_command = post[i];
	}
	err_try(query_side(build, POST, post));
	for (size_t i = 0; i < count; i++)
		judge_by_command(&build->reached.data[i]);
	return NULL;
}
