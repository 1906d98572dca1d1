/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Fills the report: the state of each unit, the reasons of refusals, the totals and the verdict. */
#include "cover/table.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/json.h"
#include "base/strbuf.h"
#include "cover/commits.h"
#include "cover/fix_list.h"
#include "cover/header_names.h"
#include "cover/links.h"

const char *cover_verdict_name(enum cover_verdict verdict)
{
	static const char *const names[] = {
		[COVER_EQUIVALENT] = "equivalent",
		[COVER_PARTIAL] = "partial",
		[COVER_NOTHING] = "nothing",
	};

	return names[verdict];
}

bool cover_unit_is_open(const struct cover_unit *unit)
{
	return cover_state_is_open(unit->state);
}

void table_note_not_built(struct covering *covering)
{
	vec_foreach(&covering->report->build->findings, it) {
		/* A header counts as part of the kernel even if its change affects no file. */
		bool is_header = it->file && str_ends(it->file, ".h");
		bool skipped = !is_header && (!strcmp(it->rule, "not-built") ||
					      !strcmp(it->rule, "file-skipped"));
		const struct atom_file *file =
			skipped && it->file ? atoms_find_file(&covering->atoms, it->file) : NULL;

		if (file)
			covering->files[file - covering->atoms.files.data].not_built = true;
	}
}

static const char *atom_path(const struct covering *covering, const struct source_atom *atom)
{
	return covering->atoms.files.data[atom->file].change->path;
}

/* Returns whether the module replaces or adds a function that the atom declares. */
static bool atom_has_code(const struct covering *covering, const struct source_atom *atom)
{
	const struct klp_report *build = covering->report->build;
	const char *path = atom_path(covering, atom);

	if (!build)
		return false;
	vec_foreach(&build->functions, it) {
		if (strcmp(it->file, path))
			continue;
		if (atom->is_whole)
			return true;
		vec_foreach(&atom->declares, name)
			if (!strcmp(covering->atoms.names.text.data[*name], it->name))
				return true;
	}
	return false;
}

/* Returns whether a header's atom may affect the module's functions, which lie in other files. */
static bool header_has_code(const struct covering *covering, const struct source_atom *atom)
{
	const struct klp_report *build = covering->report->build;
	const char *path = atom_path(covering, atom);

	return build && str_ends(path, ".h") && build->functions.len &&
	       (atom->is_whole || header_atom_reaches(atom));
}

/* Returns "fs/pipe.c: pipe_read", or the path of a file that is not cut; free(). */
static char *atom_label(const struct covering *covering, const struct source_atom *atom)
{
	const char *path = atom_path(covering, atom);

	return atom->is_whole ? xstrdup(path) : xasprintf("%s: %s", path, atom->name);
}

static void unit_add_atom(struct covering *covering, struct cover_unit *unit, size_t number,
			  bool *has_code)
{
	const struct source_atom *atom = &covering->atoms.atoms.data[number];
	const char *path = atom_path(covering, atom);

	if (!unit->name)
		unit->name = atom_label(covering, atom);
	str_vec_add(&unit->files, path);
	if (atom->is_function) {
		vec_push(&unit->functions, xstrdup(atom->name));
		unit->nr_built += !covering->files[atom->file].not_built;
	}
	findings_append(&unit->reasons, &covering->reasons[number]);
	if (covering->carried[number] && covering->refitted[number])
		finding_add(
			&unit->reasons, "layout-extended", path, atom->tag,
			"make sure that zero is a value of the new members that existing objects may have",
			"its new members lie in space that the kernel's layout leaves unused, and not where the update places them");
	*has_code |= atom_has_code(covering, atom) || header_has_code(covering, atom);
}

/* Lists the changes outside a unit that is left out that it needs, and that are left out, too. */
static void unit_list_needs(const struct covering *covering, const struct atom_list *members,
			    struct cover_unit *unit)
{
	size_t number = links_unit(covering->unit, members->data[0]);

	vec_foreach(&covering->needs, it) {
		if (covering->carried[it->needed] || covering->kept[it->needed] ||
		    links_unit(covering->unit, it->atom) != number)
			continue;

		scope_free char *label =
			atom_label(covering, &covering->atoms.atoms.data[it->needed]);

		str_vec_add(&unit->needs, label);
	}
}

/* Returns whether only comments and white space of a C file change. */
static bool atom_is_silent(const struct covering *covering, const struct source_atom *atom)
{
	const struct tree_change *change = covering->atoms.files.data[atom->file].change;
	bool is_c = str_ends(change->path, ".c") || str_ends(change->path, ".h");

	return atom->is_whole && is_c && change->before && change->after && !atom->names.len;
}

static bool unit_is_built(const struct covering *covering, const struct atom_list *members)
{
	vec_foreach(members, it) {
		const struct source_atom *atom = &covering->atoms.atoms.data[*it];

		if (!covering->files[atom->file].not_built || atom_is_silent(covering, atom))
			return true;
	}
	return false;
}

/* Refuses a unit with a type that no probe showed, since it may affect unchanged code. */
static void unit_judge_unseen(struct covering *covering, const struct atom_list *members,
			      struct cover_unit *unit)
{
	vec_foreach(members, it) {
		const struct source_atom *atom = &covering->atoms.atoms.data[*it];

		if (unit->state != COVER_NO_CODE || !covering->unseen[*it])
			continue;
		unit->state = COVER_REFUSED;
		finding_add(
			&unit->reasons, "change-lost", atom_path(covering, atom), atom->name,
			"compare the layouts of both versions",
			"no changed file uses it, so Suture cannot tell whether its layout changes");
	}
}

/* Returns whether the unit's files that the kernel compiles are all in modules the machine lacks.
 */
static bool unit_is_elsewhere(const struct covering *covering, const struct atom_list *members)
{
	bool any = false;

	vec_foreach(members, it) {
		const struct covered_file *file =
			&covering->files[covering->atoms.atoms.data[*it].file];

		if (!file->elsewhere && !file->not_built)
			return false;
		any |= file->elsewhere;
	}
	return any;
}

/* Returns whether the last build contains the unit; types that are kept as they were do not count.
 */
static bool unit_is_carried(const struct covering *covering, const struct atom_list *members)
{
	vec_foreach(members, it)
		if (!covering->kept[*it])
			return covering->carried[*it];
	return true;
}

static void table_add(struct covering *covering, const struct atom_list *members)
{
	struct cover_report *report = covering->report;
	struct cover_unit unit = {};
	bool has_code = false;

	vec_foreach(members, it)
		unit_add_atom(covering, &unit, *it, &has_code);
	findings_sort_unique(&unit.reasons);
	unit.replaced = covering->replaced[members->data[0]];
	if (unit.replaced)
		unit.state = COVER_PATCHED;
	else if (!unit_is_carried(covering, members) && !unit_is_built(covering, members))
		unit.state = COVER_NOT_BUILT;
	else if (!unit_is_carried(covering, members))
		unit.state = unit.reasons.len ? COVER_REFUSED : COVER_DROPPED_WITH;
	else if (has_code)
		unit.state = COVER_PATCHED;
	else
		unit.state = unit_is_built(covering, members) ? COVER_NO_CODE : COVER_NOT_BUILT;
	if (unit.state == COVER_DROPPED_WITH)
		unit_list_needs(covering, members, &unit);
	unit_judge_unseen(covering, members, &unit);
	unit.elsewhere = unit_is_elsewhere(covering, members);
	report->totals.units[unit.state]++;
	if (unit.state <= COVER_DROPPED_WITH)
		report->totals.functions_changed += unit.nr_built;
	if (unit.state == COVER_PATCHED)
		report->totals.functions_patched += unit.nr_built;
	vec_push(&report->units, unit);
}

/* Returns whether code that ran at boot had unpatched code inlined, whose effects remain. */
static bool effects_remain(const struct klp_report *build)
{
	if (build)
		vec_foreach(&build->findings, it)
			if (!strcmp(it->rule, "init-function"))
				return true;
	return false;
}

static enum cover_verdict table_verdict(const struct cover_report *report)
{
	const struct cover_totals *totals = &report->totals;
	bool open = effects_remain(report->build);

	vec_foreach(&report->units, it)
		open |= !it->elsewhere && cover_unit_is_open(it);
	if (!open)
		return COVER_EQUIVALENT;
	return totals->units[COVER_PATCHED] ? COVER_PARTIAL : COVER_NOTHING;
}

void table_fill(struct covering *covering)
{
	struct cover_report *report = covering->report;
	size_t count = covering->atoms.atoms.len;
	scope_free struct atom_list *members = xcalloc(count + 1, sizeof(*members));
	scope_free size_t *unit_of = xcalloc(count + 1, sizeof(*unit_of));

	report->totals.files = covering->changes.len;
	for (size_t i = 0; i < count; i++)
		vec_push(&members[links_unit(covering->unit, i)], i);
	for (size_t i = 0; i < count; i++) {
		vec_foreach(&members[i], it)
			unit_of[*it] = report->units.len;
		if (members[i].len)
			table_add(covering, &members[i]);
		vec_free(&members[i]);
	}
	fix_list_judge(covering, unit_of);
	commits_judge(covering, unit_of);
	report->verdict = table_verdict(report);
	if (report->build && report->build->module)
		report->module = xstrdup(report->build->module);
}

static int unit_compare_weight(const void *one, const void *two)
{
	const struct cover_unit *first = *(const struct cover_unit *const *)one;
	const struct cover_unit *second = *(const struct cover_unit *const *)two;

	if (first->cves.len != second->cves.len)
		return first->cves.len > second->cves.len ? -1 : 1;
	if (first->elsewhere != second->elsewhere)
		return first->elsewhere ? 1 : -1;
	if (first->nr_built != second->nr_built)
		return first->nr_built > second->nr_built ? -1 : 1;
	return strcmp(first->name, second->name);
}

void cover_open_units(const struct cover_report *report, struct cover_unit_list *units)
{
	vec_foreach(&report->units, it)
		if (cover_unit_is_open(it))
			vec_push(units, it);
	if (units->len)
		qsort(units->data, units->len, sizeof(*units->data), unit_compare_weight);
}

void cover_report_free(struct cover_report *report)
{
	if (!report)
		return;
	vec_foreach(&report->units, it) {
		free(it->name);
		str_vec_free(&it->files);
		str_vec_free(&it->functions);
		findings_free(&it->reasons);
		str_vec_free(&it->needs);
		str_vec_free(&it->cves);
	}
	vec_free(&report->units);
	cover_fixes_free(&report->fixes);
	vec_foreach(&report->commits, it) {
		free(it->id);
		free(it->name);
		vec_free(&it->open);
	}
	vec_free(&report->commits);
	klp_report_free(report->build);
	json_decref(report->kept);
	free(report->name);
	free(report->module);
	free(report->from);
	free(report->to);
	free(report);
}

void cover_report_freep(struct cover_report **reportp)
{
	cover_report_free(*reportp);
}
