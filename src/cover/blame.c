/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Finds the atoms that caused a finding or a compiler error. It looks them up by file and symbol,
 * by line, by the names on that line or in quotes, and by the macros that expand to it. If all of
 * that finds none, it blames all atoms of the file, or all changes in headers of names that the
 * file uses.
 */
#include "cover/blame.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/file.h"
#include "base/strbuf.h"
#include "base/text.h"
#include "cover/links.h"
#include "reach/cnames.h"

/* State of the search for the atoms that caused one finding. */
struct blaming {
	struct covering *covering;
	const struct finding *finding;
	const struct klp_failure_vec *failures;
	const struct atom_file *file; /* file of the finding; NULL if it does not differ */
	bool headers_only;	      /* ignore compiler errors in sources */
	bool open;		      /* the compiler's last error has blamed nothing yet */
	bool *blamed;		      /* for each atom: some finding of this round blames it */
	size_t found;		      /* number of atoms that this finding blames */
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

/* Returns the name by which the finding's symbol is declared in its file, or NULL. */
static const char *finding_declarer(const struct finding *finding)
{
	return finding->declarer ? finding->declarer : finding->symbol;
}

static bool is_header(const struct atom_file *file)
{
	return str_ends(file->change->path, ".h");
}

/* Blames the atoms of one file that declare the name. */
static void blame_name_in(struct blaming *blaming, const struct atom_file *file, const char *name)
{
	const struct atoms *atoms = &blaming->covering->atoms;
	uint32_t number = strmap_get(&atoms->names.map, name);

	for (size_t i = file->first; number != STRMAP_NONE && i < file->end; i++)
		if (name_set_has(&atoms->atoms.data[i].declares, number))
			blame_atom(blaming, i);
}

/* Blames atoms that declare the name: those of the finding's file, or else those of any file. */
static void blame_name(struct blaming *blaming, const char *name)
{
	const struct atoms *atoms = &blaming->covering->atoms;
	uint32_t number = strmap_get(&atoms->names.map, name);
	size_t before = blaming->found;

	if (number == STRMAP_NONE)
		return;
	if (blaming->file)
		blame_name_in(blaming, blaming->file, name);
	for (size_t i = 0; blaming->found == before && i < atoms->atoms.len; i++)
		if (!atoms->atoms.data[i].is_local &&
		    name_set_has(&atoms->atoms.data[i].declares, number))
			blame_atom(blaming, i);
}

static void blame_file(struct blaming *blaming, const struct atom_file *file)
{
	for (size_t i = file->first; i < file->end; i++)
		blame_atom(blaming, i);
}

/* Blames the atoms of one file that declare one of these names. */
static void blame_declared_in(struct blaming *blaming, const struct atom_file *file,
			      const struct name_set *names)
{
	for (size_t i = file->first; i < file->end; i++) {
		bool named = false;

		vec_foreach(&blaming->covering->atoms.atoms.data[i].declares, it)
			named |= name_set_has(names, *it);
		if (named)
			blame_atom(blaming, i);
	}
}

static void blame_declared_in_headers(struct blaming *blaming, const struct name_set *names)
{
	vec_foreach(&blaming->covering->atoms.files, it)
		if (it != blaming->file && is_header(it))
			blame_declared_in(blaming, it, names);
}

/* Blames atoms of this file and of headers that declare one of these names. */
static void blame_declared(struct blaming *blaming, const struct name_set *names)
{
	if (blaming->file)
		blame_declared_in(blaming, blaming->file, names);
	blame_declared_in_headers(blaming, names);
}

/* Returns whether the chunk declares one of the names. */
static bool chunk_declares(const struct cfile *text, const struct cchunk *chunk,
			   struct name_table *table, const struct name_set *names)
{
	struct ctoken_ref_vec declared = {};
	bool found = false;

	cchunk_declares(&text->tokens, chunk, &declared);
	vec_foreach(&declared, it) {
		uint32_t name = name_of_token(table, *it);

		found |= name != STRMAP_NONE && name_set_has(names, name);
	}
	vec_free(&declared);
	return found;
}

/* Reads what the chunks use that declare one of the names and that were not read before. */
static bool use_follow(struct name_table *table, const struct cfile *text,
		       const struct name_set *names, bool *seen, struct name_use *use)
{
	bool any = false;

	for (size_t i = 0; i < text->chunks.len; i++) {
		const struct cchunk *chunk = &text->chunks.data[i];

		if (seen[i] || !chunk_declares(text, chunk, table, names))
			continue;
		seen[i] = any = true;
		name_use_read(table, &text->tokens, chunk->start, chunk->end, use);
	}
	name_use_sort(use);
	return any;
}

/*
 * Blames what is nearest to a function that is unchanged itself: the atoms of its file that declare
 * what it uses, or what that uses in turn, since it may be inlined; else the headers' atoms that
 * declare what the function uses. If more than the nearest is at fault, the next round finds it.
 */
static void blame_near(struct blaming *blaming, const struct cfile *text, uint32_t function)
{
	struct name_table *table = &blaming->covering->atoms.names;
	scope_free bool *seen = xcalloc(text->chunks.len + 1, sizeof(*seen));
	const struct name_set start = {&function, 1, 1};
	const struct name_set *names = &start;
	struct name_use own = {}, steps[2] = {};
	unsigned step = 0;

	use_follow(table, text, names, seen, &own);
	names = &own.all;
	do {
		if (blaming->file)
			blame_declared_in(blaming, blaming->file, names);
		step = !step;
		name_use_free(&steps[step]);
	} while (!blaming->found && use_follow(table, text, names, seen, &steps[step]) &&
		 (names = &steps[step].all));
	if (!blaming->found)
		blame_declared_in_headers(blaming, &own.all);
	name_use_free(&own);
	name_use_free(&steps[0]);
	name_use_free(&steps[1]);
}

/*
 * Blames what the old version of a file uses: what is nearest to the function in it or, without
 * one, the atoms that declare any name that stands in it.
 */
static struct err *blame_used_by(struct blaming *blaming, const char *path, const char *function)
{
	struct covering *covering = blaming->covering;
	scope_free char *full = xasprintf("%s/%s", covering->spec->target->source, path);
	struct name_table *table = &covering->atoms.names;
	struct name_use use = {};
	scope_cfile text = {};

	if (!file_exists(full))
		return NULL;
	err_try(cfile_read(full, &text));
	if (function) {
		const struct ctoken token = {
			.kind = CTOKEN_NAME, .text = function, .len = strlen(function)};

		blame_near(blaming, &text, name_of_token(table, &token));
		return NULL;
	}
	name_use_read(table, &text.tokens, 0, text.tokens.len, &use);
	name_use_sort(&use);
	blame_declared(blaming, &use.all);
	name_use_free(&use);
	return NULL;
}

static void blame_headers(struct blaming *blaming)
{
	vec_foreach(&blaming->covering->atoms.files, it)
		if (is_header(it))
			blame_file(blaming, it);
}

static void blame_line(struct blaming *blaming, const struct atom_file *file, unsigned line)
{
	struct covering *covering = blaming->covering;

	vec_foreach(&covering->files[file - covering->atoms.files.data].lines, it)
		if (it->first <= line && line <= it->last)
			blame_atom(blaming, it->atom);
}

/* Skips the keyword of a type: gcc quotes a type as 'struct foo'. */
static const char *skip_keyword(const char *name)
{
	static const char *const words[] = {"struct ", "union ", "enum "};

	const char *behind = str_behind(name, words, array_size(words));

	return behind ? behind : name;
}

/* Blames atoms by the names in a message of gcc, which in the C locale quotes them as 'name'. */
static void blame_quoted(struct blaming *blaming, const char *message, size_t len)
{
	const char *end = message + len;

	for (const char *at = message; (at = memchr(at, '\'', end - at));) {
		const char *close = memchr(at + 1, '\'', end - at - 1);

		if (!close)
			return;

		scope_free char *name = xstrndup(at + 1, close - at - 1);

		blame_name(blaming, skip_keyword(name));
		at = close + 1;
	}
}

/* Blames atoms by the names on one line of the file that was built, which may be unchanged. */
static struct err *blame_words(struct blaming *blaming, const char *path, unsigned number)
{
	struct covering *covering = blaming->covering;
	const struct atom_file *file = atoms_find_file(&covering->atoms, path);
	scope_free char *full =
		file && file->is_cut
			? xasprintf("%s/%zu", covering->work, file - covering->atoms.files.data)
			: xasprintf("%s/%s", covering->spec->target->source, path);
	struct name_use use = {};
	struct ctoken_vec tokens = {};
	scope_file_map map = {};
	const char *line, *end;

	if (!file_exists(full))
		return NULL;
	err_try(file_map(full, &map));
	line = (const char *)map.bytes.data;
	end = line + map.bytes.size;
	for (; number > 1 && line && line < end; number--) {
		line = memchr(line, '\n', end - line);
		line = line ? line + 1 : end;
	}
	if (line < end) {
		const char *stop = memchr(line, '\n', end - line);

		ctokens_cut(line, (stop ? stop : end) - line, &tokens);
		name_use_read(&covering->atoms.names, &tokens, 0, tokens.len, &use);
		name_use_sort(&use);
		blame_declared(blaming, &use.all);
	}
	name_use_free(&use);
	vec_free(&tokens);
	return NULL;
}

/*
 * After an error in what a macro expands to, blames the macro: the name at fault may be pasted
 * together, and then stands nowhere.
 */
static void blame_expansion(struct blaming *blaming, const char *line)
{
	const char *note = strstr(line, " note: in expansion of macro '");
	size_t before = blaming->found;

	if (!note || !blaming->open)
		return;
	blame_quoted(blaming, note, strlen(note));
	blaming->open = blaming->found == before;
}

/* Blames atoms for one line of the compiler's output: "source/fs/pipe.c:12:3: error: …". */
static struct err *blame_complaint(struct blaming *blaming, const char *line, size_t len)
{
	scope_free char *text = xstrndup(line, len);
	char *error = strstr(text, " error: ");
	char *colon = strchr(text, ':');
	size_t before = blaming->found;
	unsigned number;

	blame_expansion(blaming, text);
	if (!error || !colon || colon > error || sscanf(colon, ":%u", &number) != 1)
		return NULL;
	*colon = '\0';
	blaming->open = false;

	const char *path = str_starts(text, "source/") ? text + strlen("source/") : text;
	struct atom_file *file = atoms_find_file(&blaming->covering->atoms, path);

	if (blaming->headers_only && !str_ends(path, ".h"))
		return NULL;
	if (file)
		blame_line(blaming, file, number);
	if (blaming->found == before)
		err_try(blame_words(blaming, path, number));
	if (blaming->found == before)
		blame_quoted(blaming, error, strlen(error));
	blaming->open = blaming->found == before;
	return NULL;
}

/* After a syntax error, the compiler also reports errors in correct text that follows. */
static bool is_syntax_error(const char *line, size_t len)
{
	static const char sign[] = " error: expected ";

	return memmem(line, len, sign, strlen(sign));
}

static struct err *blame_output(struct blaming *blaming, const char *output)
{
	for (const char *line = output; *line;) {
		size_t len = strcspn(line, "\n");

		err_try(blame_complaint(blaming, line, len));
		if (blaming->found && is_syntax_error(line, len))
			return NULL;
		line += len + (line[len] == '\n');
	}
	return NULL;
}

static const char *failure_output(const struct klp_failure_vec *failures, const char *source)
{
	vec_foreach(failures, it)
		if (it->output && !strcmp(it->source, source))
			return it->output;
	return NULL;
}

static struct err *blame_finding(struct blaming *blaming)
{
	struct covering *covering = blaming->covering;
	const struct finding *finding = blaming->finding;
	const char *path = finding->file;
	/* A file that does not compile to the shipped object cannot be patched anywhere. */
	bool whole = !strcmp(finding->rule, "not-as-shipped");
	const char *symbol = whole ? NULL : finding_declarer(finding);
	const char *output = path && !strcmp(finding->rule, "not-compiled")
				     ? failure_output(blaming->failures, path)
				     : NULL;

	blaming->file = path ? atoms_find_file(&covering->atoms, path) : NULL;
	if (output)
		err_try(blame_output(blaming, output));
	if (output && blaming->headers_only)
		return NULL;
	if (!blaming->found && symbol)
		blame_name(blaming, symbol);
	if (!blaming->found && symbol && path)
		err_try(blame_used_by(blaming, path, symbol));
	if (!blaming->found && blaming->file)
		blame_file(blaming, blaming->file);
	if (!blaming->found && path)
		err_try(blame_used_by(blaming, path, NULL));
	return NULL;
}

/*
 * Returns whether a blamed atom stays as it is, and its unit is carried: the patched code then has
 * a type with members that it does not use, as the kernel has.
 */
static bool blame_keeps(const struct covering *covering, size_t atom)
{
	return covering->atoms.atoms.data[atom].only_loses && !covering->kept[atom];
}

/* Adds to the units that are left out those that need a change in one of them. */
static void add_needing(const struct covering *covering, bool *gone)
{
	for (bool any = true; any;) {
		any = false;
		vec_foreach(&covering->needs, it) {
			bool *unit = &gone[links_unit(covering->unit, it->atom)];

			if (*unit || !gone[links_unit(covering->unit, it->needed)])
				continue;
			*unit = any = true;
		}
	}
}

/* Stops carrying all units that contain a blamed atom. */
static void drop_units(struct covering *covering, const bool *blamed)
{
	size_t count = covering->atoms.atoms.len;
	scope_free bool *gone = xcalloc(count + 1, sizeof(*gone));

	for (size_t i = 0; i < count; i++) {
		if (!blamed[i])
			continue;
		if (!blame_keeps(covering, i)) {
			gone[links_unit(covering->unit, i)] = true;
			continue;
		}
		covering->kept[i] = true;
		covering->carried[i] = false;
		findings_free(&covering->reasons[i]);
	}
	add_needing(covering, gone);
	for (size_t i = 0; i < count; i++)
		if (gone[links_unit(covering->unit, i)])
			covering->carried[i] = false;
}

bool blame_counts(const struct finding *finding)
{
	/* A lost part makes the update incomplete; a thread in its loop holds up all other fixes.
	 */
	static const char *const whole[] = {"file-skipped", "thread-loop"};

	return finding->severity == SEVERITY_REFUSE ||
	       (finding->severity == SEVERITY_WARN &&
		str_is_among(finding->rule, whole, array_size(whole)));
}

static struct err *blame_all(struct covering *covering, const struct finding_vec *findings,
			     const struct klp_failure_vec *failures, bool headers_only, bool *any)
{
	scope_free bool *blamed = xcalloc(covering->atoms.atoms.len + 1, sizeof(*blamed));

	*any = false;
	vec_foreach(findings, it) {
		struct blaming blaming = {
			.covering = covering,
			.finding = it,
			.failures = failures,
			.headers_only = headers_only,
			.blamed = blamed,
		};

		if (!blame_counts(it))
			continue;
		err_try(blame_finding(&blaming));
		*any |= blaming.found;
	}
	/* If no finding leads to an atom, give up the headers, which affect the most files. */
	for (size_t i = 0; !*any && !headers_only && i < findings->len; i++) {
		struct blaming blaming = {
			.covering = covering, .finding = &findings->data[i], .blamed = blamed};

		if (!blame_counts(blaming.finding))
			continue;
		blame_headers(&blaming);
		*any |= blaming.found;
	}
	drop_units(covering, blamed);
	return NULL;
}

struct err *blame_findings(struct covering *covering, const struct finding_vec *findings,
			   const struct klp_failure_vec *failures, bool *any)
{
	return blame_all(covering, findings, failures, false, any);
}

struct err *blame_headers_alone(struct covering *covering, const struct finding_vec *findings,
				const struct klp_failure_vec *failures, bool *any)
{
	return blame_all(covering, findings, failures, true, any);
}

void blame_places(struct covering *covering, const struct finding_vec *findings)
{
	scope_free bool *blamed = xcalloc(covering->atoms.atoms.len + 1, sizeof(*blamed));

	vec_foreach(findings, it) {
		struct blaming blaming = {.covering = covering, .finding = it, .blamed = blamed};
		const struct atom_file *file =
			it->file ? atoms_find_file(&covering->atoms, it->file) : NULL;

		if (file && it->symbol)
			blame_name_in(&blaming, file, finding_declarer(it));
		else if (file)
			blame_file(&blaming, file);
	}
	drop_units(covering, blamed);
}
