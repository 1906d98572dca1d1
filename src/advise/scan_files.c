/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Decides once for all users of a mapped file whether its name still leads to that file. */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <xxhash.h>

#include "advise/removed.h"
#include "advise/scan_files.h"
#include "base/alloc.h"
#include "base/strbuf.h"

#define MAX_FILES 400000 /* files of all processes; further files count as current */
#define DELETED " (deleted)"

struct mapped_file {
	struct file_use use; /* the part that others see; must be first */
	uint64_t hash;
	const struct view *view;
	uint64_t inode;
	uint32_t major, minor;
	char *raw; /* the name as maps has it */
	size_t raw_len;
	bool exec; /* it is mapped as code; the same file as data has another entry */
};

struct scan_files {
	const struct rules *rules;
	int proc;
	pthread_mutex_t lock; /* guards all members below */
	struct VEC(struct mapped_file *) entries;
	struct mapped_file **slots;
	size_t nr_slots; /* a power of two */
};

struct scan_files *scan_files_new(const struct rules *rules, int proc)
{
	struct scan_files *files = xcalloc(1, sizeof(*files));

	files->rules = rules;
	files->proc = proc;
	pthread_mutex_init(&files->lock, NULL);
	files->nr_slots = 1024;
	files->slots = xcalloc(files->nr_slots, sizeof(*files->slots));
	return files;
}

void scan_files_free(struct scan_files *files)
{
	if (!files)
		return;
	vec_foreach(&files->entries, it) {
		free((*it)->use.path);
		free((*it)->raw);
		free(*it);
	}
	vec_free(&files->entries);
	free(files->slots);
	pthread_mutex_destroy(&files->lock);
	free(files);
}

static uint64_t hash_of(const struct view *view, const struct mapping *map)
{
	uint64_t seed = map->inode * 31 + map->major * 7 + map->minor + ((uint64_t)view->id << 40) +
			((uint64_t)map->exec << 39);

	return XXH3_64bits_withSeed(map->name.data, map->name.size, seed);
}

static bool is_entry(const struct mapped_file *entry, uint64_t hash, const struct view *view,
		     const struct mapping *map)
{
	return entry->hash == hash && entry->view == view && entry->exec == map->exec &&
	       entry->inode == map->inode && entry->major == map->major &&
	       entry->minor == map->minor && entry->raw_len == map->name.size &&
	       !memcmp(entry->raw, map->name.data, entry->raw_len);
}

static void scan_files_insert(struct scan_files *files, struct mapped_file *entry)
{
	size_t at = entry->hash & (files->nr_slots - 1);

	while (files->slots[at])
		at = (at + 1) & (files->nr_slots - 1);
	files->slots[at] = entry;
}

static void scan_files_grow(struct scan_files *files)
{
	free(files->slots);
	files->nr_slots *= 2;
	files->slots = xcalloc(files->nr_slots, sizeof(*files->slots));
	vec_foreach(&files->entries, it)
		if ((*it)->raw)
			scan_files_insert(files, *it);
}

static char *strip_deleted(const char *name, bool *deleted)
{
	*deleted = str_ends(name, DELETED);
	return xstrndup(name, strlen(name) - (*deleted ? strlen(DELETED) : 0));
}

/*
 * Returns whether both are the same file.  File systems without a real device, such as btrfs and
 * overlayfs, have different device numbers in maps and stat(); the inode decides there.
 */
static bool mapped_same_file(const struct mapped_file *entry, const struct stat *st)
{
	if (entry->inode != st->st_ino || !S_ISREG(st->st_mode))
		return false;
	return makedev(entry->major, entry->minor) == st->st_dev || !entry->major ||
	       !major(st->st_dev);
}

/*
 * Returns whether the mapped file is that of st.  The link in map_files leads to the file itself,
 * whose numbers are those of stat() on any file system.
 */
static bool mapped_is(const struct scan_files *files, int pid, const struct mapping *map,
		      const struct stat *st)
{
	char path[128];
	struct stat mapped;

	snprintf(path, sizeof(path), "%d/map_files/%llx-%llx", pid, (unsigned long long)map->start,
		 (unsigned long long)map->end);
	if (fstatat(files->proc, path, &mapped, 0) < 0)
		/* Without map_files, inodes only distinguish files of one real device. */
		return !map->major || makedev(map->major, map->minor) != st->st_dev;
	return mapped.st_dev == st->st_dev && mapped.st_ino == st->st_ino;
}

static enum file_state mapped_state(const struct scan_files *files, const struct mapped_file *entry,
				    int pid, const struct mapping *map, const char *name)
{
	bool deleted;
	scope_free char *path = strip_deleted(name, &deleted);
	struct stat st;
	int error = view_stat(entry->view, path, &st);

	if (!error && mapped_same_file(entry, &st))
		return FILE_CURRENT;
	if (deleted) {
		struct stat literal; /* the file's own name may end with " (deleted)" */

		if (!view_stat(entry->view, name, &literal) && mapped_same_file(entry, &literal))
			return FILE_CURRENT;
		return error ? FILE_GONE : FILE_REPLACED;
	}
	/* A file that is not found under its name, but not deleted, is seen from another place. */
	if (error || mapped_is(files, pid, map, &st))
		return FILE_CURRENT;
	return FILE_REPLACED;
}

static bool scan_files_ignored(const struct scan_files *files, const char *path)
{
	return rules_find(files->rules, RULE_FILE, path);
}

/* Returns whether it is the library of Python or Ruby; Perl's is used by many that load nothing. */
static bool is_interpreter_library(const char *path)
{
	const char *name = strrchr(path, '/') + 1;

	return str_starts(name, "libpython3.") || str_starts(name, "libruby");
}

static void mapped_check(const struct scan_files *files, struct mapped_file *entry, int pid,
			 const struct mapping *map)
{
	struct bytes raw = {(const uint8_t *)entry->raw, entry->raw_len};
	scope_free char *decoded = procfs_unescape(raw);
	bool deleted;

	entry->use.path = strip_deleted(decoded, &deleted);
	entry->use.counts = *decoded == '/' && !scan_files_ignored(files, entry->use.path) &&
			    (entry->exec || rules_find(files->rules, RULE_DATA, entry->use.path));
	if (!entry->use.counts)
		return;
	entry->use.interpreter = entry->exec && is_interpreter_library(entry->use.path);
	entry->use.wants_data = rules_want_data(files->rules, entry->use.path);
	entry->use.state = mapped_state(files, entry, pid, map, decoded);
	/* The escape may be a part of the name: a backslash and three digits. */
	if (entry->use.state != FILE_CURRENT && strcmp(decoded, entry->raw) &&
	    mapped_state(files, entry, pid, map, entry->raw) == FILE_CURRENT)
		entry->use.state = FILE_CURRENT;
	if (entry->use.state == FILE_GONE && removed_is_temporary(entry->view, entry->use.path))
		entry->use.state = FILE_TEMPORARY;
}

static struct mapped_file *scan_files_find_or_add(struct scan_files *files, const struct view *view,
						  int pid, const struct mapping *map, uint64_t hash)
{
	for (size_t at = hash & (files->nr_slots - 1); files->slots[at];
	     at = (at + 1) & (files->nr_slots - 1))
		if (is_entry(files->slots[at], hash, view, map))
			return files->slots[at];
	if (files->entries.len >= MAX_FILES)
		return NULL;

	struct mapped_file *entry = xcalloc(1, sizeof(*entry));

	*entry = (struct mapped_file){
		.hash = hash,
		.view = view,
		.inode = map->inode,
		.major = map->major,
		.minor = map->minor,
		.raw = xstrndup((const char *)map->name.data, map->name.size),
		.raw_len = map->name.size,
		.exec = map->exec,
	};
	mapped_check(files, entry, pid, map);
	vec_push(&files->entries, entry);
	if (files->entries.len * 2 > files->nr_slots)
		scan_files_grow(files);
	else
		scan_files_insert(files, entry);
	return entry;
}

const struct file_use *scan_files_mapped(struct scan_files *files, struct recent_files *recent,
					 const struct view *view, int pid,
					 const struct mapping *map)
{
	if (!map->inode || !map->name.size)
		return NULL;

	uint64_t hash = hash_of(view, map);
	const struct mapped_file **slot = &recent->slots[hash % RECENT_FILES];

	if (!*slot || !is_entry(*slot, hash, view, map)) {
		pthread_mutex_lock(&files->lock);
		*slot = scan_files_find_or_add(files, view, pid, map, hash);
		pthread_mutex_unlock(&files->lock);
	}
	return *slot && (*slot)->use.counts ? &(*slot)->use : NULL;
}

bool file_use_is_stale(const struct file_use *file)
{
	return file->state != FILE_CURRENT && file->state != FILE_TEMPORARY;
}

void scan_files_set_owned(struct scan_files *files, const struct file_use *file)
{
	pthread_mutex_lock(&files->lock);
	((struct file_use *)file)->state = FILE_GONE;
	pthread_mutex_unlock(&files->lock);
}

const struct file_use *scan_files_module(struct scan_files *files, const char *path,
					 const struct stat *st, double started)
{
	struct mapped_file *entry = xcalloc(1, sizeof(*entry));
	double changed = st->st_ctim.tv_sec + st->st_ctim.tv_nsec / 1e9;

	entry->use = (struct file_use){
		.path = xstrdup(path),
		.state = changed > started + 1 ? FILE_NEWER : FILE_CURRENT,
		.counts = true,
	};
	pthread_mutex_lock(&files->lock);
	/* A script's entry is not in the table, as its state depends on the process. */
	vec_push(&files->entries, entry);
	pthread_mutex_unlock(&files->lock);
	return &entry->use;
}

const struct file_use *scan_files_script(struct scan_files *files, const struct view *view,
					 const char *path, double started)
{
	struct stat st;

	if (scan_files_ignored(files, path) || view_stat(view, path, &st) || !S_ISREG(st.st_mode))
		return NULL;
	return scan_files_module(files, path, &st, started);
}
