/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Spreads changed names: a definition that names one of them is changed, too, and so on until the
 * sources of units are reached.
 */
#include "reach/spread.h"

#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

#include "base/alloc.h"
#include "base/file.h"
#include "base/interrupt.h"
#include "base/progress.h"
#include "base/strbuf.h"
#include "base/strmap.h"
#include "base/lower_bound.h"
#include "reach/cfile.h"
#include "reach/changed_names.h"
#include "reach/chunk_kind.h"
#include "reach/hashes.h"
#include "reach/pasting.h"
#include "reach/tree_files.h"

/* With more changed names than this, every includer counts as reached. */
#define TOO_MANY_NAMES 4000

/* A chunk of a header: what it has, and what it declares. */
struct spread_chunk {
	struct hash_vec words;
	struct str_vec names;
	bool known; /* names are all that it declares */
	enum chunk_kind kind;
};

/* A file that the includers may see, as the sorted hashes of its words. */
struct spread_scanned {
	char *path;
	struct hash_vec words;
	bool is_cut; /* chunks were read */
	struct VEC(struct spread_chunk) chunks;
};

struct spread_scanned_vec VEC(struct spread_scanned);

/* A word, and a file that has it. */
struct spread_word {
	uint64_t hash;
	size_t file;
};

struct spread_word_vec VEC(struct spread_word);

/* A name that changed, and whether it is only known to stand for a function. */
struct spread_changed {
	char *name;
	bool is_function;
};

/* Values of spread.known. */
enum spread_known { SPREAD_FUNCTION, SPREAD_ANYTHING };

struct spread {
	struct spread_spec spec;
	struct strmap changed; /* paths of spec.changes: places there */
	struct spread_scanned_vec files;
	struct spread_word_vec words; /* of all files, sorted */
	struct pasting pasting;	      /* macros of all files */
	struct strmap index;	      /* of the includers */
	/* The members below are set anew for each question. */
	/* The work list; entries from `next` on are still to be looked at. */
	struct VEC(struct spread_changed) names;
	size_t next;
	struct strmap known; /* of these names: enum spread_known */
	bool *reached;
};

/* ---- words of files ---- */

static void spread_add_words(const struct ctoken *tokens, size_t count, struct hash_vec *words)
{
	uint64_t seen[1024] = {}; /* keeps most duplicates out of the list that is sorted */

	for (size_t i = 0; i < count; i++) {
		if (!pasting_is_word(&tokens[i]))
			continue;

		uint64_t hash = ctoken_hash(&tokens[i]);
		uint64_t *slot = &seen[hash % array_size(seen)];

		if (*slot != hash)
			vec_push(words, hash);
		*slot = hash;
	}
	hashes_sort_unique(words);
}

static char *spread_file(const struct spread *s, const char *path)
{
	bool is_built = str_starts(path, "./");

	return xasprintf("%s/%s", is_built ? s->spec.build : s->spec.source, path);
}

/* Returns the file with the patched text of a file that changes, or NULL. */
static const char *spread_patched(const struct spread *s, const char *path)
{
	uint32_t at = strmap_get(&s->changed, path);

	return at == STRMAP_NONE ? NULL : s->spec.changes->changes.data[at].file;
}

static struct err *spread_scan_text(struct spread *s, const char *file, struct hash_vec *words)
{
	scope_file_map map = {};
	struct ctoken_vec tokens = {};

	err_try(file_map(file, &map));
	ctokens_cut((const char *)map.bytes.data, map.bytes.size, &tokens);
	spread_add_words(tokens.data, tokens.len, words);
	pasting_add_file(&s->pasting, &tokens);
	vec_free(&tokens);
	return NULL;
}

/* Takes ownership of path. */
static struct err *spread_scan(struct spread *s, char *path)
{
	const char *patched = spread_patched(s, path);
	scope_free char *file = spread_file(s, path);
	struct spread_scanned scanned = {.path = path};

	vec_push(&s->files, scanned);

	struct hash_vec *words = &s->files.data[s->files.len - 1].words;

	err_try(spread_scan_text(s, file, words));
	if (patched)
		err_try(spread_scan_text(s, patched, words));
	vec_foreach(words, it)
		vec_push(&s->words, (struct spread_word){*it, s->files.len - 1});
	return NULL;
}

static int spread_word_compare(const void *a, const void *b)
{
	const struct spread_word *one = a, *two = b;

	if (one->hash != two->hash)
		return one->hash < two->hash ? -1 : 1;
	return (one->file > two->file) - (one->file < two->file);
}

static struct err *spread_scan_closure(struct spread *s)
{
	struct str_vec closure = {};
	struct err *err = NULL;

	include_graph_closure(s->spec.graph, s->spec.includers, &closure);
	progress_begin(s->spec.progress, "looking for users of the changed names", closure.len,
		       PROGRESS_COUNT);
	vec_foreach(&closure, it) {
		if (!err && interrupt_pending())
			err = interrupt_error();
		if (err)
			free(*it);
		else
			err = spread_scan(s, *it);
		progress_update(s->spec.progress, it - closure.data);
	}
	progress_end(s->spec.progress);
	vec_free(&closure);
	pasting_finish(&s->pasting);
	if (s->words.len)
		qsort(s->words.data, s->words.len, sizeof(*s->words.data), spread_word_compare);
	return err;
}

/* ---- who names a name ---- */

struct spread_needle {
	const char *text;
	size_t len;
	uint64_t hash;
	bool is_function;
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
	       (spread_can_glue(needle->text, needle->len, words, &s->pasting.glue, 3, false) &&
		pasting_may_glue(&s->pasting, words));
}

/* The first of the words with this hash, and how many there are. */
static size_t spread_find_word(const struct spread *s, uint64_t hash, size_t *count)
{
	size_t first = lower_bound(s->words.data, s->words.len, it, it->hash < hash), end = first;

	while (end < s->words.len && s->words.data[end].hash == hash)
		end++;
	*count = end - first;
	return first;
}

struct spread_file_list VEC(size_t);

static void spread_add_files(const struct spread *s, uint64_t hash, struct spread_file_list *files)
{
	size_t count, first = spread_find_word(s, hash, &count);

	for (size_t i = first; i < first + count; i++)
		vec_push(files, s->words.data[i].file);
}

/*
 * The files that may have the parts of a glued name: all parts that no macro supplies are in the
 * file, so those with one of them are enough.
 */
static void spread_add_glued(const struct spread *s, const struct hash_vec *parts,
			     struct spread_file_list *files)
{
	size_t least = SIZE_MAX;
	uint64_t rarest = 0;

	vec_foreach(parts, it) {
		size_t count;

		if (hashes_have(&s->pasting.glue, *it))
			continue;
		spread_find_word(s, *it, &count);
		if (count < least)
			rarest = *it;
		least = count < least ? count : least;
	}
	if (least != SIZE_MAX) {
		spread_add_files(s, rarest, files);
		return;
	}
	vec_foreach(parts, it)
		spread_add_files(s, *it, files);
}

static void spread_split(const struct spread *s, const char *text, size_t len,
			 struct hash_vec *parts, struct spread_file_list *files)
{
	size_t count;
	uint64_t whole = XXH3_64bits(text, len);

	vec_push(parts, whole);
	spread_find_word(s, whole, &count);
	if (count || hashes_have(&s->pasting.glue, whole))
		spread_add_glued(s, parts, files);
	parts->len--;
	for (size_t cut = 1; parts->len < 2 && cut < len; cut++) {
		uint64_t head = XXH3_64bits(text, cut);

		spread_find_word(s, head, &count);
		if (!count && !hashes_have(&s->pasting.glue, head))
			continue;
		vec_push(parts, head);
		spread_split(s, text + cut, len - cut, parts, files);
		parts->len--;
	}
}

static int spread_file_compare(const void *a, const void *b)
{
	size_t one = *(const size_t *)a, two = *(const size_t *)b;

	return (one > two) - (one < two);
}

/* The files that may have the name, or parts that it can be glued from; each once. */
static void spread_find_files(const struct spread *s, const struct spread_needle *needle,
			      struct spread_file_list *files)
{
	struct hash_vec parts = {};
	size_t kept = 0;

	spread_split(s, needle->text, needle->len, &parts, files);
	vec_free(&parts);
	if (files->len)
		qsort(files->data, files->len, sizeof(*files->data), spread_file_compare);
	for (size_t i = 0; i < files->len; i++)
		if (!kept || files->data[kept - 1] != files->data[i])
			files->data[kept++] = files->data[i];
	files->len = kept;
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

	include_graph_users(s->spec.graph, path, &users);
	vec_foreach(&users, it)
		spread_reach(s, *it);
}

/* Takes ownership of name. */
static void spread_add_name(struct spread *s, char *name, bool is_function)
{
	enum spread_known how = is_function ? SPREAD_FUNCTION : SPREAD_ANYTHING;
	uint32_t before = strmap_get(&s->known, name);

	/* A name that turns out to stand for more than a function is looked at once more. */
	if (before != STRMAP_NONE && before >= how) {
		free(name);
		return;
	}
	strmap_set(&s->known, name, how);
	vec_push(&s->names, (struct spread_changed){name, is_function});
}

static struct err *spread_cut_text(const char *file, struct spread_scanned *header)
{
	scope_cfile cut = {};

	err_try(cfile_read(file, &cut));
	vec_foreach(&cut.chunks, chunk) {
		struct spread_chunk read = {};

		spread_add_words(cut.tokens.data + chunk->start, chunk->end - chunk->start,
				 &read.words);
		read.known = changed_names_add_chunk(&cut, chunk, &read.names);
		read.kind = chunk_kind(&cut, chunk);
		vec_push(&header->chunks, read);
	}
	return NULL;
}

static struct err *spread_cut(struct spread *s, struct spread_scanned *header)
{
	const char *patched = spread_patched(s, header->path);
	scope_free char *file = spread_file(s, header->path);

	if (header->is_cut)
		return NULL;
	header->is_cut = true;
	err_try(spread_cut_text(file, header));
	return patched ? spread_cut_text(patched, header) : NULL;
}

/* The chunks of a header that name it spread it further; or whoever includes them is reached. */
static struct err *spread_in_header(struct spread *s, struct spread_scanned *header,
				    const struct spread_needle *needle)
{
	err_try(spread_cut(s, header));
	vec_foreach(&header->chunks, chunk) {
		if ((needle->is_function && chunk->known && chunk->kind == CHUNK_PLAIN) ||
		    !spread_names_it(s, &chunk->words, needle))
			continue;
		if (!chunk->known)
			spread_reach_users(s, header->path);
		vec_foreach(&chunk->names, it)
			spread_add_name(s, xstrdup(*it), chunk->kind == CHUNK_FUNCTION);
	}
	return NULL;
}

static struct err *spread_name(struct spread *s, const char *name, bool is_function)
{
	struct spread_needle needle = {name, strlen(name), XXH3_64bits(name, strlen(name)),
				       is_function};
	struct spread_file_list files = {};
	struct err *err = NULL;

	spread_find_files(s, &needle, &files);
	for (size_t i = 0; !err && i < files.len; i++) {
		struct spread_scanned *it = &s->files.data[files.data[i]];
		uint32_t id = strmap_get(&s->index, it->path);

		if ((id != STRMAP_NONE && s->reached[id]) ||
		    !spread_names_it(s, &it->words, &needle))
			continue;
		if (!tree_is_source(it->path)) {
			err = spread_in_header(s, it, &needle);
			continue;
		}
		spread_reach(s, it->path);
		spread_reach_users(s, it->path);
	}
	vec_free(&files);
	return err;
}

static struct err *spread_all(struct spread *s, const struct str_vec *names,
			      const struct str_vec *functions)
{
	vec_foreach(names, it)
		spread_add_name(s, xstrdup(*it), functions && str_vec_find_sorted(functions, *it));
	while (s->next < s->names.len) {
		if (interrupt_pending())
			return interrupt_error();
		if (s->names.len > TOO_MANY_NAMES) {
			memset(s->reached, true, s->spec.includers->len);
			return NULL;
		}

		const struct spread_changed changed = s->names.data[s->next++];

		err_try(spread_name(s, changed.name, changed.is_function));
	}
	return NULL;
}

struct err *spread_names(struct spread *s, const struct str_vec *names,
			 const struct str_vec *functions, bool *reached)
{
	s->reached = reached;
	s->next = 0;

	struct err *err = spread_all(s, names, functions);

	strmap_free(&s->known);
	s->known = (struct strmap){};
	vec_foreach(&s->names, it)
		free(it->name);
	vec_free(&s->names);
	return err;
}

static void spread_scanned_free(struct spread_scanned *file)
{
	vec_foreach(&file->chunks, it) {
		vec_free(&it->words);
		str_vec_free(&it->names);
	}
	vec_free(&file->chunks);
	free(file->path);
	vec_free(&file->words);
}

void spread_free(struct spread *s)
{
	if (!s)
		return;
	vec_foreach(&s->files, it)
		spread_scanned_free(it);
	vec_free(&s->files);
	vec_free(&s->words);
	pasting_free(&s->pasting);
	strmap_free(&s->index);
	strmap_free(&s->changed);
	free(s);
}

void spread_freep(struct spread **sp)
{
	spread_free(*sp);
}

struct err *spread_open(const struct spread_spec *spec, struct spread **spread)
{
	scope_spread s = xcalloc(1, sizeof(*s));

	s->spec = *spec;
	for (size_t i = 0; spec->changes && i < spec->changes->changes.len; i++)
		if (spec->changes->changes.data[i].file)
			strmap_set(&s->changed, spec->changes->changes.data[i].path, i);
	for (size_t i = 0; i < spec->includers->len; i++)
		strmap_set(&s->index, spec->includers->data[i], i);
	err_try(spread_scan_closure(s));
	*spread = take_ptr(s);
	return NULL;
}
