/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Writes the old definition of a structure with the members of the new one. Where they lie is found
 * from debug data, and the next compilation is judged like any other: a definition that moves a
 * member after all is left out.
 */
#include "cover/refit.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "cover/covering.h"

/* A declaration between the outer braces of a type: tokens [start, end), the last one is ';'. */
struct declaration {
	size_t start, end;
	bool is_single; /* it has no comma outside parentheses, no braces, bits or directives */
};

struct declaration_vec VEC(struct declaration);

/* A declaration of the new version, and the old one behind which it is to stand. */
struct placement {
	const struct declaration *added, *behind;
};

struct placement_vec VEC(struct placement);

struct definition {
	const char *text;
	size_t len;
	struct ctoken_vec tokens;
	struct declaration_vec declarations;
};

static bool token_divides(const struct ctoken *token)
{
	return token->kind == CTOKEN_DIRECTIVE || ctoken_is(token, ",") || ctoken_is(token, ":") ||
	       ctoken_is(token, "{");
}

static void definition_read(const char *text, size_t len, struct definition *definition)
{
	struct declaration next = {.is_single = true};
	struct clevel level = {};

	*definition = (struct definition){.text = text, .len = len};
	ctokens_cut(text, len, &definition->tokens);
	for (size_t i = 0; i < definition->tokens.len; i++) {
		const struct ctoken *token = &definition->tokens.data[i];

		clevel_step(&level, token);
		if (level.paren)
			continue;
		if (level.brace == 1 && ctoken_is(token, ";")) {
			next.end = i + 1;
			vec_push(&definition->declarations, next);
		} else if (token_divides(token)) {
			next.is_single = false;
		}
		/* The brace that opens the type, the end of a directive, and of a declaration. */
		if (level.brace != 1 ||
		    !(ctoken_is(token, ";") || ctoken_is(token, "{") || token->kind == CTOKEN_END))
			continue;
		next = (struct declaration){.start = i + 1, .is_single = true};
	}
}

static void definition_free(struct definition *definition)
{
	vec_free(&definition->tokens);
	vec_free(&definition->declarations);
}

/* Returns whether the declaration contains the name, outside the braces of a type inside it. */
static bool declaration_has(const struct definition *definition,
			    const struct declaration *declaration, const char *name)
{
	struct clevel level = {};
	bool has = false;

	for (size_t i = declaration->start; i < declaration->end; i++) {
		const struct ctoken *token = &definition->tokens.data[i];

		clevel_step(&level, token);
		has |= !level.brace && token->kind == CTOKEN_NAME && ctoken_is(token, name);
	}
	return has;
}

/* Returns the only declaration with that name; NULL if there is none, or more than one. */
static const struct declaration *definition_find(const struct definition *definition,
						 const char *name)
{
	const struct declaration *found = NULL;

	vec_foreach(&definition->declarations, it) {
		if (!declaration_has(definition, it, name))
			continue;
		if (found)
			return NULL;
		found = it;
	}
	return found;
}

/* Appends the declarations of all members that stand behind this old declaration. */
static void refit_add_behind(const struct placement_vec *placements, const struct definition *after,
			     const struct declaration *old, struct strbuf *text)
{
	vec_foreach(placements, it) {
		if (it->behind != old)
			continue;

		const struct ctoken *first = &after->tokens.data[it->added->start];
		const struct ctoken *last = &after->tokens.data[it->added->end - 1];

		strbuf_addf(text, "\n\t%.*s", (int)(last->text + last->len - first->text),
			    first->text);
	}
}

/* Finds the declarations that the fits name; returns false if one is not as it must be. */
static bool refit_find_places(const struct definition *before, const struct definition *after,
			      const struct type_fit_vec *fits, struct placement_vec *placements)
{
	vec_foreach(fits, it) {
		struct placement placement = {definition_find(after, it->member),
					      definition_find(before, it->behind)};

		if (!placement.added || !placement.added->is_single || !placement.behind)
			return false;
		vec_push(placements, placement);
	}
	return fits->len;
}

bool refit_write(const char *before, size_t before_len, const char *after, size_t after_len,
		 const struct type_fit_vec *fits, struct strbuf *text)
{
	struct placement_vec placements = {};
	struct definition old, new;
	bool possible;

	definition_read(before, before_len, &old);
	definition_read(after, after_len, &new);
	possible = refit_find_places(&old, &new, fits, &placements);
	if (possible) {
		const char *from = before;

		vec_foreach(&old.declarations, it) {
			const struct ctoken *last = &old.tokens.data[it->end - 1];

			strbuf_add(text, from, last->text + last->len - from);
			from = last->text + last->len;
			refit_add_behind(&placements, &new, it, text);
		}
		strbuf_add(text, from, before + before_len - from);
	}
	vec_free(&placements);
	definition_free(&old);
	definition_free(&new);
	return possible;
}

/* Returns the carried atom of the file that defines the finding's type, or NO_ATOM. */
static size_t refit_find_atom(const struct covering *covering, const struct finding *finding)
{
	const struct atom_file *file =
		finding->file ? atoms_find_file(&covering->atoms, finding->file) : NULL;

	for (size_t i = file ? file->first : 0; file && i < file->end; i++) {
		const struct source_atom *atom = &covering->atoms.atoms.data[i];

		if (covering->carried[i] && atom->tag && finding->symbol &&
		    !strcmp(atom->tag, finding->symbol))
			return i;
	}
	return NO_ATOM;
}

/* Sets *start and *len to the atom's only chunk of one version, with what stands before it. */
static bool refit_find_text(const struct atom_file *file, size_t atom, enum chunk_op op,
			    const char **start, size_t *len)
{
	unsigned side = op == CHUNK_IN;
	bool found = false;

	for (size_t i = 0; i < file->steps.len; i++) {
		const struct chunk_step *step = &file->steps.data[i];

		if (file->atom_of.data[i] != atom || step->op != op)
			continue;
		if (found)
			return false;
		found = true;
		*start = atom_file_piece(file, side, side ? step->after : step->before, len);
	}
	return found;
}

bool refit_type(struct covering *covering, const struct safety_types *types,
		const struct finding *finding)
{
	size_t atom = refit_find_atom(covering, finding);
	const struct type_fit_vec *fits =
		atom == NO_ATOM ? NULL : safety_types_fits(types, finding->file, finding->symbol);
	const struct atom_file *file;
	const char *before, *after;
	size_t before_len, after_len;
	scope_strbuf text = STRBUF_INIT;

	if (!fits || covering->refitted[atom])
		return false;
	file = &covering->atoms.files.data[covering->atoms.atoms.data[atom].file];
	if (!refit_find_text(file, atom, CHUNK_OUT, &before, &before_len) ||
	    !refit_find_text(file, atom, CHUNK_IN, &after, &after_len) ||
	    !refit_write(before, before_len, after, after_len, fits, &text))
		return false;
	covering->refitted[atom] = strbuf_detach(&text);
	return true;
}
