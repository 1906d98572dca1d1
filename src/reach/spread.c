/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "reach/spread.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

#include "base/alloc.h"
#include "base/file.h"
#include "base/interrupt.h"
#include "base/strmap.h"
#include "reach/ctext.h"

/* Beyond this everything is reached, for all that the names tell. */
#define TOO_MANY_NAMES 4000

struct hash_vec VEC(uint64_t);

/* A file that the includers may see, as the sorted hashes of its words. */
struct scanned {
	char *path;
	struct hash_vec words;
};

struct scanned_vec VEC(struct scanned);

struct spread {
	const struct spread_spec *spec;
	struct scanned_vec files;
	struct hash_vec glue; /* sorted: words beside ## in macros */
	struct str_vec names; /* the work list; what is behind `next` was not looked at */
	size_t next;
	struct strmap known; /* of these names */
	struct strmap index; /* of the includers */
	bool *reached;
};

/* ---- names of a change ---- */

struct cut {
	char *text;
	struct ctoken_vec tokens;
	struct cchunk_vec chunks;
};

static struct err *cut_file(const char *path, struct cut *cut)
{
	size_t size;

	err_try(file_read(path, &cut->text, &size));
	ctokens_cut(cut->text, size, &cut->tokens);
	cchunks_cut(&cut->tokens, &cut->chunks);
	return NULL;
}

static void cut_free(struct cut *cut)
{
	free(cut->text);
	vec_free(&cut->tokens);
	vec_free(&cut->chunks);
}

#define scope_cut __attribute__((cleanup(cut_free))) struct cut

static bool add_names(const struct cut *cut, const struct cchunk *chunk, struct str_vec *names)
{
	struct ctoken_ref_vec refs = {};
	bool known = cchunk_names(&cut->tokens, chunk, &refs);

	vec_foreach(&refs, it)
		vec_push(names, xstrndup((*it)->text, (*it)->len));
	vec_free(&refs);
	return known;
}

struct err *changed_names_find(const char *before, const char *after, struct str_vec *names,
			       bool *known)
{
	scope_cut one = {};
	scope_cut two = {};
	struct cchunk_vec only_one = {}, only_two = {};

	err_try(cut_file(before, &one));
	err_try(cut_file(after, &two));
	*known = cchunks_differ(&one.chunks, &two.chunks, &only_one, &only_two);
	vec_foreach(&only_one, it)
		*known &= add_names(&one, it, names);
	vec_foreach(&only_two, it)
		*known &= add_names(&two, it, names);
	vec_free(&only_one);
	vec_free(&only_two);
	return NULL;
}

/* ---- words of files ---- */

static int compare_hashes(const void *a, const void *b)
{
	uint64_t one = *(const uint64_t *)a, two = *(const uint64_t *)b;

	return (one > two) - (one < two);
}

static void sort_unique(struct hash_vec *hashes)
{
	size_t kept = 0;

	if (!hashes->len)
		return;
	qsort(hashes->data, hashes->len, sizeof(*hashes->data), compare_hashes);
	for (size_t i = 0; i < hashes->len; i++) {
		if (!kept || hashes->data[kept - 1] != hashes->data[i])
			hashes->data[kept++] = hashes->data[i];
	}
	hashes->len = kept;
}

static bool has_hash(const struct hash_vec *hashes, uint64_t hash)
{
	return hashes->len &&
	       bsearch(&hash, hashes->data, hashes->len, sizeof(hash), compare_hashes);
}

/* Names, and numbers, which may be glued to names. */
static bool is_word(const struct ctoken *token)
{
	return token->kind == CTOKEN_NAME ||
	       (token->kind == CTOKEN_OTHER && isdigit((unsigned char)*token->text));
}

static void add_words(const struct ctoken *tokens, size_t count, struct hash_vec *words)
{
	uint64_t seen[1024] = {}; /* keeps most repetitions out of the sorting */

	for (size_t i = 0; i < count; i++) {
		if (!is_word(&tokens[i]))
			continue;

		uint64_t hash = ctoken_hash(&tokens[i]);
		uint64_t *slot = &seen[hash % array_size(seen)];

		if (*slot != hash)
			vec_push(words, hash);
		*slot = hash;
	}
	sort_unique(words);
}

/* Whether the token is a parameter of the macro whose definition starts at `define`. */
static bool is_parameter(const struct ctoken *define, const struct ctoken *token)
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

/* What macros glue to their arguments. */
static void add_glue(const struct ctoken_vec *tokens, struct hash_vec *glue)
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

			if (i + 1 < tokens->len && is_word(part) && !is_parameter(define, part))
				vec_push(glue, ctoken_hash(part));
		}
	}
}

static char *file_of(const struct spread *s, const char *path)
{
	bool is_built = str_starts(path, "./");

	return xasprintf("%s/%s", is_built ? s->spec->build : s->spec->source, path);
}

/* Takes path over. */
static struct err *scan(struct spread *s, char *path)
{
	scope_free char *file = file_of(s, path);
	scope_file_map map = {};
	struct ctoken_vec tokens = {};
	struct scanned scanned = {.path = path};

	vec_push(&s->files, scanned);
	err_try(file_map(file, &map));
	ctokens_cut((const char *)map.bytes.data, map.bytes.size, &tokens);
	add_words(tokens.data, tokens.len, &s->files.data[s->files.len - 1].words);
	add_glue(&tokens, &s->glue);
	vec_free(&tokens);
	return NULL;
}

static struct err *scan_closure(struct spread *s)
{
	struct str_vec closure = {};
	struct err *err = NULL;

	include_graph_closure(s->spec->graph, s->spec->includers, &closure);
	progress_begin(s->spec->progress, "looking for users of what changes", closure.len,
		       PROGRESS_COUNT);
	vec_foreach(&closure, it) {
		if (!err && interrupt_pending())
			err = interrupt_error();
		if (err)
			free(*it);
		else
			err = scan(s, *it);
		progress_update(s->spec->progress, it - closure.data);
	}
	progress_end(s->spec->progress);
	vec_free(&closure);
	sort_unique(&s->glue);
	return err;
}

/* ---- who names a name ---- */

struct needle {
	const char *text;
	size_t len;
	uint64_t hash;
};

/*
 * Whether text[0..len) can be glued from at most `parts` words, of which `own` tells that one came
 * from words itself.
 */
static bool can_glue(const char *text, size_t len, const struct hash_vec *words,
		     const struct hash_vec *glue, unsigned parts, bool own)
{
	uint64_t whole = XXH3_64bits(text, len);

	if (has_hash(words, whole) || (own && has_hash(glue, whole)))
		return true;
	for (size_t cut = 1; parts > 1 && cut < len; cut++) {
		uint64_t head = XXH3_64bits(text, cut);
		bool in_words = has_hash(words, head);

		if ((in_words || has_hash(glue, head)) &&
		    can_glue(text + cut, len - cut, words, glue, parts - 1, own || in_words))
			return true;
	}
	return false;
}

static bool names_it(const struct spread *s, const struct hash_vec *words,
		     const struct needle *needle)
{
	return has_hash(words, needle->hash) ||
	       can_glue(needle->text, needle->len, words, &s->glue, 3, false);
}

static void reach(struct spread *s, const char *path)
{
	uint32_t id = strmap_get(&s->index, path);

	if (id != STRMAP_NONE)
		s->reached[id] = true;
}

static void reach_users(struct spread *s, const char *path)
{
	scope_str_vec users = {};

	include_graph_users(s->spec->graph, path, &users);
	vec_foreach(&users, it)
		reach(s, *it);
}

/* Takes name over. */
static void add_name(struct spread *s, char *name)
{
	if (strmap_get(&s->known, name) != STRMAP_NONE) {
		free(name);
		return;
	}
	strmap_set(&s->known, name, 1);
	vec_push(&s->names, name);
}

/* The chunks of a header that name it spread it further; or whoever includes them is reached. */
static struct err *spread_in_header(struct spread *s, const char *path, const struct needle *needle)
{
	scope_free char *file = file_of(s, path);
	scope_cut cut = {};

	err_try(cut_file(file, &cut));
	vec_foreach(&cut.chunks, chunk) {
		struct hash_vec words = {};
		struct str_vec names = {};

		add_words(cut.tokens.data + chunk->start, chunk->end - chunk->start, &words);
		if (names_it(s, &words, needle)) {
			if (!add_names(&cut, chunk, &names))
				reach_users(s, path);
			vec_foreach(&names, it)
				add_name(s, *it);
		}
		vec_free(&names);
		vec_free(&words);
	}
	return NULL;
}

static bool is_unit_source(const char *path)
{
	return str_ends(path, ".c") || str_ends(path, ".S");
}

static struct err *spread_name(struct spread *s, const char *name)
{
	struct needle needle = {name, strlen(name), XXH3_64bits(name, strlen(name))};

	vec_foreach(&s->files, it) {
		uint32_t id = strmap_get(&s->index, it->path);

		if ((id != STRMAP_NONE && s->reached[id]) || !names_it(s, &it->words, &needle))
			continue;
		if (!is_unit_source(it->path)) {
			err_try(spread_in_header(s, it->path, &needle));
			continue;
		}
		reach(s, it->path);
		reach_users(s, it->path);
	}
	return NULL;
}

static struct err *spread_all(struct spread *s)
{
	vec_foreach(s->spec->names, it)
		add_name(s, xstrdup(*it));
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

	struct err *err = scan_closure(&s);

	if (!err)
		err = spread_all(&s);
	spread_free(&s);
	return err;
}
