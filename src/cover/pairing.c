/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Pairs removed with inserted chunks. A group is the changed chunks between two unchanged ones;
 * within a group, chunks that declare the same name are the two versions of one declaration.
 */
#include "cover/pairing.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/strbuf.h"
#include "reach/cnames.h"

/* A step of a group, with what decides its new place. */
struct group_step {
	struct chunk_step step;
	char *key;    /* name that it declares: chunk_key() */
	size_t other; /* index of its partner in the group, or NO_ATOM */
	size_t atom;
};

struct group VEC(struct group_step);

/* Returns the first name that a chunk declares, or else its first two names; free(). */
static char *chunk_key(const struct cfile *text, const struct cchunk *chunk)
{
	struct ctoken_ref_vec declared = {};
	scope_strbuf key = STRBUF_INIT;
	unsigned count = 0;

	if (cchunk_declares(&text->tokens, chunk, &declared) && declared.len)
		strbuf_add(&key, declared.data[0]->text, declared.data[0]->len);
	for (size_t i = chunk->start; !declared.len && i < chunk->end && count < 2; i++) {
		const struct ctoken *token = &text->tokens.data[i];

		if (token->kind != CTOKEN_NAME)
			continue;
		strbuf_addf(&key, "%.*s ", (int)token->len, token->text);
		count++;
	}
	vec_free(&declared);
	return strbuf_detach(&key);
}

static void group_read(const struct atom_file *file, size_t start, size_t end, struct group *group)
{
	for (size_t i = start; i < end; i++) {
		struct chunk_step step = file->steps.data[i];
		const struct cfile *text;
		const struct cchunk *chunk = atom_file_chunk(file, &step, &text);

		vec_push(group,
			 (struct group_step){step, chunk_key(text, chunk), NO_ATOM, NO_ATOM});
	}
}

/* Pairs steps with equal keys in their order; returns false if two pairs would cross. */
static bool group_pair(struct group *group)
{
	size_t last = 0;

	for (size_t in = 0; in < group->len; in++) {
		struct group_step *come = &group->data[in];

		if (come->step.op != CHUNK_IN)
			continue;
		for (size_t out = 0; out < group->len; out++) {
			struct group_step *go = &group->data[out];

			if (go->step.op != CHUNK_OUT || go->other != NO_ATOM ||
			    strcmp(go->key, come->key))
				continue;
			if (out < last)
				return false;
			last = out;
			go->other = in;
			come->other = out;
			break;
		}
	}
	return true;
}

static void group_put(struct atom_file *file, size_t *at, const struct group_step *step)
{
	file->steps.data[*at] = step->step;
	file->atom_of.data[(*at)++] = step->atom;
}

/* Numbers the group's atoms, and writes each removal directly before its insertion. */
static void group_write(struct atom_file *file, size_t at, struct group *group, size_t *next)
{
	size_t out = 0;

	for (size_t i = 0; i < group->len; i++)
		if (group->data[i].other == NO_ATOM || group->data[i].other > i)
			group->data[i].atom = (*next)++;
	for (size_t i = 0; i < group->len; i++)
		if (group->data[i].atom == NO_ATOM)
			group->data[i].atom = group->data[group->data[i].other].atom;
	for (size_t i = 0; i < group->len; i++) {
		const struct group_step *come = &group->data[i];

		if (come->step.op != CHUNK_IN)
			continue;
		for (; come->other != NO_ATOM && out <= come->other; out++)
			if (group->data[out].step.op == CHUNK_OUT)
				group_put(file, &at, &group->data[out]);
		group_put(file, &at, come);
	}
	for (; out < group->len; out++)
		if (group->data[out].step.op == CHUNK_OUT)
			group_put(file, &at, &group->data[out]);
}

/* Returns the keyword of a conditional directive, or NULL for any other chunk. */
static const struct ctoken *step_conditional(const struct atom_file *file,
					     const struct chunk_step *step)
{
	static const char *const words[] = {"if", "ifdef", "ifndef", "else", "elif", "endif"};
	const struct cfile *text;
	const struct cchunk *chunk = atom_file_chunk(file, step, &text);
	const struct ctoken *at = &text->tokens.data[chunk->start];

	if (at->kind != CTOKEN_DIRECTIVE || chunk->end - chunk->start < 2)
		return NULL;
	for (size_t i = 0; i < array_size(words); i++)
		if (ctoken_is(&at[1], words[i]))
			return &at[1];
	return NULL;
}

static bool group_has_conditional(const struct atom_file *file, size_t start, size_t end)
{
	for (size_t i = start; i < end; i++)
		if (step_conditional(file, &file->steps.data[i]))
			return true;
	return false;
}

/* Returns whether one version's conditionals in a group are complete, from #if to #endif. */
static bool group_is_balanced(const struct atom_file *file, size_t start, size_t end,
			      enum chunk_op op)
{
	long depth = 0;

	for (size_t i = start; i < end; i++) {
		const struct chunk_step *step = &file->steps.data[i];
		const struct ctoken *word = step->op == op ? step_conditional(file, step) : NULL;

		if (!word)
			continue;
		if (!depth && !str_starts(word->text, "if"))
			return false;
		depth += ctoken_is(word, "endif") ? -1 : str_starts(word->text, "if");
	}
	return !depth;
}

/* Finds the next group at or after *start; returns false if there is none. */
static bool group_find(const struct atom_file *file, size_t *start, size_t *end)
{
	const struct chunk_step_vec *steps = &file->steps;

	while (*start < steps->len && steps->data[*start].op == CHUNK_SAME)
		++*start;
	*end = *start;
	while (*end < steps->len && steps->data[*end].op != CHUNK_SAME)
		++*end;
	return *end > *start;
}

bool pairing_can_cut(const struct atom_file *file)
{
	size_t start = 0, end;

	for (; group_find(file, &start, &end); start = end)
		if (!group_is_balanced(file, start, end, CHUNK_OUT) ||
		    !group_is_balanced(file, start, end, CHUNK_IN))
			return false;
	return true;
}

static void group_assign(struct atom_file *file, size_t start, size_t end, size_t *next)
{
	struct group group = {};

	group_read(file, start, end, &group);
	if (!group_has_conditional(file, start, end) && group_pair(&group)) {
		group_write(file, start, &group, next);
	} else {
		/* Chunks change places, or conditionals enclose them: the group is one atom. */
		for (size_t i = start; i < end; i++)
			file->atom_of.data[i] = *next;
		++*next;
	}
	vec_foreach(&group, it)
		free(it->key);
	vec_free(&group);
}

size_t pairing_assign(struct atom_file *file, size_t first)
{
	size_t next = first, start = 0, end;

	for (; group_find(file, &start, &end); start = end)
		group_assign(file, start, end, &next);
	return next - first;
}
