/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Copies trees: by hard links where the file system has them, with files laid over them. */
#include "target/copy.h"

#include <errno.h>
#include <fcntl.h>
#include <fts.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/file.h"
#include "base/interrupt.h"
#include "base/path.h"
#include "base/strbuf.h"

#define CHUNK (1 << 20)

static bool is_object(const char *name)
{
	static const char *const suffixes[] = {".o", ".a", ".ko", ".cmd", ".d"};

	for (size_t i = 0; i < array_size(suffixes); i++)
		if (str_ends(name, suffixes[i]) && (i < 3 || *name == '.'))
			return true;
	return false;
}

/* file_copy() would sync each of thousands of files; here the whole entry is synced once. */
static struct err *copy_file(const char *from, const char *to)
{
	scope_close int in = open(from, O_RDONLY | O_CLOEXEC);
	struct stat st;

	if (in < 0 || fstat(in, &st) < 0)
		return err_errno(errno, "%s", from);

	scope_close int out =
		open(to, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, st.st_mode & 0100 ? 0777 : 0666);
	ssize_t got;

	if (out < 0)
		return err_errno(errno, "%s: cannot be written", to);
	while ((got = sendfile(out, in, NULL, CHUNK)) > 0)
		;
	return got < 0 ? err_errno(errno, "%s: cannot be written", to) : NULL;
}

static struct err *copy_entry(const FTSENT *entry, const char *to)
{
	struct stat st;

	switch (entry->fts_info) {
	case FTS_D:
		return dir_make(to);
	case FTS_F:
		return is_object(entry->fts_name) ? NULL : copy_file(entry->fts_accpath, to);
	case FTS_SL:
		if (stat(entry->fts_accpath, &st) < 0 || !S_ISREG(st.st_mode))
			return NULL;
		return copy_file(entry->fts_accpath, to);
	default:
		return NULL;
	}
}

static struct err *copy_link(const char *from, const char *to)
{
	char target[PATH_MAX];
	ssize_t len = readlink(from, target, sizeof(target) - 1);

	if (len < 0)
		return err_errno(errno, "%s", from);
	target[len] = '\0';
	return symlink(target, to) ? err_errno(errno, "%s: cannot be written", to) : NULL;
}

/* Existing files are kept. */
static struct err *link_entry(const FTSENT *entry, const char *to)
{
	switch (entry->fts_info) {
	case FTS_D:
		return !mkdir(to, 0777) || errno == EEXIST
			       ? NULL
			       : err_errno(errno, "%s: cannot be made", to);
	case FTS_F:
	case FTS_SL:
	case FTS_SLNONE:
		if (!link(entry->fts_accpath, to) || errno == EEXIST)
			return NULL;
		return entry->fts_info == FTS_F ? copy_file(entry->fts_accpath, to)
						: copy_link(entry->fts_accpath, to);
	default:
		return NULL;
	}
}

static bool is_unreadable(const FTSENT *entry)
{
	return entry->fts_info == FTS_DNR || entry->fts_info == FTS_ERR ||
	       entry->fts_info == FTS_NS;
}

/* Calls visit for all files of a tree, with the place to copy each to; the top comes first. */
static struct err *copy_walk(const char *from, const char *to,
			     struct err *(*visit)(const FTSENT *entry, const char *to))
{
	char *const roots[] = {(char *)from, NULL};
	FTS *fts = fts_open(roots, FTS_PHYSICAL | FTS_NOCHDIR, NULL);
	struct err *err = fts ? NULL : err_errno(errno, "%s", from);

	for (FTSENT *entry; !err && (entry = fts_read(fts));) {
		scope_free char *copy = xasprintf("%s%s", to, entry->fts_path + strlen(from));

		err = interrupt_pending()    ? interrupt_error()
		      : is_unreadable(entry) ? err_errno(entry->fts_errno, "%s", entry->fts_path)
					     : visit(entry, copy);
	}
	if (fts)
		fts_close(fts);
	return err;
}

struct err *copy_tree(const char *from, const char *to)
{
	scope_free char *real = realpath(from, NULL);
	scope_free char *parent = path_parent(to);

	if (!real)
		return err_errno(errno, "%s", from);
	err_try(dir_make(parent));
	return copy_walk(real, to, copy_entry);
}

struct err *copy_missing(const char *base, const char *over)
{
	return copy_walk(base, over, link_entry);
}
