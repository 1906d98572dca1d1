/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Finds types that only got another name, and tells how alike two spellings of types are. */
#include "safety/versions.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/strbuf.h"
#include "safety/kernel_types.h"

/* Types that hold one thing alone hold each other no deeper than this. */
#define MAX_DEPTH 8

/* ---- spellings ---- */

static size_t word_length(const char *text)
{
	size_t len = 0;

	while (isalnum((unsigned char)text[len]) || text[len] == '_')
		len++;
	return len;
}

static bool spelling_is_word(const char *text, size_t len, const char *word)
{
	return strlen(word) == len && !strncmp(text, word, len);
}

/* Behind the name of an enumeration, or behind its constants if it has none. */
static const char *skip_enum(const char *text)
{
	if (*text == ' ')
		text++;
	if (*text != '{')
		return text + word_length(text);
	return text + strcspn(text, "}") + 1;
}

/* Without what says nothing of how memory is read; loose: without signs and kinds of numbers. */
static char *plain_spelling(const char *text, bool loose)
{
	static const char *const nothing[] = {"const", "volatile"};
	static const char *const sign[] = {"unsigned", "signed"};
	scope_strbuf out = STRBUF_INIT;

	while (*text) {
		size_t len = word_length(text);
		bool drop = false;

		if (!len) {
			strbuf_addch(&out, *text++);
			continue;
		}
		for (size_t i = 0; i < array_size(nothing); i++)
			drop |= spelling_is_word(text, len, nothing[i]);
		for (size_t i = 0; loose && i < array_size(sign); i++)
			drop |= spelling_is_word(text, len, sign[i]);
		if (drop) {
			text += len + (text[len] == ' ');
			continue;
		}
		if (loose && spelling_is_word(text, len, "enum")) {
			strbuf_addstr(&out, "int");
			text = skip_enum(text + len);
			continue;
		}
		if (loose && spelling_is_word(text, len, "_Bool"))
			strbuf_addstr(&out, "char");
		else
			strbuf_add(&out, text, len);
		text += len;
	}
	return strbuf_detach(&out);
}

/* The type of the only thing that a type of that name holds: "int" of "atomic_t"; free(). */
static char *unwrap(const struct unit_types *types, const char *text)
{
	scope_free char *spelling = plain_spelling(text, false);

	for (unsigned depth = 0; depth < MAX_DEPTH; depth++) {
		const struct type *type = unit_type_find(types, spelling);
		const struct type_member *only;

		if (!type || type->kind == TYPE_ENUM || type->members.len != 1)
			break;
		only = &type->members.data[0];
		if (!only->type || only->at || only->bits != 8 * type->size)
			break;
		free(spelling);
		spelling = plain_spelling(only->type, false);
	}
	return plain_spelling(spelling, true);
}

static bool spelling_is_pointer(const char *spelling)
{
	return str_ends(spelling, "*") && !strchr(spelling, '(');
}

static const struct type_rename *find_rename(const struct type_versions *versions,
					     const char *before, size_t len)
{
	vec_foreach(&versions->renamed, it)
		if (spelling_is_word(before, len, it->before->name))
			return it;
	return NULL;
}

/* "struct foo" where text begins with a keyword, else the word. */
static size_t spelling_name_length(const char *text)
{
	size_t len = word_length(text);

	if ((spelling_is_word(text, len, "struct") || spelling_is_word(text, len, "union") ||
	     spelling_is_word(text, len, "enum")) &&
	    text[len] == ' ' && word_length(text + len + 1))
		len += 1 + word_length(text + len + 1);
	return len;
}

/* A spelling of the old version with the names that its types have in the new one; free(). */
static char *translate(const struct type_versions *versions, const char *text)
{
	scope_strbuf out = STRBUF_INIT;

	while (*text) {
		size_t len = spelling_name_length(text);
		const struct type_rename *rename = len ? find_rename(versions, text, len) : NULL;

		if (!len)
			len = 1;
		if (rename)
			strbuf_addstr(&out, rename->after->name);
		else
			strbuf_add(&out, text, len);
		text += len;
	}
	return strbuf_detach(&out);
}

enum type_likeness type_likeness(const struct type_versions *versions, const char *before,
				 const char *after)
{
	if (!before || !after)
		return !before && !after ? TYPE_SAME : TYPE_OTHER;
	if (!strcmp(before, after))
		return TYPE_SAME;

	scope_free char *translated = translate(versions, before);
	scope_free char *a = plain_spelling(translated, false);
	scope_free char *b = plain_spelling(after, false);

	if (!strcmp(a, b))
		return TYPE_SAME;

	scope_free char *in_a = unwrap(versions->pre, before);
	scope_free char *in_b = unwrap(versions->post, after);

	if (!strcmp(in_a, in_b) || (spelling_is_pointer(a) && spelling_is_pointer(b) &&
				    (!strcmp(a, "void *") || !strcmp(b, "void *"))))
		return TYPE_LIKE;
	return TYPE_OTHER;
}

/* ---- names ---- */

const struct type *type_before(const struct type_versions *versions, const struct type *after)
{
	vec_foreach(&versions->renamed, it)
		if (it->after == after)
			return it->before;
	return unit_type_find(versions->pre, after->name);
}

static unsigned common_members(const struct type *a, const struct type *b)
{
	unsigned common = 0;

	vec_foreach(&a->members, it) {
		bool found = false;

		vec_foreach(&b->members, other)
			found |= !strcmp(it->name, other->name);
		common += *it->name && found;
	}
	return common;
}

/* One that is gone could be the other that is new. */
static bool could_be(const struct type_versions *versions, const struct type *before,
		     const struct type *after)
{
	if (!before || before->kind != after->kind || before->kind == TYPE_TYPEDEF ||
	    !strcmp(before->name, "enum") || unit_type_find(versions->post, before->name))
		return false;
	vec_foreach(&versions->renamed, it)
		if (it->before == before)
			return false;
	/* A variable's own structure that got a name may have gone elsewhere with it. */
	return strstr(before->name, " of ") ||
	       (before->file && after->file && !strcmp(before->file, after->file));
}

static const struct type *by_members(const struct type_versions *versions,
				     const struct type_vec *gone, const struct type *after)
{
	const struct type *best = NULL;
	unsigned most = 0;

	vec_foreach(gone, it) {
		unsigned common;

		if (!after->file || !could_be(versions, *it, after))
			continue;
		common = common_members(*it, after);
		if (common <= most || 2 * common <= (*it)->members.len)
			continue;
		most = common;
		best = *it;
	}
	return best;
}

/* What is spelled with the name, and nothing that takes it as an argument. */
static bool spells(const char *text, const char *name)
{
	const char *at = text ? strstr(text, name) : NULL;

	return at && !strchr(text, '(') && (at == text || at[-1] == ' ') &&
	       !word_length(at + strlen(name));
}

/* The type of this kind whose name stands in the spelling. */
static const struct type *spelled(const struct unit_types *types, const char *text)
{
	scope_free char *name = plain_spelling(text ? text : "", false);

	name[spelling_name_length(name)] = '\0';
	return unit_type_find(types, name);
}

static const struct type *by_member(const struct type_versions *versions, const struct type *after)
{
	vec_foreach(&versions->post->types, it) {
		const struct type *holder = type_before(versions, *it);

		vec_foreach(&(*it)->members, member) {
			if (!holder || !spells(member->type, after->name))
				continue;
			vec_foreach(&holder->members, was) {
				const struct type *before = spelled(versions->pre, was->type);

				if (*was->name && !strcmp(was->name, member->name) &&
				    could_be(versions, before, after))
					return before;
			}
		}
	}
	return NULL;
}

static const struct type *by_variable(const struct type_versions *versions,
				      const struct type *after)
{
	vec_foreach(&versions->post->variables, it) {
		const struct type_variable *was = unit_variable_find(versions->pre, it->name);
		const struct type *before =
			was && was->named ? unit_type_find(versions->pre, was->named) : NULL;

		/* The compiler numbers static locals anew. */
		if (it->named && !strcmp(it->named, after->name) && !strchr(it->name, '.') &&
		    could_be(versions, before, after))
			return before;
	}
	return NULL;
}

static const struct type *of_local(const struct type_versions *versions, const char *function,
				   const char *local)
{
	const struct type_function *was = unit_function_find(versions->pre, function);

	if (was)
		vec_foreach(&was->locals, it)
			if (!strcmp(it->name, local))
				return unit_type_find(versions->pre, it->type);
	return NULL;
}

static const struct type *by_local(const struct type_versions *versions, const struct type *after)
{
	vec_foreach(&versions->post->functions, function) {
		vec_foreach(&(*function)->locals, it) {
			const struct type *before;

			if (strcmp(it->type, after->name) != 0)
				continue;
			before = of_local(versions, (*function)->name, it->name);
			if (could_be(versions, before, after))
				return before;
		}
	}
	return NULL;
}

static const struct type *versions_predecessor(const struct type_versions *versions,
					       const struct type_vec *gone,
					       const struct type *after)
{
	const struct type *before;
	bool any = false;

	vec_foreach(gone, it)
		any |= could_be(versions, *it, after);
	if (!any)
		return NULL;
	before = by_variable(versions, after);
	if (!before)
		before = by_member(versions, after);
	if (!before)
		before = by_local(versions, after);
	return before ? before : by_members(versions, gone, after);
}

static void find_renamed(struct type_versions *versions, const struct type_vec *gone,
			 const struct kernel_types *kernel)
{
	vec_foreach(&versions->post->types, it) {
		const struct type *before;
		bool same;

		if ((*it)->kind == TYPE_TYPEDEF || type_before(versions, *it) ||
		    (kernel && kernel_types_match(kernel, *it, &same)))
			continue;
		before = versions_predecessor(versions, gone, *it);
		if (before)
			vec_push(&versions->renamed, (struct type_rename){before, *it});
	}
}

void type_versions_init(struct type_versions *versions, const struct unit_types *pre,
			const struct unit_types *post, const struct kernel_types *kernel)
{
	struct type_vec gone = {};
	size_t found;

	*versions = (struct type_versions){.pre = pre, .post = post};
	vec_foreach(&pre->types, it)
		if (!unit_type_find(post, (*it)->name))
			vec_push(&gone, *it);
	do { /* what holds a renamed type may be renamed itself */
		found = versions->renamed.len;
		find_renamed(versions, &gone, kernel);
	} while (versions->renamed.len != found);
	vec_free(&gone);
}

void type_versions_free(struct type_versions *versions)
{
	vec_free(&versions->renamed);
}
