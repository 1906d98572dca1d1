/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Divides the files that differ into atoms, and records what each atom declares and uses. */
#include "cover/atoms.h"

#include <malloc.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/interrupt.h"
#include "base/strbuf.h"
#include "cover/pairing.h"
#include "reach/cnames.h"

static void source_atom_free(struct source_atom *atom)
{
	free(atom->name);
	free(atom->tag);
	vec_free(&atom->declares);
	vec_free(&atom->brings);
	vec_free(&atom->takes);
	vec_free(&atom->added);
	vec_free(&atom->removed);
	vec_free(&atom->touched);
	vec_free(&atom->fields);
	vec_free(&atom->later);
	vec_free(&atom->members);
	vec_free(&atom->names);
}

void atoms_free(struct atoms *atoms)
{
	vec_foreach(&atoms->atoms, it)
		source_atom_free(it);
	vec_free(&atoms->atoms);
	vec_foreach(&atoms->files, it)
		atom_file_free(it);
	vec_free(&atoms->files);
	name_table_free(&atoms->names);
}

struct atom_file *atoms_find_file(const struct atoms *atoms, const char *path)
{
	vec_foreach(&atoms->files, it)
		if (!strcmp(it->change->path, path))
			return it;
	return NULL;
}

/* ---- names that an atom declares and uses ---- */

/* The names and lines of one atom, collected for each version. */
struct atom_reading {
	struct atoms *atoms;
	const struct atom_file *file;
	struct name_use use[2];
	struct name_set declares[2];
	struct code_lines lines[2];
	uint64_t head[2]; /* hash of the tokens that users depend on: chunk_head_end() */
	bool is_static, has_macro, has_extern, has_value;
	unsigned nr_chunks[2];
	struct cchunk last[2];
};

/* Returns the index of the brace before a function's body or a type's members, or the chunk's end.
 */
static size_t chunk_body(const struct ctoken_vec *tokens, const struct cchunk *chunk)
{
	struct clevel level = {};

	for (size_t i = chunk->start; i < chunk->end; i++) {
		if (ctoken_is(&tokens->data[i], "{") && !level.brace && !level.paren)
			return i;
		clevel_step(&level, &tokens->data[i]);
	}
	return chunk->end;
}

static bool chunk_is_macro(const struct ctoken_vec *tokens, const struct cchunk *chunk)
{
	const struct ctoken *at = &tokens->data[chunk->start];

	return at->kind == CTOKEN_DIRECTIVE && chunk->end - chunk->start > 2 &&
	       (ctoken_is(&at[1], "define") || ctoken_is(&at[1], "undef"));
}

/*
 * Returns the end of the part that users depend on: the text before a body, or a macro's name and
 * parameters.
 */
static size_t chunk_head_end(const struct ctoken_vec *tokens, const struct cchunk *chunk)
{
	size_t i = chunk->start + 3;

	if (!chunk_is_macro(tokens, chunk))
		return chunk_body(tokens, chunk);
	/* A macro takes parameters only if its parenthesis follows the name without a blank. */
	if (i >= chunk->end || !ctoken_is(&tokens->data[i], "(") ||
	    tokens->data[i].text != tokens->data[i - 1].text + tokens->data[i - 1].len)
		return i;
	while (i < chunk->end && !ctoken_is(&tokens->data[i], ")"))
		i++;
	return i;
}

static bool chunk_is_type(const struct ctoken_vec *tokens, const struct cchunk *chunk, size_t body)
{
	bool aggregate = false;

	for (size_t i = chunk->start; i < body; i++) {
		aggregate |= ctoken_is_aggregate(&tokens->data[i]);
		if (ctoken_is(&tokens->data[i], "="))
			return false;
	}
	return aggregate && body < chunk->end && !ctokens_open_body(tokens, chunk->start, body);
}

/* Returns the keyword of the type whose members begin at body, or NULL. */
static const struct ctoken *chunk_keyword(const struct ctoken_vec *tokens,
					  const struct cchunk *chunk, size_t body)
{
	for (size_t i = body; i > chunk->start; i--)
		if (ctoken_is_aggregate(&tokens->data[i - 1]))
			return &tokens->data[i - 1];
	return NULL;
}

static void atom_read_type(struct source_atom *atom, const struct ctoken_vec *tokens,
			   const struct cchunk *chunk, size_t body)
{
	const struct ctoken *keyword = chunk_keyword(tokens, chunk, body);

	if (!keyword || !chunk_is_type(tokens, chunk, body))
		return;
	atom->is_type = true;
	atom->is_enum |= ctoken_is(keyword, "enum");
	/* Attributes may stand between the keyword and the tag; such a tag is not read. */
	if (!atom->tag && keyword + 2 == &tokens->data[body] && keyword[1].kind == CTOKEN_NAME)
		atom->tag = xasprintf("%.*s %.*s", (int)keyword->len, keyword->text,
				      (int)keyword[1].len, keyword[1].text);
}

static void atom_read_declared(struct atom_reading *reading, unsigned side,
			       const struct cchunk *chunk)
{
	const struct ctoken_vec *tokens = &reading->file->text[side].tokens;
	struct ctoken_ref_vec declared = {};

	cchunk_declares(tokens, chunk, &declared);
	vec_foreach(&declared, it) {
		uint32_t name = name_of_token(&reading->atoms->names, *it);

		if (name != STRMAP_NONE)
			vec_push(&reading->declares[side], name);
	}
	vec_free(&declared);
}

static void atom_read_chunk(struct atom_reading *reading, struct source_atom *atom, unsigned side,
			    const struct cchunk *chunk)
{
	const struct ctoken_vec *tokens = &reading->file->text[side].tokens;
	struct name_table *names = &reading->atoms->names;
	size_t body = chunk_body(tokens, chunk), head = chunk_head_end(tokens, chunk);
	bool is_static = false;

	name_use_read(names, tokens, chunk->start, chunk->end, &reading->use[side]);
	code_lines_read(tokens, chunk->start, chunk->end, &reading->lines[side]);
	for (size_t i = chunk->start; i < head; i++) {
		reading->head[side] =
			(reading->head[side] ^ ctoken_hash(&tokens->data[i])) * 0x9e3779b97f4a7c15u;
		is_static |= ctoken_is(&tokens->data[i], "static");
		reading->has_extern |= ctoken_is(&tokens->data[i], "extern");
		reading->has_value |= ctoken_is(&tokens->data[i], "=");
	}
	reading->is_static |= is_static;
	/* In a file that is not cut, only names that other files can use matter. */
	if (!atom->is_whole || str_ends(reading->file->change->path, ".h") ||
	    !(is_static || chunk_is_macro(tokens, chunk) || chunk_is_type(tokens, chunk, body)))
		atom_read_declared(reading, side, chunk);
	if (body < chunk->end && ctokens_open_body(tokens, chunk->start, body))
		atom->is_function = true;
	atom_read_type(atom, tokens, chunk, body);
	reading->has_macro |= chunk_is_macro(tokens, chunk);
	reading->nr_chunks[side]++;
	reading->last[side] = *chunk;
}

static void names_minus(const struct name_set *from, const struct name_set *other,
			struct name_set *out)
{
	vec_foreach(from, it)
		if (!name_set_has(other, *it))
			vec_push(out, *it);
}

static void names_add_all(struct name_set *set, const struct name_set *more)
{
	vec_foreach(more, it)
		vec_push(set, *it);
}

/* Collects the old version's names after the first difference of the last two chunks. */
static void atom_read_later(struct atom_reading *reading, struct name_set *later)
{
	const struct ctoken_vec *before = &reading->file->text[0].tokens;
	const struct ctoken_vec *after = &reading->file->text[1].tokens;
	size_t one = reading->last[0].start, two = reading->last[1].start;

	while (one < reading->last[0].end && two < reading->last[1].end &&
	       ctoken_hash(&before->data[one]) == ctoken_hash(&after->data[two])) {
		one++;
		two++;
	}
	for (; one < reading->last[0].end; one++) {
		uint32_t name = name_of_token(&reading->atoms->names, &before->data[one]);

		if (name != STRMAP_NONE)
			vec_push(later, name);
	}
	name_set_sort(later);
}

/* Returns the end of the part of a type that starts there: a member, or what opens or closes. */
static size_t type_part_end(const struct ctoken_vec *tokens, size_t start, size_t end)
{
	while (start < end && !ctoken_is(&tokens->data[start], ";") &&
	       !ctoken_is(&tokens->data[start], "{"))
		start++;
	return start < end ? start + 1 : end;
}

/* Returns whether the parts of the new type are among those of the old one, in the same order. */
static bool atom_only_loses(const struct atom_reading *reading)
{
	const struct ctoken_vec *before = &reading->file->text[0].tokens;
	const struct ctoken_vec *after = &reading->file->text[1].tokens;
	size_t one = reading->last[0].start, two = reading->last[1].start;

	while (two < reading->last[1].end) {
		size_t end = type_part_end(after, two, reading->last[1].end);
		uint64_t wanted = ctokens_hash(after, two, end), found = ~wanted;

		while (one < reading->last[0].end && found != wanted) {
			size_t stop = type_part_end(before, one, reading->last[0].end);

			found = ctokens_hash(before, one, stop);
			one = stop;
		}
		if (found != wanted)
			return false;
		two = end;
	}
	return true;
}

/* Fills the atom's sets and flags from what was collected of both versions. */
static void atom_conclude(struct atom_reading *reading, struct source_atom *atom)
{
	struct name_use *use = reading->use;

	for (unsigned side = 0; side < 2; side++) {
		name_use_sort(&use[side]);
		code_lines_sort(&reading->lines[side]);
		name_set_sort(&reading->declares[side]);
		names_add_all(&atom->declares, &reading->declares[side]);
		names_add_all(&atom->names, &use[side].all);
	}
	for (unsigned side = 0; side < 2; side++)
		names_touched(&reading->atoms->names, &reading->file->text[side].tokens,
			      &reading->lines[side], &reading->lines[!side], &atom->touched);
	name_set_sort(&atom->touched);
	name_set_sort(&atom->declares);
	name_set_sort(&atom->names);
	names_more_often(&use[0].all, &use[1].all, &atom->added);
	names_more_often(&use[1].all, &use[0].all, &atom->removed);
	names_more_often(&use[0].members, &use[1].members, &atom->members);
	names_more_often(&use[1].members, &use[0].members, &atom->members);
	name_set_sort(&atom->members);
	names_minus(&reading->declares[1], &reading->declares[0], &atom->brings);
	names_minus(&reading->declares[0], &reading->declares[1], &atom->takes);
	if (atom->is_type && !atom->is_enum) {
		names_add_all(&atom->fields, &atom->added);
		names_add_all(&atom->fields, &atom->removed);
		name_set_sort(&atom->fields);
	}

	bool both = reading->nr_chunks[0] && reading->nr_chunks[1];
	atom->is_new = !reading->nr_chunks[0];
	atom->is_macro = reading->has_macro;
	if (atom->is_type && !atom->is_enum && reading->nr_chunks[0] == 1 &&
	    reading->nr_chunks[1] == 1)
		atom->only_loses = atom_only_loses(reading);
	if (both && atom->is_enum)
		atom_read_later(reading, &atom->later);

	bool is_global = !reading->is_static && !atom->is_type && !reading->has_macro;

	bool in_header = str_ends(reading->file->change->path, ".h");

	atom->only_declares = is_global && !atom->is_function && !reading->has_value &&
			      (in_header || reading->has_extern);
	atom->is_local = !is_global && !in_header;
	atom->interface = both && !atom->is_type && reading->head[0] != reading->head[1];
}

static void atom_reading_free(struct atom_reading *reading)
{
	for (unsigned side = 0; side < 2; side++) {
		name_use_free(&reading->use[side]);
		vec_free(&reading->declares[side]);
		vec_free(&reading->lines[side]);
	}
}

static void atom_name(struct atoms *atoms, struct source_atom *atom)
{
	const struct atom_file *file = &atoms->files.data[atom->file];

	atom->name = xstrdup(atom->declares.len ? atoms->names.text.data[atom->declares.data[0]]
						: file->change->path);
}

/* Reads all chunks of the atom with this number. */
static void atom_read(struct atoms *atoms, size_t number)
{
	struct source_atom *atom = &atoms->atoms.data[number];
	const struct atom_file *file = &atoms->files.data[atom->file];
	struct atom_reading reading = {.atoms = atoms, .file = file};

	for (size_t i = 0; i < file->steps.len; i++) {
		const struct chunk_step *step = &file->steps.data[i];
		const struct cfile *text;

		if (file->atom_of.data[i] == number)
			atom_read_chunk(&reading, atom, step->op == CHUNK_IN,
					atom_file_chunk(file, step, &text));
	}
	atom_conclude(&reading, atom);
	atom_name(atoms, atom);
	atom_reading_free(&reading);
}

/* ---- files ---- */

static void file_note_ends(struct atom_file *file)
{
	for (unsigned side = 0; side < 2; side++)
		vec_foreach(&file->text[side].chunks, it) {
			const struct ctoken *last = &file->text[side].tokens.data[it->end - 1];

			vec_push(&file->ends[side], last->text + last->len);
		}
}

void atoms_drop_tokens(struct atoms *atoms)
{
	vec_foreach(&atoms->files, it)
		for (unsigned side = 0; side < 2; side++)
			vec_free(&it->text[side].tokens);
	/* Starting a program copies this process's page tables, and many will be started. */
	malloc_trim(0);
}

static struct err *file_cut(const char *const *roots, struct atom_file *file)
{
	const struct tree_change *change = file->change;
	const bool has[2] = {change->before, change->after};

	if (!str_ends(change->path, ".c") && !str_ends(change->path, ".h"))
		return NULL;
	for (unsigned side = 0; side < 2; side++) {
		scope_free char *path = xasprintf("%s/%s", roots[side], change->path);

		if (has[side])
			err_try(cfile_read(path, &file->text[side]));
	}
	if (!has[0] || !has[1])
		return NULL;
	if (!chunk_diff(&file->text[0].chunks, &file->text[1].chunks, &file->steps))
		return NULL;
	/* If only comments and white space differ, no step changes a chunk. */
	vec_foreach(&file->steps, it)
		file->is_cut |= it->op != CHUNK_SAME;
	file->is_cut &= pairing_can_cut(file);
	if (file->is_cut)
		file_note_ends(file);
	return NULL;
}

static void file_forget(struct atom_file *file)
{
	for (unsigned side = 0; side < 2; side++) {
		cfile_free(&file->text[side]);
		file->text[side] = (struct cfile){};
	}
	vec_free(&file->steps);
}

static void whole_read_side(struct atom_reading *reading, struct source_atom *atom, unsigned side,
			    const struct cchunk_vec *chunks)
{
	vec_foreach(chunks, it)
		atom_read_chunk(reading, atom, side, it);
}

/* Adds a file that is not cut as one atom, with all chunks that only one version contains. */
static void atoms_add_whole(struct atoms *atoms, size_t number)
{
	struct atom_file *file = &atoms->files.data[number];
	struct atom_reading reading = {.atoms = atoms, .file = file};
	struct cchunk_vec only_before = {}, only_after = {};
	struct source_atom atom = {.file = number, .is_whole = true};

	cchunks_differ(&file->text[0].chunks, &file->text[1].chunks, &only_before, &only_after);
	whole_read_side(&reading, &atom, 0, &only_before);
	whole_read_side(&reading, &atom, 1, &only_after);
	vec_free(&only_before);
	vec_free(&only_after);
	atom_conclude(&reading, &atom);
	atom.is_local = atom.is_type = atom.is_function = atom.only_declares = false;
	atom.interface = false;
	atom.name = xstrdup(file->change->path);
	vec_push(&atoms->atoms, atom);
	atom_reading_free(&reading);
	file_forget(file);
}

static void atoms_add_cut(struct atoms *atoms, size_t number)
{
	struct atom_file *file = &atoms->files.data[number];
	size_t count;

	vec_foreach(&file->steps, it) {
		(void)it;
		vec_push(&file->atom_of, NO_ATOM);
	}
	count = pairing_assign(file, file->first);
	for (size_t i = 0; i < count; i++)
		vec_push(&atoms->atoms, (struct source_atom){.file = number});
	for (size_t i = 0; i < count; i++)
		atom_read(atoms, file->first + i);
}

struct err *atoms_cut(const char *before, const char *after, const struct tree_change_vec *changes,
		      struct atoms *atoms)
{
	const char *const roots[2] = {before, after};

	vec_foreach(changes, it) {
		if (interrupt_pending())
			return interrupt_error();
		vec_push(&atoms->files, (struct atom_file){.change = it});

		size_t number = atoms->files.len - 1;
		struct atom_file *file = &atoms->files.data[number];

		err_try(file_cut(roots, file));
		file->first = atoms->atoms.len;
		if (file->is_cut)
			atoms_add_cut(atoms, number);
		else
			atoms_add_whole(atoms, number);
		file->end = atoms->atoms.len;
	}
	return NULL;
}
