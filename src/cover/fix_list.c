/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads a list of security fixes, keeps the changes of each together, and finds what it carries. */
#include "cover/fix_list.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/cve.h"
#include "base/file.h"
#include "base/text.h"
#include "cover/commits.h"
#include "cover/fix_state.h"
#include "cover/links.h"

#define FIX_FIELDS 4

void cover_fixes_free(struct cover_fix_vec *fixes)
{
	vec_foreach(fixes, it) {
		free(it->version);
		free(it->cve);
		free(it->commit);
		str_vec_free(&it->files);
		vec_free(&it->open);
	}
	vec_free(fixes);
}

/* Adds the paths of a field, which spaces divide. */
static void fix_add_files(struct cover_fix *fix, const char *text)
{
	while (*(text += strspn(text, " "))) {
		size_t len = strcspn(text, " ");
		scope_free char *path = xstrndup(text, len);

		str_vec_add(&fix->files, path);
		text += len;
	}
}

/* Divides a line at its tabs, in place; returns the number of fields, at most FIX_FIELDS. */
static size_t line_divide(char *line, char *fields[FIX_FIELDS])
{
	size_t count = 0;

	for (char *rest = line; rest && count < FIX_FIELDS;) {
		fields[count++] = rest;
		rest = strchr(rest, '\t');
		if (rest)
			*rest++ = '\0';
	}
	for (size_t i = 0; i < count; i++)
		fields[i] = str_trim(fields[i]);
	return count;
}

static struct err *fix_read(char *line, const char *path, unsigned number,
			    struct cover_fix_vec *fixes)
{
	char *fields[FIX_FIELDS] = {};
	size_t count = line_divide(line, fields);
	struct cover_fix fix = {};

	if (count < 3 || !cve_is_id(fields[1]) || !*fields[2])
		return err_new(
			"%s:%u: expected the version, the CVE id and the files of a fix, separated by tabs",
			path, number);
	/* Until the changes are known, any fix may be among them. */
	fix.state = COVER_FIX_OPEN;
	fix.version = xstrdup(fields[0]);
	fix.cve = xstrdup(fields[1]);
	fix.commit = fields[3] && *fields[3] ? xstrdup(fields[3]) : NULL;
	fix_add_files(&fix, fields[2]);
	vec_push(fixes, fix);
	return NULL;
}

struct err *fix_list_read(const char *path, struct cover_fix_vec *fixes)
{
	scope_free char *text = NULL;
	unsigned number = 0;
	size_t size;

	err_try(file_read_stream(path, &text, &size));
	if (strlen(text) != size)
		return err_new("%s: contains a NUL byte, so it is not a list of fixes", path);
	for (char *line = text, *next; line; line = next) {
		next = strchr(line, '\n');
		if (next)
			*next++ = '\0';
		number++;
		if (*line && *line != '#')
			err_try(fix_read(line, path, number, fixes));
	}
	return NULL;
}

/* Reads the version 6.1.171 of a package "6.1.171-2" as three numbers; returns whether it has them.
 */
static bool version_read(const char *text, unsigned numbers[3])
{
	return sscanf(text, "%u.%u.%u", &numbers[0], &numbers[1], &numbers[2]) == 3;
}

/*
 * Returns whether a fix came after one version and not after the other, of the same series. Between
 * two revisions of one version, a distribution adds fixes of later versions.
 */
static bool fix_is_between(const char *version, const unsigned from[3], const unsigned to[3])
{
	unsigned own[3] = {from[0], from[1], 0};
	char *end;

	if (strchr(version, '.')) {
		if (!version_read(version, own))
			return false;
	} else {
		own[2] = strtoul(version, &end, 10);
		if (end == version || *end)
			return false;
	}
	return own[0] == from[0] && own[1] == from[1] && from[2] < own[2] &&
	       (own[2] <= to[2] || from[2] == to[2]);
}

void fix_list_select(struct cover_fix_vec *fixes, const char *from, const char *to)
{
	unsigned first[3], last[3];

	if (!version_read(from, first))
		return;
	/* A folder with a source has a path in place of a version: any later fix may be in it. */
	if (!version_read(to, last))
		memcpy(last, first, sizeof(last));
	vec_foreach(fixes, it)
		if (!fix_is_between(it->version, first, last))
			it->state = COVER_FIX_ABSENT;
}

/* Calls for each atom in files of the fix that differ. */
#define fix_foreach_atom(fix, atoms, number)                                                       \
	vec_foreach(&(fix)->files, path_)                                                          \
		for (const struct atom_file *file_ = atoms_find_file(atoms, *path_); file_;        \
		     file_ = NULL)                                                                 \
			for (size_t number = file_->first; number < file_->end; number++)

static bool atom_in_header(const struct atoms *atoms, size_t number)
{
	const struct source_atom *atom = &atoms->atoms.data[number];

	return str_ends(atoms->files.data[atom->file].change->path, ".h");
}

static bool atom_names(const struct source_atom *user, const struct source_atom *declarer)
{
	vec_foreach(&declarer->declares, it)
		if (name_set_has(&user->names, *it))
			return true;
	return false;
}

/* Returns whether a header's atom may belong to a fix: whether changes in its sources name it. */
static bool fix_names_atom(const struct cover_fix *fix, const struct atoms *atoms, size_t header)
{
	const struct source_atom *declarer = &atoms->atoms.data[header];

	if (declarer->is_whole)
		return true;
	fix_foreach_atom(fix, atoms,
			 i) if (!atom_in_header(atoms, i) &&
				atom_names(&atoms->atoms.data[i], declarer)) return true;
	return false;
}

/* Lists the atoms that may belong to the fix. */
static void fix_atoms(const struct covering *covering, const struct cover_fix *fix,
		      struct atom_list *list)
{
	const struct atom_list *known = commits_find(covering, fix->commit);
	const struct atoms *atoms = &covering->atoms;
	bool sources = false;

	for (size_t i = 0; known && i < known->len; i++)
		vec_push(list, known->data[i]);
	if (known)
		return;

	fix_foreach_atom(fix, atoms, i) sources |= !atom_in_header(atoms, i);
	fix_foreach_atom(fix, atoms, i) if (!sources || !atom_in_header(atoms, i) ||
					    fix_names_atom(fix, atoms, i)) vec_push(list, i);
}

void fix_list_join(struct covering *covering)
{
	vec_foreach(&covering->report->fixes, it) {
		struct atom_list list = {};

		if (it->state != COVER_FIX_ABSENT)
			fix_atoms(covering, it, &list);
		for (size_t i = 1; i < list.len; i++)
			links_join(covering->unit, list.data[0], list.data[i]);
		vec_free(&list);
	}
}

static void fix_judge(struct covering *covering, const size_t *unit_of, struct cover_fix *fix)
{
	struct atom_list list = {};

	if (fix->state == COVER_FIX_ABSENT)
		return;
	fix->state = COVER_FIX_ABSENT;
	fix_atoms(covering, fix, &list);
	vec_foreach(&list, it) {
		struct cover_unit *unit = &covering->report->units.data[unit_of[*it]];

		str_vec_add(&unit->cves, fix->cve);
		fix_state_note(unit, unit_of[*it], &fix->state, &fix->open);
	}
	vec_free(&list);
}

/* Counts a fix; of several with one id, the one whose state comes last counts. */
static void fix_count(const struct cover_fix *fix, struct strmap *states, size_t *counts)
{
	uint32_t before = strmap_get(states, fix->cve);

	if (before != STRMAP_NONE && before >= fix->state)
		return;
	if (before != STRMAP_NONE)
		counts[before]--;
	counts[fix->state]++;
	strmap_set(states, fix->cve, fix->state);
}

void fix_list_judge(struct covering *covering, const size_t *unit_of)
{
	struct cover_report *report = covering->report;
	scope_strmap states = {};

	vec_foreach(&report->fixes, it) {
		fix_judge(covering, unit_of, it);
		fix_count(it, &states, report->totals.cves);
	}
}
