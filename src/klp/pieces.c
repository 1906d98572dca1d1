/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Makes the pieces of a build, and selects the part of each that must be loaded. */
#include "klp/pieces.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/strbuf.h"
#include "klp/plain.h"
#include "klp/prove.h"
#include "klp/resolve.h"

static struct err *piece_add(struct build *build, struct unit *unit, const char *owner)
{
	const struct elf_object *module = NULL;

	if (strcmp(owner, "vmlinux")) {
		err_try(build_open_module(build, owner, &module));
		if (!module) {
			finding_add(
				&build->report->findings, "no-such-module", unit->source->source,
				NULL, "give the folder with the kernel's modules (--modules)",
				"this file belongs to module %s, which is not among the kernel's modules",
				owner);
			return NULL;
		}
	}

	struct piece *piece = xcalloc(1, sizeof(*piece));

	vec_push(&build->pieces, piece);
	piece->build = build;
	piece->unit = unit;
	piece->owner = owner;
	piece->module = module;
	return piece_prove(piece);
}

struct err *pieces_add(struct build *build)
{
	vec_foreach(&build->units, it) {
		const struct unit *unit = *it;

		if (diff_is_empty(unit->diff))
			continue;
		vec_foreach(&unit->source->owners, owner)
			err_try(piece_add(build, *it, *owner));
	}
	return NULL;
}

static struct err *piece_select(struct piece *piece, const struct str_vec *wanted)
{
	struct diff_select_options options = {
		.wanted = (const char *const *)wanted->data,
		.nr_wanted = wanted->len,
		.overridden = piece->overridden.data,
		.nr_overridden = piece->overridden.len,
		.key_in_module = piece_key_in_module,
		.ctx = piece,
	};

	diff_part_free(piece->selected);
	piece->selected = NULL;
	return err_wrap(diff_select(unit_diff(piece->unit), &options, &piece->selected), "%s",
			piece->unit->source->source);
}

/*
 * Selects all parts, again until nothing is added: a new reference of one part may need a new
 * symbol of another part, which then must carry it.
 */
static struct err *pieces_select_once(struct build *build)
{
	scope_str_vec wanted = {};
	size_t before;

	do {
		before = wanted.len;
		vec_foreach(&build->pieces, it)
			err_try(piece_select(*it, &wanted));
		vec_foreach(&build->pieces, it)
			vec_foreach(&(*it)->selected->externals, external)
				if (!external->orig)
					vec_push(&wanted, xstrdup(external->symbol->name));
		str_vec_sort_unique(&wanted);
	} while (wanted.len != before);
	return NULL;
}

struct err *pieces_select(struct build *build, double *mark)
{
	struct klp_seconds *seconds = &build->report->seconds;
	bool again;

	do {
		err_try(pieces_select_once(build));
		build_lap(mark, &seconds->safety);
		err_try(plain_make(build, &again));
		build_lap(mark, &seconds->compile_post); /* it compiles what needs it */
	} while (again);
	vec_foreach(&build->pieces, it)
		safety_check_part((*it)->selected, (*it)->unit->source->source,
				  &build->report->findings);
	return NULL;
}

void pieces_free(struct build *build)
{
	vec_foreach(&build->pieces, it) {
		struct piece *piece = *it;

		diff_part_free(piece->selected);
		match_free(piece->match);
		vec_free(&piece->overridden);
		vec_free(&piece->part.bindings);
		vec_free(&piece->part.funcs);
		free(piece);
	}
	vec_free(&build->pieces);
}
