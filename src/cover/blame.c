/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * From findings and from what the compiler said to the atoms that are to blame: by file and symbol,
 * by line, by the names that a message quotes, and where all of that leads to none, all that the
 * file, or else every header, changes.
 */
#include "cover/blame.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/file.h"
#include "base/strbuf.h"
#include "cover/links.h"
#include "reach/cnames.h"

/* A finding is looked at with the atoms that carry it. */
struct blaming {
	struct covering *covering;
	const struct finding *finding;
	bool *blamed; /* for each atom, in this round */
	size_t found; /* atoms that this finding led to */
};

static void blame_atom(struct blaming *blaming, size_t atom)
{
	struct covering *covering = blaming->covering;

	if (!covering->carried[atom])
		return;
	blaming->found++;
	if (!blaming->blamed[atom])
		findings_add_copy(&covering->reasons[atom], blaming->finding);
	blaming->blamed[atom] = true;
}

static bool atom_declares(const struct covering *covering, size_t atom, const char *name)
{
	const struct source_atom *at = &covering->atoms.atoms.data[atom];

	vec_foreach(&at->declares, it)
		if (!strcmp(covering->atoms.names.text.data[*it], name))
			return true;
	return false;
}

/* A type is named with or without its keyword. */
static const char *plain_name(const char *symbol)
{
	static const char *const words[] = {"struct ", "union ", "enum "};

	for (size_t i = 0; i < array_size(words); i++)
		if (str_starts(symbol, words[i]))
			return symbol + strlen(words[i]);
	return symbol;
}

/* Atoms that declare the name: of one file, or of all where file is NULL. */
static void blame_name(struct blaming *blaming, const struct atom_file *file, const char *name)
{
	const struct covering *covering = blaming->covering;
	size_t end = file ? file->end : covering->atoms.atoms.len;

	for (size_t i = file ? file->first : 0; i < end; i++)
		if (covering->carried[i] && atom_declares(covering, i, name))
			blame_atom(blaming, i);
}

static void blame_file(struct blaming *blaming, const struct atom_file *file)
{
	for (size_t i = file->first; i < file->end; i++)
		blame_atom(blaming, i);
}

static bool chunk_declares(const struct cfile *text, const struct cchunk *chunk, const char *name)
{
	struct ctoken_ref_vec declared = {};
	bool found = false;

	cchunk_declares(&text->tokens, chunk, &declared);
	vec_foreach(&declared, it)
		found |= ctoken_is(*it, name);
	vec_free(&declared);
	return found;
}

/*
 * An unchanged function is refused for what it uses: atoms that declare something that it names.
 * The text is the file's as it is in the running kernel.
 */
static void blame_used(struct blaming *blaming, const struct cfile *text, const char *function)
{
	struct covering *covering = blaming->covering;
	struct name_use use = {};

	vec_foreach(&text->chunks, it)
		if (chunk_declares(text, it, function))
			name_use_read(&covering->atoms.names, &text->tokens, it->start, it->end,
				      &use);
	name_use_sort(&use);
	for (size_t i = 0; i < covering->atoms.atoms.len; i++) {
		bool named = false;

		vec_foreach(&covering->atoms.atoms.data[i].declares, it)
			named |= name_set_has(&use.all, *it);
		if (named)
			blame_atom(blaming, i);
	}
	name_use_free(&use);
}

static struct err *blame_used_by(struct blaming *blaming, const char *path, const char *function)
{
	scope_free char *full = xasprintf("%s/%s", blaming->covering->spec->target->source, path);
	scope_cfile text = {};

	if (!file_exists(full))
		return NULL;
	err_try(cfile_read(full, &text));
	blame_used(blaming, &text, function);
	return NULL;
}

static void blame_headers(struct blaming *blaming)
{
	vec_foreach(&blaming->covering->atoms.files, it)
		if (str_ends(it->change->path, ".h"))
			blame_file(blaming, it);
}

static void blame_line(struct blaming *blaming, const struct atom_file *file, unsigned line)
{
	struct covering *covering = blaming->covering;

	vec_foreach(&covering->files[file - covering->atoms.files.data].lines, it)
		if (it->first <= line && line <= it->last)
			blame_atom(blaming, it->atom);
}

/* The names that a message quotes, as gcc does without a locale: 'name'. */
static void blame_quoted(struct blaming *blaming, const char *message, size_t len)
{
	const char *end = message + len;

	for (const char *at = message; (at = memchr(at, '\'', end - at));) {
		const char *close = memchr(at + 1, '\'', end - at - 1);

		if (!close)
			return;

		scope_free char *name = xstrndup(at + 1, close - at - 1);

		blame_name(blaming, NULL, plain_name(name));
		at = close + 1;
	}
}

/* "source/fs/pipe.c:12:3: error: …": what a compiler complains about, by file and line. */
static void blame_complaint(struct blaming *blaming, const char *line, size_t len)
{
	scope_free char *text = xstrndup(line, len);
	char *error = strstr(text, " error: ");
	char *colon = strchr(text, ':');
	size_t before = blaming->found;
	unsigned number;

	if (!error || !colon || colon > error || sscanf(colon, ":%u", &number) != 1)
		return;
	*colon = '\0';

	const char *path = str_starts(text, "source/") ? text + strlen("source/") : text;
	struct atom_file *file = atoms_find_file(&blaming->covering->atoms, path);

	if (file)
		blame_line(blaming, file, number);
	if (blaming->found == before)
		blame_quoted(blaming, error, strlen(error));
}

static void blame_output(struct blaming *blaming, const char *output)
{
	for (const char *line = output; *line;) {
		size_t len = strcspn(line, "\n");

		blame_complaint(blaming, line, len);
		line += len + (line[len] == '\n');
	}
}

static const char *failure_output(const struct klp_report *build, const char *source)
{
	vec_foreach(&build->failures, it)
		if (it->output && !strcmp(it->source, source))
			return it->output;
	return NULL;
}

static struct err *blame_finding(struct blaming *blaming)
{
	struct covering *covering = blaming->covering;
	const struct finding *finding = blaming->finding;
	struct atom_file *file =
		finding->file ? atoms_find_file(&covering->atoms, finding->file) : NULL;
	const char *output = finding->file && !strcmp(finding->rule, "not-compiled")
				     ? failure_output(covering->report->build, finding->file)
				     : NULL;

	if (output)
		blame_output(blaming, output);
	if (!blaming->found && finding->symbol && file)
		blame_name(blaming, file, plain_name(finding->symbol));
	if (!blaming->found && finding->symbol)
		blame_name(blaming, NULL, plain_name(finding->symbol));
	if (!blaming->found && finding->symbol && finding->file)
		err_try(blame_used_by(blaming, finding->file, plain_name(finding->symbol)));
	if (!blaming->found && file)
		blame_file(blaming, file);
	if (!blaming->found)
		blame_headers(blaming);
	return NULL;
}

/* What belongs to a blamed atom goes with it. */
static void drop_units(struct covering *covering, const bool *blamed)
{
	size_t count = covering->atoms.atoms.len;
	scope_free bool *gone = xcalloc(count + 1, sizeof(*gone));

	for (size_t i = 0; i < count; i++)
		if (blamed[i])
			gone[links_unit(covering->unit, i)] = true;
	for (size_t i = 0; i < count; i++)
		if (gone[links_unit(covering->unit, i)])
			covering->carried[i] = false;
}

bool blame_counts(const struct finding *finding)
{
	return finding->severity == SEVERITY_REFUSE ||
	       (finding->severity == SEVERITY_WARN && !strcmp(finding->rule, "file-skipped"));
}

struct err *blame_refusals(struct covering *covering, bool *any)
{
	scope_free bool *blamed = xcalloc(covering->atoms.atoms.len + 1, sizeof(*blamed));

	*any = false;
	vec_foreach(&covering->report->build->findings, it) {
		struct blaming blaming = {covering, it, blamed, 0};

		if (!blame_counts(it))
			continue;
		err_try(blame_finding(&blaming));
		*any |= blaming.found;
	}
	drop_units(covering, blamed);
	return NULL;
}
