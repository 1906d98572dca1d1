/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Unpacks packages into the cache, in a thread, and refuses names that lead out of it. */
#include "target/unpack.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <xxhash.h>

#include "base/alloc.h"
#include "base/interrupt.h"
#include "base/libarchive.h"
#include "base/path.h"
#include "base/strbuf.h"
#include "base/vec.h"
#include "target/sums.h"

#define READ_BLOCK (256 * 1024)

/* Links are made after all files, so that no file can be written through one. */
struct late_link {
	char *place, *target;
};

struct late_link_vec VEC(struct late_link);

struct unpack {
	const char *folder;
	int folder_fd;
	struct late_link_vec links;
	struct unpack_watch *watch;
	struct sum_vec *sums; /* or NULL */
	const char *summed; /* the folder whose files are added to sums; NULL: none at the moment */
	XXH3_state_t *state; /* state for the current file, if its sum is needed; made once */

	/* These belong to the current package. */
	const char *deb;
	const struct unpack_rule *rules;
	uint32_t used;	      /* one bit for each rule */
	struct archive *file; /* reader of the .deb itself */
	uint64_t told;	      /* its share of *consumed */
};

static struct err *unpack_err(const struct unpack *un, struct archive *archive, const char *path)
{
	const char *message = libarchive.archive_error_string(archive);

	return err_new("%s: %s%s%s", un->deb, path ? path : "", path ? ": " : "",
		       message ? message : "damaged archive");
}

static struct err *write_err(const struct unpack *un, const char *place)
{
	return err_errno(errno, "%s/%s: cannot be written", un->folder, place);
}

static void tell_progress(struct unpack *un)
{
	uint64_t now = libarchive.archive_filter_bytes(un->file, -1);

	if (now > un->told) {
		un->watch->consumed += now - un->told;
		un->told = now;
	}
}

static struct err *check_watch(struct unpack *un)
{
	tell_progress(un);
	if (interrupt_pending() || un->watch->cancel)
		return interrupt_error();
	return NULL;
}

/*
 * Returns the path of an entry without a leading "./" and a trailing '/', or NULL if it does not
 * stay inside a folder.
 */
static char *clean_path(const char *path)
{
	while (str_starts(path, "./"))
		path += 2 + strspn(path + 2, "/");
	if (!strcmp(path, "."))
		path = "";
	if (*path == '/')
		return NULL;

	scope_free char *clean = xstrdup(path);
	size_t len = strlen(clean);

	while (len && clean[len - 1] == '/')
		clean[--len] = '\0';
	for (const char *part = clean; *part;) {
		size_t size = strcspn(part, "/");

		if ((size == 2 && !memcmp(part, "..", 2)))
			return NULL;
		part += size + !!part[size];
	}
	return take_ptr(clean);
}

/* Returns whether a relative link at path points to something inside the folder. */
static bool link_stays_inside(const char *path, const char *target)
{
	int depth = 0;

	if (*target == '/')
		return false;
	for (const char *c = path; *c; c++)
		depth += *c == '/';
	for (const char *part = target; *part;) {
		size_t size = strcspn(part, "/");

		if (size == 2 && !memcmp(part, "..", 2))
			depth--;
		else if (size && !(size == 1 && *part == '.'))
			depth++;
		if (depth < 0)
			return false;
		part += size + !!part[size];
	}
	return true;
}

/*
 * Returns the part of path behind prefix, "" if both are equal, or NULL if path is not at or below
 * it.
 */
static const char *below(const char *path, const char *prefix)
{
	size_t len = strlen(prefix);

	if (!len)
		return path;
	if (strncmp(path, prefix, len) || (path[len] && path[len] != '/'))
		return NULL;
	return path[len] ? path + len + 1 : "";
}

static const struct unpack_rule *find_rule(struct unpack *un, const char *path, const char **rest)
{
	for (const struct unpack_rule *rule = un->rules; rule->from; rule++) {
		*rest = below(path, rule->from);
		if (*rest)
			return rule;
	}
	return NULL;
}

static struct err *make_folder(struct unpack *un, const char *place)
{
	if (!*place || !mkdirat(un->folder_fd, place, 0777) || errno == EEXIST)
		return NULL;
	if (errno != ENOENT || !strchr(place, '/'))
		return write_err(un, place);

	scope_free char *parent = path_parent(place);

	err_try(make_folder(un, parent));
	return mkdirat(un->folder_fd, place, 0777) ? write_err(un, place) : NULL;
}

static int create(const struct unpack *un, const char *place, mode_t mode)
{
	return openat(un->folder_fd, place, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
		      mode);
}

/* Adds the sum of a file or link under its place. */
static void unpack_sum(struct unpack *un, const char *place, XXH128_hash_t hash)
{
	const char *path = below(place, un->summed);

	if (path)
		vec_push(un->sums, (struct sum){xstrdup(path), hash.high64, hash.low64});
}

static struct err *unpack_write(struct unpack *un, struct archive *from, const char *place,
				mode_t mode)
{
	scope_close int fd = create(un, place, mode);

	if (fd < 0 && errno == ENOENT && strrchr(place, '/')) {
		scope_free char *parent = path_parent(place);

		err_try(make_folder(un, parent));
		fd = create(un, place, mode);
	}
	if (fd < 0)
		return write_err(un, place);
	if (un->summed)
		XXH3_128bits_reset(un->state);
	for (;;) {
		const void *data;
		size_t size;
		la_int64_t offset;
		int status = libarchive.archive_read_data_block(from, &data, &size, &offset);

		if (status == ARCHIVE_EOF) {
			if (un->summed)
				unpack_sum(un, place, XXH3_128bits_digest(un->state));
			return NULL;
		}
		if (status < ARCHIVE_WARN)
			return unpack_err(un, from, place);
		if (un->summed)
			XXH3_128bits_update(un->state, data, size);
		for (size_t put = 0; put < size;) {
			ssize_t got =
				pwrite(fd, (const char *)data + put, size - put, offset + put);

			if (got < 0 && errno != EINTR)
				return write_err(un, place);
			put += got > 0 ? got : 0;
		}
		err_try(check_watch(un));
	}
}

/* Writes one entry to its place, which is relative to the folder. */
static struct err *write_entry(struct unpack *un, struct archive *from, struct archive_entry *entry,
			       const char *place)
{
	const char *target = libarchive.archive_entry_symlink(entry);
	bool executable = libarchive.archive_entry_perm(entry) & 0100;

	if (libarchive.archive_entry_hardlink(entry))
		return err_new("%s: %s: the entry is a hard link", un->deb, place);
	switch (libarchive.archive_entry_filetype(entry)) {
	case AE_IFDIR:
		return make_folder(un, place);
	case AE_IFREG:
		return unpack_write(un, from, place, executable ? 0777 : 0666);
	case AE_IFLNK:
		if (!target || !link_stays_inside(place, target))
			return err_new("%s: %s: the link leads out of its folder", un->deb, place);
		vec_push(&un->links, (struct late_link){xstrdup(place), xstrdup(target)});
		if (un->summed) /* a link's sum differs from that of a file with the same text */
			unpack_sum(un, place,
				   XXH3_128bits_withSeed(target, strlen(target), AE_IFLNK));
		return NULL;
	default:
		return err_new("%s: %s: the entry is neither a file, a folder nor a link", un->deb,
			       place);
	}
}

static struct err *make_links(struct unpack *un)
{
	vec_foreach(&un->links, link)
		if (symlinkat(link->target, un->folder_fd, link->place) < 0)
			return write_err(un, link->place);
	return NULL;
}

static la_ssize_t read_from_outer(struct archive *inner, void *outer, const void **data)
{
	size_t size = 0;
	la_int64_t offset;
	int status;

	do {
		status = libarchive.archive_read_data_block(outer, data, &size, &offset);
	} while (status >= ARCHIVE_WARN && status != ARCHIVE_EOF && !size);
	if (status == ARCHIVE_EOF)
		return 0;
	if (status < ARCHIVE_WARN) {
		libarchive.archive_set_error(inner, EIO, "%s",
					     libarchive.archive_error_string(outer));
		return -1;
	}
	return size;
}

static struct err *unpack_tar(struct unpack *un, struct archive *outer, const char *strip_to);

static struct err *unpack_entry(struct unpack *un, struct archive *tar, struct archive_entry *entry,
				const char *strip_to)
{
	const char *raw = libarchive.archive_entry_pathname(entry);
	scope_free char *path = raw ? clean_path(raw) : NULL;
	const char *rest;

	if (!path)
		return err_new("%s: %s: the path leads out of its folder", un->deb,
			       raw ? raw : "(no name)");
	if (strip_to) {
		scope_free char *place = xasprintf("%s%s%s", strip_to, *strip_to ? "/" : "",
						   strchr(path, '/') ? strchr(path, '/') + 1 : "");

		return write_entry(un, tar, entry, place);
	}

	const struct unpack_rule *rule = find_rule(un, path, &rest);

	if (!rule || !rule->to)
		return NULL;
	if (rule->archive) {
		un->summed = un->sums ? rule->to : NULL;

		struct err *err = unpack_tar(un, tar, rule->to);

		un->summed = NULL;
		return err;
	}

	scope_free char *place = xasprintf("%s%s%s", rule->to, *rule->to && *rest ? "/" : "", rest);

	return write_entry(un, tar, entry, place);
}

static void unpack_reader_free(struct archive **archive)
{
	libarchive.archive_read_free(*archive);
}

#define scope_reader __attribute__((cleanup(unpack_reader_free))) struct archive *

/*
 * Unpacks the tar archive that is the current entry of outer. If strip_to is given, every file goes
 * there without the first part of its path; else the rules decide.
 */
static struct err *unpack_tar(struct unpack *un, struct archive *outer, const char *strip_to)
{
	scope_reader tar = libarchive.archive_read_new();
	struct archive_entry *entry;
	int status;

	libarchive.archive_read_support_filter_all(tar);
	libarchive.archive_read_support_format_tar(tar);
	if (libarchive.archive_read_open(tar, outer, NULL, read_from_outer, NULL) != ARCHIVE_OK)
		return unpack_err(un, tar, NULL);
	while ((status = libarchive.archive_read_next_header(tar, &entry)) >= ARCHIVE_WARN) {
		if (status == ARCHIVE_EOF)
			return NULL;
		err_try(unpack_entry(un, tar, entry, strip_to));
		err_try(check_watch(un));
	}
	return unpack_err(un, tar, NULL);
}

static struct err *unpack_members(struct unpack *un)
{
	struct archive_entry *entry;
	int status;

	while ((status = libarchive.archive_read_next_header(un->file, &entry)) >= ARCHIVE_WARN) {
		const char *name = libarchive.archive_entry_pathname(entry);

		if (status == ARCHIVE_EOF)
			break;
		if (name && str_starts(name, "data.tar"))
			return unpack_tar(un, un->file, NULL);
	}
	if (status != ARCHIVE_EOF)
		return unpack_err(un, un->file, NULL);
	return err_new("%s: not a Debian package: it contains no data.tar", un->deb);
}

static struct err *unpack_deb(struct unpack *un, const struct unpack_package *package)
{
	scope_reader file = libarchive.archive_read_new();

	un->deb = package->deb;
	un->rules = package->rules;
	un->file = file;
	un->told = 0;
	libarchive.archive_read_support_format_ar(file);
	if (libarchive.archive_read_open_filename(file, un->deb, READ_BLOCK) != ARCHIVE_OK)
		return unpack_err(un, file, NULL);
	err_try(unpack_members(un));
	tell_progress(un);
	return NULL;
}

static struct err *unpack_all(struct unpack *un, const struct unpack_package *packages)
{
	for (; packages->deb; packages++)
		err_try(unpack_deb(un, packages));
	return make_links(un);
}

struct err *unpack_debs(const struct unpack_package *packages, const char *folder,
			struct unpack_watch *watch, struct sum_vec *sums)
{
	scope_close int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	struct unpack un = {.folder = folder, .folder_fd = fd, .watch = watch, .sums = sums};

	if (fd < 0)
		return err_errno(errno, "%s", folder);
	err_try(libarchive_load());

	un.state = sums ? XXH3_createState() : NULL;

	struct err *err = unpack_all(&un, packages);

	XXH3_freeState(un.state);
	vec_foreach(&un.links, link) {
		free(link->place);
		free(link->target);
	}
	vec_free(&un.links);
	return err;
}
