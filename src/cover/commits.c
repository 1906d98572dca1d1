/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Finds the atoms that the commits of a series change, by the lines of their diffs. */
#include "cover/commits.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/lower_bound.h"
#include "cover/fix_state.h"
#include "cover/links.h"

/* A shorter line, such as "return ret;", does not tell by itself where it belongs. */
#define TELLING_TOKENS 4

/* A line of an atom that only one version of it contains. */
struct changed_line {
	uint64_t hash; /* of its tokens */
	unsigned side; /* 0: the old version has it, 1: the new one */
	size_t atom;
};

struct changed_line_vec VEC(struct changed_line);

/* The changed lines of a file, sorted; filled when a commit first changes it. */
struct line_index {
	bool filled;
	struct changed_line_vec lines;
};

static int changed_line_compare(const void *a, const void *b)
{
	const struct changed_line *one = a, *two = b;

	if (one->hash != two->hash)
		return one->hash > two->hash ? 1 : -1;
	if (one->side != two->side)
		return one->side > two->side ? 1 : -1;
	return (one->atom > two->atom) - (one->atom < two->atom);
}

static void changed_lines_sort(struct changed_line_vec *lines)
{
	if (lines->len)
		qsort(lines->data, lines->len, sizeof(*lines->data), changed_line_compare);
}

static void line_index_fill(const struct atom_file *file, struct line_index *index)
{
	struct changed_line_vec all = {};

	index->filled = true;
	for (size_t i = 0; i < file->steps.len; i++) {
		const struct chunk_step *step = &file->steps.data[i];
		const struct cfile *text;
		struct code_lines lines = {};

		if (file->atom_of.data[i] == NO_ATOM)
			continue;

		const struct cchunk *chunk = atom_file_chunk(file, step, &text);

		code_lines_read(&text->tokens, chunk->start, chunk->end, &lines);
		vec_foreach(&lines, it)
			vec_push(&all, (struct changed_line){it->hash, step->op == CHUNK_IN,
							     file->atom_of.data[i]});
		vec_free(&lines);
	}
	changed_lines_sort(&all);
	vec_foreach(&all, it) {
		struct changed_line other = {it->hash, !it->side, it->atom};

		if (!bsearch(&other, all.data, all.len, sizeof(other), changed_line_compare))
			vec_push(&index->lines, *it);
	}
	vec_free(&all);
}

/* Returns the first line with this hash on this side, or NULL; those that follow may be alike. */
static const struct changed_line *line_index_find(const struct line_index *index, uint64_t hash,
						  unsigned side)
{
	const struct changed_line wanted = {hash, side, 0};
	size_t first = lower_bound(index->lines.data, index->lines.len, it,
				   changed_line_compare(it, &wanted) < 0);

	if (first == index->lines.len)
		return NULL;

	const struct changed_line *found = &index->lines.data[first];

	return found->hash == hash && found->side == side ? found : NULL;
}

/* The search for the atoms that one hunk changes. */
struct hunk_search {
	const struct line_index *index;
	const struct atom_file *file;
	unsigned *votes; /* for each atom of the file: the hunk's lines that it may be */
	bool told;	 /* some line belongs to one atom alone */
	struct atom_list *found;
};

static void hunk_take_line(struct hunk_search *search, unsigned side, const char *text, size_t len)
{
	const struct changed_line *end = search->index->lines.data + search->index->lines.len;
	const struct changed_line *line = NULL;
	struct ctoken_vec tokens = {};
	struct code_lines lines = {};
	size_t last = NO_ATOM, atoms = 0;

	ctokens_cut(text, len, &tokens);
	code_lines_read(&tokens, 0, tokens.len, &lines);
	if (lines.len == 1)
		line = line_index_find(search->index, lines.data[0].hash, side);
	for (const struct changed_line *it = line;
	     it && it < end && it->hash == line->hash && it->side == side; it++) {
		if (it->atom == last)
			continue;
		last = it->atom;
		atoms++;
		search->votes[last - search->file->first]++;
	}
	if (atoms == 1 && tokens.len >= TELLING_TOKENS) {
		search->told = true;
		vec_push(search->found, last);
	}
	vec_free(&lines);
	vec_free(&tokens);
}

/* If no line tells the atom, those that contain the most of the hunk's lines may be it. */
static void hunk_choose(struct hunk_search *search)
{
	size_t count = search->file->end - search->file->first;
	unsigned most = 0;

	for (size_t i = 0; i < count; i++)
		most = search->votes[i] > most ? search->votes[i] : most;
	for (size_t i = 0; i < count; i++)
		if (most && !search->told && search->votes[i] == most)
			vec_push(search->found, search->file->first + i);
	memset(search->votes, 0, count * sizeof(*search->votes));
	search->told = false;
}

/* Finds the atoms of all hunks of one file. */
static void locate_hunks(const struct patch_file *patch, struct hunk_search *search)
{
	const char *end = patch->hunks.start + patch->hunks.size;

	for (const char *line = patch->hunks.start; line < end;) {
		const char *stop = memchr(line, '\n', end - line);
		size_t len = (stop ? stop : end) - line;

		if (*line == '@')
			hunk_choose(search);
		else if (*line == '+' || *line == '-')
			hunk_take_line(search, *line == '+', line + 1, len - 1);
		line += len + 1;
	}
	hunk_choose(search);
}

static void locate_in_file(const struct covering *covering, const char *path,
			   const struct patch_file *patch, struct line_index *indexes,
			   struct atom_list *found)
{
	const struct atom_file *file = path ? atoms_find_file(&covering->atoms, path) : NULL;

	if (!file)
		return;
	if (!file->is_cut) {
		vec_push(found, file->first);
		return;
	}

	struct line_index *index = &indexes[file - covering->atoms.files.data];
	scope_free unsigned *votes = xcalloc(file->end - file->first, sizeof(*votes));

	if (!index->filled)
		line_index_fill(file, index);
	locate_hunks(patch, &(struct hunk_search){
				    .index = index, .file = file, .votes = votes, .found = found});
}

static int atom_number_compare(const void *a, const void *b)
{
	const size_t *one = a, *two = b;

	return (*one > *two) - (*one < *two);
}

static void atom_list_sort_unique(struct atom_list *list)
{
	size_t kept = 0;

	if (list->len)
		qsort(list->data, list->len, sizeof(*list->data), atom_number_compare);
	for (size_t i = 0; i < list->len; i++)
		if (!i || list->data[i] != list->data[i - 1])
			list->data[kept++] = list->data[i];
	list->len = kept;
}

static void locate_commit(const struct covering *covering, const struct series_commit *commit,
			  struct line_index *indexes, struct atom_list *found)
{
	unsigned level = patch_strip_level(&commit->files, covering->spec->target->source);

	vec_foreach(&commit->files, it) {
		const char *before = it->old_name ? patch_strip(it->old_name, level) : NULL;
		const char *after = it->new_name ? patch_strip(it->new_name, level) : NULL;

		locate_in_file(covering, after, it, indexes, found);
		if (before && (!after || strcmp(before, after) != 0))
			locate_in_file(covering, before, it, indexes, found);
	}
	atom_list_sort_unique(found);
}

void commits_locate(struct covering *covering)
{
	size_t count = covering->atoms.files.len;
	scope_free struct line_index *indexes = xcalloc(count + 1, sizeof(*indexes));

	covering->located = xcalloc(covering->series.len + 1, sizeof(*covering->located));
	for (size_t i = 0; i < covering->series.len; i++)
		locate_commit(covering, &covering->series.data[i], indexes, &covering->located[i]);
	for (size_t i = 0; i < count; i++)
		vec_free(&indexes[i].lines);
}

void commits_join(struct covering *covering)
{
	for (size_t i = 0; i < covering->series.len; i++) {
		const struct atom_list *list = &covering->located[i];

		for (size_t k = 1; k < list->len; k++)
			links_join(covering->unit, list->data[0], list->data[k]);
	}
}

const struct atom_list *commits_find(const struct covering *covering, const char *id)
{
	for (size_t i = 0; id && i < covering->series.len; i++) {
		const char *own = covering->series.data[i].id;

		/* A list may give the beginning of an id. */
		if (own && *id && str_starts(own, id))
			return &covering->located[i];
	}
	return NULL;
}

void commits_judge(struct covering *covering, const size_t *unit_of)
{
	struct cover_report *report = covering->report;

	for (size_t i = 0; i < covering->series.len; i++) {
		const struct series_commit *commit = &covering->series.data[i];
		struct cover_commit judged = {.id = commit->id ? xstrdup(commit->id) : NULL,
					      .name = xstrdup(commit->name),
					      .state = COVER_FIX_ABSENT};

		vec_foreach(&covering->located[i], it)
			fix_state_note(&report->units.data[unit_of[*it]], unit_of[*it],
				       &judged.state, &judged.open);
		report->totals.commits[judged.state]++;
		vec_push(&report->commits, judged);
	}
}
