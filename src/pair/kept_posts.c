/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Keeps patched objects below posts/ in a release's answers: for each unit a few, as NUMBER.o, and
 * NUMBER.list with the hash of the command and a line "hash path" for each file that was read.
 */
#include "pair/kept_posts.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <xxhash.h>

#include "base/alloc.h"
#include "base/file.h"
#include "base/path.h"
#include "base/strbuf.h"
#include "base/strmap.h"
#include "kbuild/kbuild.h"

/* This many patched objects of each unit are kept; a new one replaces the oldest. */
#define MAX_KEPT 5

struct kept_posts {
	struct pairing *pairing;
	struct strmap added;  /* names of files that the patches add, without folders */
	struct strmap known;  /* paths to places in hashes */
	struct str_vec paths; /* keys of known */
	struct VEC(uint64_t) hashes;
};

struct kept_posts *kept_posts_new(struct pairing *pairing)
{
	struct kept_posts *posts = xcalloc(1, sizeof(*posts));

	posts->pairing = pairing;
	vec_foreach(&pairing->changes.changes, it)
		if (it->kind == CHANGE_ADDED)
			strmap_set(&posts->added, path_base(it->path), 1);
	return posts;
}

void kept_posts_free(struct kept_posts *posts)
{
	if (!posts)
		return;
	strmap_free(&posts->added);
	strmap_free(&posts->known);
	str_vec_free(&posts->paths);
	vec_free(&posts->hashes);
	free(posts);
}

static char *kept_posts_name(const struct paired_unit *unit, unsigned number, const char *kind)
{
	return xasprintf("posts/%s/%u.%s", unit->unit->object, number, kind);
}

/* Returns the hash of a file's contents; 0 if it cannot be read. */
static uint64_t dep_hash_file(const char *path)
{
	uint64_t hash;
	struct err *err = file_hash(path, &hash);

	if (err) {
		err_free(err);
		return 0;
	}
	return hash | 1;
}

/* Does the same as dep_hash_file(), reading each file once a run; dep is as the compiler saw it
 * from dir. */
static uint64_t dep_hash(struct kept_posts *posts, const char *dir, const char *dep)
{
	scope_free char *path =
		xasprintf("%s%s%s", *dep == '/' ? "" : dir, *dep == '/' ? "" : "/", dep);
	uint32_t at = strmap_get(&posts->known, path);

	if (at != STRMAP_NONE)
		return posts->hashes.data[at];
	strmap_set(&posts->known, path, posts->hashes.len);
	vec_push(&posts->hashes, dep_hash_file(path));
	vec_push(&posts->paths, take_ptr(path));
	return posts->hashes.data[posts->hashes.len - 1];
}

static uint64_t hash_command(const struct kbuild_command *command)
{
	scope_free char *text = xasprintf("%s\n%s\n%s\n%s", command->compile, command->source,
					  command->objtool, command->finish);

	return XXH3_64bits(text, strlen(text));
}

/*
 * Returns whether a line "hash path" still holds. A new file of that name might be found before it.
 */
static bool list_line_holds(struct kept_posts *posts, const char *dir, char *line)
{
	char *space = strchr(line, ' ');

	if (!space)
		return false;
	*space = '\0';
	return strmap_get(&posts->added, path_base(space + 1)) == STRMAP_NONE &&
	       dep_hash(posts, dir, space + 1) == strtoull(line, NULL, 16);
}

static bool list_holds(struct kept_posts *posts, const struct paired_unit *unit, char *text)
{
	const char *dir = pairing_dir(posts->pairing, unit, POST);
	char *save = NULL, *line = strtok_r(text, "\n", &save);

	if (!line || strtoull(line, NULL, 16) != hash_command(pairing_command(unit, POST)))
		return false;
	while ((line = strtok_r(NULL, "\n", &save)))
		if (!list_line_holds(posts, dir, line))
			return false;
	return true;
}

char *kept_posts_find(struct kept_posts *posts, const struct paired_unit *unit)
{
	const struct kbuild *kbuild = &posts->pairing->kbuild;

	for (unsigned i = 0; i < MAX_KEPT; i++) {
		scope_free char *object = kept_posts_name(unit, i, "o");
		scope_free char *list = kept_posts_name(unit, i, "list");
		scope_free char *path = kept_path(kbuild, list);
		scope_free char *text = NULL;

		if (!file_exists(path) || !kept_has(kbuild, list) || !kept_has(kbuild, object))
			continue;

		struct err *err = file_read(path, &text, NULL);

		err_free(err);
		if (!err && list_holds(posts, unit, text))
			return kept_path(kbuild, object);
	}
	return NULL;
}

/* Returns an unused number, or that of the oldest object. */
static unsigned kept_posts_place(const struct kept_posts *posts, const struct paired_unit *unit)
{
	unsigned oldest = 0;
	time_t time = 0;

	for (unsigned i = 0; i < MAX_KEPT; i++) {
		scope_free char *list = kept_posts_name(unit, i, "list");
		scope_free char *path = kept_path(&posts->pairing->kbuild, list);
		struct stat st;

		if (stat(path, &st))
			return i;
		if (!i || st.st_mtime < time) {
			oldest = i;
			time = st.st_mtime;
		}
	}
	return oldest;
}

struct err *kept_posts_add(struct kept_posts *posts, const struct paired_unit *unit,
			   const struct str_vec *deps, char **kept)
{
	const char *dir = pairing_dir(posts->pairing, unit, POST);
	unsigned number = kept_posts_place(posts, unit);
	scope_free char *object = kept_posts_name(unit, number, "o");
	scope_free char *list = kept_posts_name(unit, number, "list");
	scope_strbuf text = STRBUF_INIT;

	strbuf_addf(&text, "%016llx\n",
		    (unsigned long long)hash_command(pairing_command(unit, POST)));
	vec_foreach(deps, it)
		strbuf_addf(&text, "%016llx %s\n", (unsigned long long)dep_hash(posts, dir, *it),
			    *it);
	/* The object is replaced last: the new list would be wrong for the old object. */
	err_try(kept_write(&posts->pairing->kbuild, list, "", 0));
	err_try(kept_copy(&posts->pairing->kbuild, unit->object_file[POST], object));
	err_try(kept_write(&posts->pairing->kbuild, list, text.buf, text.len));
	*kept = kept_path(&posts->pairing->kbuild, object);
	return NULL;
}
