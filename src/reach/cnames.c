/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Finds the names that a chunk of C declares. Without knowing types, "a b c;" may be anything, so
 * it only reads shapes that the kernel's style allows, and treats everything else as unknown.
 */
#include "reach/cnames.h"

#include <string.h>

#include "base/alloc.h"

struct cnames_reader {
	const struct ctoken *at;
	size_t pos, end;
	bool typed;		      /* the type is complete, so one name must follow */
	bool after_function;	      /* after its parameters, where only attributes may follow */
	const struct ctoken *last;    /* the last of the names that have no meaning yet */
	unsigned nr_names;	      /* how many names have no meaning yet */
	struct ctoken_ref_vec *names; /* the result */
};

static bool ctoken_is_one_of(const struct ctoken *token, const char *const *names)
{
	for (; *names; names++) {
		if (ctoken_is(token, *names))
			return true;
	}
	return false;
}

/*
 * Recognises words around declarations that declare nothing, with or without parentheses after
 * them.
 */
static bool ctoken_is_attribute(const struct ctoken *token)
{
	static const char *const names[] = {"static",
					    "extern",
					    "inline",
					    "const",
					    "volatile",
					    "register",
					    "typedef",
					    "__inline",
					    "__inline__",
					    "__always_inline",
					    "__maybe_unused",
					    "__must_check",
					    "__attribute__",
					    "__attribute_const__",
					    "__pure",
					    "__packed",
					    "__aligned",
					    "__read_mostly",
					    "__ro_after_init",
					    "__init",
					    "__exit",
					    "__initdata",
					    "__initconst",
					    "__refdata",
					    "__meminit",
					    "__weak",
					    "__cold",
					    "__hot",
					    "__malloc",
					    "__deprecated",
					    "__visible",
					    "asmlinkage",
					    "noinline",
					    "notrace",
					    "noinstr",
					    "__user",
					    "__rcu",
					    "__percpu",
					    "__iomem",
					    "__kernel",
					    "__force",
					    "__bitwise",
					    "__sched",
					    "__kprobes",
					    "nokprobe_inline",
					    "__printf",
					    "__scanf",
					    "__acquires",
					    "__releases",
					    "__must_hold",
					    "__cond_acquires",
					    "__alloc_size",
					    "__realloc_size",
					    "__cacheline_aligned",
					    "____cacheline_aligned",
					    "____cacheline_aligned_in_smp",
					    "__cacheline_aligned_in_smp",
					    "__randomize_layout",
					    "__no_randomize_layout",
					    "__latent_entropy",
					    "__nocfi",
					    "__flatten",
					    "__noreturn",
					    "__fix_address",
					    "__no_sanitize_address",
					    "__no_kasan_or_inline",
					    "fallthrough",
					    "__private",
					    "__noendbr",
					    NULL};

	return ctoken_is_one_of(token, names);
}

static bool ctoken_is_type_word(const struct ctoken *token)
{
	static const char *const names[] = {
		"void",	    "char", "short", "int",    "long",	  "float", "double", "signed",
		"unsigned", "bool", "_Bool", "s8",     "u8",	  "s16",   "u16",    "s32",
		"u32",	    "s64",  "u64",   "size_t", "ssize_t", NULL};

	return ctoken_is_one_of(token, names);
}

static bool ctoken_is_typeof(const struct ctoken *token)
{
	static const char *const names[] = {"typeof", "__typeof__", "__typeof", NULL};

	return ctoken_is_one_of(token, names);
}

/* Returns the position after the mark that closes the one at pos. */
static void cnames_skip_group(struct cnames_reader *r)
{
	int depth = 0;

	for (; r->pos < r->end; r->pos++) {
		const struct ctoken *token = &r->at[r->pos];

		if (token->kind != CTOKEN_OTHER || token->len != 1)
			continue;
		depth += strchr("([{", *token->text) != NULL;
		depth -= strchr(")]}", *token->text) != NULL;
		if (!depth) {
			r->pos++;
			return;
		}
	}
}

static bool cnames_at_mark(const struct cnames_reader *r, const char *mark)
{
	return r->pos < r->end && ctoken_is(&r->at[r->pos], mark);
}

static void cnames_skip_arguments(struct cnames_reader *r)
{
	if (cnames_at_mark(r, "("))
		cnames_skip_group(r);
}

/* Uses the names read so far as one declarator; returns false if they are not understood. */
static bool cnames_take_declarator(struct cnames_reader *r)
{
	if (r->nr_names != (r->typed ? 1 : 2))
		return false;
	vec_push(r->names, r->last);
	r->nr_names = 0;
	r->typed = true;
	return true;
}

/* Reads the enumerators between the braces at index open. */
static void cnames_read_enumerators(struct cnames_reader *r, size_t open)
{
	struct clevel level = {};

	for (size_t i = open; i < r->end; i++) {
		bool is_listed = level.brace == 1 && !level.paren &&
				 (ctoken_is(&r->at[i - 1], "{") || ctoken_is(&r->at[i - 1], ",") ||
				  r->at[i - 1].kind == CTOKEN_END);

		if (r->at[i].kind == CTOKEN_NAME && is_listed)
			vec_push(r->names, &r->at[i]);
		clevel_step(&level, &r->at[i]);
		if (!level.brace)
			return;
	}
}

/* Adds tags and enumerators that are defined between start and pos, inside other braces. */
static void cnames_read_inner(struct cnames_reader *r, size_t start)
{
	for (size_t i = start; i + 2 < r->pos; i++) {
		size_t open = i + 1 + (r->at[i + 1].kind == CTOKEN_NAME);

		if (!ctoken_is_aggregate(&r->at[i]) || !ctoken_is(&r->at[open], "{"))
			continue;
		if (open == i + 2)
			vec_push(r->names, &r->at[i + 1]);
		if (ctoken_is(&r->at[i], "enum"))
			cnames_read_enumerators(r, open);
	}
}

/* Reads "struct tag" or "enum {…}", which may contain attributes. */
static bool cnames_read_aggregate(struct cnames_reader *r)
{
	bool is_enum = ctoken_is(&r->at[r->pos], "enum");
	const struct ctoken *tag = NULL;

	if (r->typed || r->nr_names)
		return false;
	for (r->pos++; r->pos < r->end && r->at[r->pos].kind == CTOKEN_NAME;) {
		const struct ctoken *token = &r->at[r->pos];

		if (!ctoken_is_attribute(token) && tag)
			break;
		r->pos++;
		if (ctoken_is_attribute(token))
			cnames_skip_arguments(r);
		else
			tag = token;
	}
	r->typed = true;
	if (!cnames_at_mark(r, "{"))
		return tag;
	if (tag)
		vec_push(r->names, tag);
	if (is_enum)
		cnames_read_enumerators(r, r->pos);

	size_t start = r->pos;

	cnames_skip_group(r);
	cnames_read_inner(r, start);
	return true;
}

/* Reads "(*name" of a pointer to a function; pos is at the parenthesis. */
static bool cnames_read_pointer(struct cnames_reader *r)
{
	size_t inside = r->pos + 1;

	while (inside < r->end &&
	       (ctoken_is(&r->at[inside], "*") ||
		(r->at[inside].kind == CTOKEN_NAME && ctoken_is_attribute(&r->at[inside]))))
		inside++;
	if (inside == r->end || r->at[inside].kind != CTOKEN_NAME)
		return false;
	vec_push(r->names, &r->at[inside]);
	r->nr_names = 0;
	r->typed = true;
	cnames_skip_group(r);
	cnames_skip_arguments(r);
	r->after_function = true;
	return true;
}

static bool cnames_read_parenthesis(struct cnames_reader *r)
{
	if (r->after_function) {
		cnames_skip_group(r);
		return true;
	}
	if (r->pos + 1 < r->end && ctoken_is(&r->at[r->pos + 1], "*") &&
	    r->nr_names == (r->typed ? 0 : 1))
		return cnames_read_pointer(r);
	if (!cnames_take_declarator(r))
		return false;
	cnames_skip_group(r);
	r->after_function = true;
	return true;
}

static bool cnames_read_name(struct cnames_reader *r)
{
	const struct ctoken *token = &r->at[r->pos];

	if (ctoken_is_aggregate(token) && !r->after_function)
		return cnames_read_aggregate(r);
	r->pos++;
	if (ctoken_is_typeof(token)) {
		r->typed = true;
		cnames_skip_arguments(r);
	} else if (ctoken_is_attribute(token)) {
		cnames_skip_arguments(r);
	} else if (ctoken_is_type_word(token)) {
		r->typed = true;
		/* In "foo int", foo is a macro. */
		return !r->nr_names;
	} else if (!r->after_function) {
		r->last = token;
		r->nr_names++;
	}
	return true;
}

/* Moves to the comma or semicolon after an initialiser. */
static void cnames_skip_initialiser(struct cnames_reader *r)
{
	while (r->pos < r->end && !cnames_at_mark(r, ",") && !cnames_at_mark(r, ";")) {
		if (cnames_at_mark(r, "(") || cnames_at_mark(r, "{") || cnames_at_mark(r, "["))
			cnames_skip_group(r);
		else
			r->pos++;
	}
}

static bool cnames_read_mark(struct cnames_reader *r)
{
	char mark = *r->at[r->pos].text;

	switch (mark) {
	case '(':
		return cnames_read_parenthesis(r);
	case '*':
		/* The names before it were the type. */
		if (r->nr_names > 1 || (r->typed && r->nr_names))
			return false;
		r->nr_names = 0;
		r->typed = true;
		r->pos++;
		return true;
	case '{': /* the body of a function, which ends this chunk */
		r->pos = r->end;
		return r->after_function;
	case '[':
		if (r->nr_names && !cnames_take_declarator(r))
			return false;
		cnames_skip_group(r);
		return true;
	case '=':
	case ',':
	case ';':
		if (r->nr_names && !cnames_take_declarator(r))
			return false;
		r->pos++;
		if (mark == '=')
			cnames_skip_initialiser(r);
		r->after_function = false;
		return true;
	default:
		return false;
	}
}

static bool cnames_read_declaration(const struct ctoken_vec *tokens, const struct cchunk *chunk,
				    struct ctoken_ref_vec *names)
{
	struct cnames_reader r = {
		.at = tokens->data, .pos = chunk->start, .end = chunk->end, .names = names};

	while (r.pos < r.end) {
		enum ctoken_kind kind = r.at[r.pos].kind;
		bool is_read = kind == CTOKEN_NAME    ? cnames_read_name(&r)
			       : kind == CTOKEN_OTHER ? cnames_read_mark(&r)
						      : false;

		if (!is_read)
			return false;
	}
	return !r.nr_names;
}

static bool cnames_read_directive(const struct ctoken_vec *tokens, const struct cchunk *chunk,
				  struct ctoken_ref_vec *names)
{
	const struct ctoken *at = &tokens->data[chunk->start];

	if (chunk->end - chunk->start < 3 || at[2].kind != CTOKEN_NAME ||
	    (!ctoken_is(&at[1], "define") && !ctoken_is(&at[1], "undef")))
		return false;
	vec_push(names, &at[2]);
	return true;
}

/* Returns whether the chunk emits something even if nothing names it. */
static bool cchunk_always_emits(const struct ctoken_vec *tokens, const struct cchunk *chunk)
{
	static const char *const kept[] = {"__used", "__section", "used",  "section",
					   "asm",    "__asm__",	  "__asm", NULL};
	static const char *const only_if_used[] = {"static", "inline", "__always_inline", "typedef",
						   NULL};
	struct clevel level = {};
	bool is_static = false, defines = false;

	for (size_t i = chunk->start; i < chunk->end; i++) {
		const struct ctoken *token = &tokens->data[i];

		if (!level.brace) {
			if (ctoken_is_one_of(token, kept))
				return true;
			is_static |= ctoken_is_one_of(token, only_if_used);
			defines |= !level.paren && (ctoken_is(token, "=") ||
						    (ctoken_is(token, "{") &&
						     ctokens_open_body(tokens, chunk->start, i)));
		}
		clevel_step(&level, token);
	}
	return defines && !is_static;
}

bool cchunk_declares(const struct ctoken_vec *tokens, const struct cchunk *chunk,
		     struct ctoken_ref_vec *names)
{
	return tokens->data[chunk->start].kind == CTOKEN_DIRECTIVE
		       ? cnames_read_directive(tokens, chunk, names)
		       : cnames_read_declaration(tokens, chunk, names);
}

bool cchunk_names(const struct ctoken_vec *tokens, const struct cchunk *chunk,
		  struct ctoken_ref_vec *names)
{
	bool is_directive = tokens->data[chunk->start].kind == CTOKEN_DIRECTIVE;

	return (is_directive || !cchunk_always_emits(tokens, chunk)) &&
	       cchunk_declares(tokens, chunk, names);
}
