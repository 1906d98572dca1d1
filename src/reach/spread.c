/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Spreads changed names: a definition that names one of them is changed, too, and so on until the
 * sources of units are reached.
 */
#include "reach/spread.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

#include "base/alloc.h"
#include "base/file.h"
#include "base/interrupt.h"
#include "base/progress.h"
#include "base/strbuf.h"
#include "base/strmap.h"
#include "reach/cfile.h"
#include "reach/changed_names.h"
#include "reach/hashes.h"

/* With more changed names than this, every includer counts as reached. */
#define TOO_MANY_NAMES 4000

/* A file that the includers may see, as the sorted hashes of its words. */
struct spread_scanned {
	char *path;
	struct hash_vec words;
};

struct spread_scanned_vec VEC(struct spread_scanned);

struct spread {
	const struct spread_spec *spec;
	struct spread_scanned_vec files;
	struct hash_vec glue; /* sorted: words beside ## in macros */
	struct str_vec names; /* the work list; names from `next` on have not been looked for yet */
	size_t next;
	struct strmap known; /* index of these names */
	struct strmap index; /* index of the includers */
	bool *reached;
};

/* ---- words of files ---- */

/* Words are names, and numbers, which macros may glue to names. */
static bool spread_is_word(const struct ctoken *token)
{
	return token->kind == CTOKEN_NAME ||
	       (token->kind == CTOKEN_OTHER && isdigit((unsigned char)*token->text));
}

static void spread_add_words(const struct ctoken *tokens, size_t count, struct hash_vec *words)
{
	uint64_t seen[1024] = {}; /* keeps most duplicates out of the list that is sorted */

	for (size_t i = 0; i < count; i++) {
		if (!spread_is_word(&tokens[i]))
			continue;

		uint64_t hash = ctoken_hash(&tokens[i]);
		uint64_t *slot = &seen[hash % array_size(seen)];

		if (*slot != hash)
			vec_push(words, hash);
		*slot = hash;
	}
	hashes_sort_unique(words);
}

/* Returns whether the token is a parameter of the macro whose definition starts at `define`. */
static bool spread_is_parameter(const struct ctoken *define, const struct ctoken *token)
{
	const struct ctoken *name = define + 2, *open = define + 3;

	if (open >= token || !ctoken_is(open, "(") || open->text != name->text + name->len)
		return false;
	for (const struct ctoken *at = open; at < token && !ctoken_is(at, ")"); at++) {
		if (at->len == token->len && !memcmp(at->text, token->text, at->len))
			return true;
	}
	return false;
}

/* Collects the words that macros glue to their arguments. */
static void spread_add_glue(const struct ctoken_vec *tokens, struct hash_vec *glue)
{
	const struct ctoken *define = NULL;

	for (size_t i = 0; i < tokens->len; i++) {
		const struct ctoken *at = &tokens->data[i];

		if (at->kind == CTOKEN_DIRECTIVE)
			define = at;
		if (at->kind != CTOKEN_PASTE || !define || at < define + 4)
			continue;
		for (int side = -1; side <= 1; side += 2) {
			const struct ctoken *part = at + side;

			if (i + 1 < tokens->len && spread_is_word(part) &&
			    !spread_is_parameter(define, part))
				vec_push(glue, ctoken_hash(part));
		}
	}
}

static char *spread_file(const struct spread *s, const char *path)
{
	bool is_built = str_starts(path, "./");

	return xasprintf("%s/%s", is_built ? s->spec->build : s->spec->source, path);
}

/* Takes ownership of path. */
static struct err *spread_scan(struct spread *s, char *path)
{
	scope_free char *file = spread_file(s, path);
	scope_file_map map = {};
	struct ctoken_vec tokens = {};
	struct spread_scanned scanned = {.path = path};

	vec_push(&s->files, scanned);
	err_try(file_map(file, &map));
	ctokens_cut((const char *)map.bytes.data, map.bytes.size, &tokens);
	spread_add_words(tokens.data, tokens.len, &s->files.data[s->files.len - 1].words);
	spread_add_glue(&tokens, &s->glue);
	vec_free(&tokens);
	return NULL;
}

static struct err *spread_scan_closure(struct spread *s)
{
	struct str_vec closure = {};
	struct err *err = NULL;

	include_graph_closure(s->spec->graph, s->spec->includers, &closure);
	progress_begin(s->spec->progress, "looking for users of the changed names", closure.len,
		       PROGRESS_COUNT);
	vec_foreach(&closure, it) {
		if (!err && interrupt_pending())
			err = interrupt_error();
		if (err)
			free(*it);
		else
			err = spread_scan(s, *it);
		progress_update(s->spec->progress, it - closure.data);
	}
	progress_end(s->spec->progress);
	vec_free(&closure);
	hashes_sort_unique(&s->glue);
	return err;
}

/* ---- who names a name ---- */

struct spread_needle {
	const char *text;
	size_t len;
	uint64_t hash;
};

/*
 * Returns whether text[0..len) can be glued from at most `parts` words; `own` tells whether one of
 * them came from words itself.
 */
static bool spread_can_glue(const char *text, size_t len, const struct hash_vec *words,
			    const struct hash_vec *glue, unsigned parts, bool own)
{
	uint64_t whole = XXH3_64bits(text, len);

	if (hashes_have(words, whole) || (own && hashes_have(glue, whole)))
		return true;
	for (size_t cut = 1; parts > 1 && cut < len; cut++) {
		uint64_t head = XXH3_64bits(text, cut);
		bool in_words = hashes_have(words, head);

		if ((in_words || hashes_have(glue, head)) &&
		    spread_can_glue(text + cut, len - cut, words, glue, parts - 1, own || in_words))
			return true;
	}
	return false;
}

static bool spread_names_it(const struct spread *s, const struct hash_vec *words,
			    const struct spread_needle *needle)
{
	return hashes_have(words, needle->hash) ||
	       spread_can_glue(needle->text, needle->len, words, &s->glue, 3, false);
}

static void spread_reach(struct spread *s, const char *path)
{
	uint32_t id = strmap_get(&s->index, path);

	if (id != STRMAP_NONE)
		s->reached[id] = true;
}

static void spread_reach_users(struct spread *s, const char *path)
{
	scope_str_vec users = {};

	include_graph_users(s->spec->graph, path, &users);
	vec_foreach(&users, it)
		spread_reach(s, *it);
}

/* Takes ownership of name. */
static void spread_add_name(struct spread *s, char *name)
{
	if (strmap_get(&s->known, name) != STRMAP_NONE) {
		free(name);
		return;
	}
	strmap_set(&s->known, name, 1);
	vec_push(&s->names, name);
}

/*
 * If chunks of a header name it, they spread it further, or everything that includes the header
 * counts as reached.
 */
static struct err *spread_in_header(struct spread *s, const char *path,
				    const struct spread_needle *needle)
{
	scope_free char *file = spread_file(s, path);
	scope_cfile cut = {};

	err_try(cfile_read(file, &cut));
	vec_foreach(&cut.chunks, chunk) {
		struct hash_vec words = {};
		struct str_vec names = {};

		spread_add_words(cut.tokens.data + chunk->start, chunk->end - chunk->start, &words);
		if (spread_names_it(s, &words, needle)) {
			if (!chunk_names_add(&cut, chunk, &names))
				spread_reach_users(s, path);
			vec_foreach(&names, it)
				spread_add_name(s, *it);
		}
		vec_free(&names);
		vec_free(&words);
	}
	return NULL;
}

static bool spread_is_unit_source(const char *path)
{
	return str_ends(path, ".c") || str_ends(path, ".S");
}

static struct err *spread_name(struct spread *s, const char *name)
{
	struct spread_needle needle = {name, strlen(name), XXH3_64bits(name, strlen(name))};

	vec_foreach(&s->files, it) {
		uint32_t id = strmap_get(&s->index, it->path);

		if ((id != STRMAP_NONE && s->reached[id]) ||
		    !spread_names_it(s, &it->words, &needle))
			continue;
		if (!spread_is_unit_source(it->path)) {
			err_try(spread_in_header(s, it->path, &needle));
			continue;
		}
		spread_reach(s, it->path);
		spread_reach_users(s, it->path);
	}
	return NULL;
}

static struct err *spread_all(struct spread *s)
{
	vec_foreach(s->spec->names, it)
		spread_add_name(s, xstrdup(*it));
	while (s->next < s->names.len) {
		if (interrupt_pending())
			return interrupt_error();
		if (s->names.len > TOO_MANY_NAMES) {
			memset(s->reached, true, s->spec->includers->len);
			return NULL;
		}
		err_try(spread_name(s, s->names.data[s->next++]));
	}
	return NULL;
}

static void spread_free(struct spread *s)
{
	vec_foreach(&s->files, it) {
		free(it->path);
		vec_free(&it->words);
	}
	vec_free(&s->files);
	vec_free(&s->glue);
	str_vec_free(&s->names);
	strmap_free(&s->known);
	strmap_free(&s->index);
}

struct err *spread_names(const struct spread_spec *spec, bool *reached)
{
	struct spread s = {.spec = spec, .reached = reached};

	for (size_t i = 0; i < spec->includers->len; i++)
		strmap_set(&s.index, spec->includers->data[i], i);

	struct err *err = spread_scan_closure(&s);

	if (!err)
		err = spread_all(&s);
	spread_free(&s);
	return err;
}
