/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The patched source as a farm over the pristine one, with #line directives where lines moved,
 * and the build folders in which the compilers run.
 */
#include "pair/trees.h"

#include <string.h>
#include <sys/stat.h>

#include "base/alloc.h"
#include "base/file.h"
#include "base/path.h"
#include "base/proc.h"
#include "kbuild/kbuild.h"
#include "pair/hostile.h"
#include "patch/patch.h"

static bool trees_has_line_numbers(const struct change *change)
{
	return change->kind == CHANGE_MODIFIED &&
	       (str_ends(change->path, ".c") || str_ends(change->path, ".h"));
}

/* A copy of a changed file with #line directives, beside the plain one. */
static struct err *trees_make_lined(struct pairing *pairing, const struct change *change,
				    char **lined)
{
	scope_free char *original = xasprintf("%s/%s", pairing->spec->target->source, change->path);
	struct line_shift_vec shifts = {};
	scope_free char *text = NULL;
	scope_strbuf out = STRBUF_INIT;

	err_try(file_read(change->file, &text, NULL));

	struct err *err = line_shifts_find(original, change->file, pairing->sandbox, &shifts);

	lines_keep(text, &shifts, &out);
	vec_free(&shifts);
	err_try(err);
	*lined = xasprintf("%s.lined", change->file);
	return file_write_scratch(*lined, out.buf, out.len);
}

struct err *trees_make(struct pairing *pairing, enum place place, bool lined)
{
	const char *source = pairing->spec->target->source;
	const char *dir = pairing->places[place].tree;

	err_try(farm_make(dir, source));
	vec_foreach(&pairing->changes.changes, it) {
		scope_free char *file = NULL;

		/* A compiler's command may end with a script, which stays unchanged. */
		if (hostile_is_program_place(it->path))
			continue;
		if (lined && trees_has_line_numbers(it))
			err_try(trees_make_lined(pairing, it, &file));
		err_try(farm_put(dir, source, it->path, file ? file : it->file));
	}
	return NULL;
}

/* The pristine tree is left alone: nothing is added to it. */
static struct err *trees_make_real_dirs(struct pairing *pairing, enum place place)
{
	const struct pair_place *at = &pairing->places[place];

	vec_foreach(&pairing->reach->reached, it) {
		const struct kbuild_unit *unit =
			it->in[place == PLACE_PRE || !it->in[POST] ? PRE : POST];

		if (!unit)
			continue;
		err_try(kbuild_unit_descend(unit, at->dir, pairing->spec->target->build_dir));
		if (place != PLACE_PRE)
			err_try(kbuild_unit_descend(unit, at->tree, pairing->spec->target->source));
	}
	return NULL;
}

/* Only compilers run here, which do not write through links as makefiles would. */
static struct err *trees_make_dir(const struct pairing *pairing, const struct pair_place *at)
{
	const char *build_dir = pairing->spec->target->build_dir;

	err_try(farm_make(at->dir, build_dir));
	return farm_put(at->dir, build_dir, "source", at->tree);
}

struct err *trees_make_place(struct pairing *pairing, enum place place)
{
	struct pair_place *at = &pairing->places[place];

	if (at->is_made)
		return NULL;
	at->is_made = true;
	if (place == PLACE_PLAIN)
		err_try(trees_make(pairing, place, false));
	err_try(trees_make_dir(pairing, at));
	err_try(kbuild_generated_link(&pairing->kbuild, at->dir, pairing->kbuild.cache));
	if (place != PLACE_PRE)
		err_try(kbuild_generated_link(&pairing->kbuild, at->dir, pairing->post_keep));
	return trees_make_real_dirs(pairing, place);
}
