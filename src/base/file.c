/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Maps, reads, writes, copies, locks and removes files and folders. */
#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <fts.h>
#include <limits.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include <xxhash.h>

#include "base/alloc.h"
#include "base/interrupt.h"

#define POLL_SLICE_MS 200
#define WRITER_WAIT_MS 2000
#define STREAM_MAX ((size_t)16 << 20)

static struct err *open_regular(const char *path, int *fd, size_t *size)
{
	struct stat st;

	/*
	 * Without O_NONBLOCK, opening a pipe would wait for its writer; regular files ignore the
	 * flag.
	 */
	*fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	if (*fd < 0)
		return err_errno(errno, "%s", path);
	if (fstat(*fd, &st) < 0)
		return err_errno(errno, "%s", path);
	if (!S_ISREG(st.st_mode))
		return err_new("%s: not a regular file", path);
	*size = st.st_size;
	return NULL;
}

struct err *file_map(const char *path, struct file_map *map)
{
	scope_close int fd = -1;
	size_t size = 0;

	*map = (struct file_map){};
	err_try(open_regular(path, &fd, &size));
	if (!size)
		return NULL;

	void *data = mmap(NULL, size, PROT_READ, MAP_PRIVATE, fd, 0);

	if (data == MAP_FAILED)
		return err_errno(errno, "%s: cannot be mapped", path);
	map->bytes = (struct bytes){data, size};
	return NULL;
}

void file_unmap(struct file_map *map)
{
	if (map->bytes.data)
		munmap((void *)map->bytes.data, map->bytes.size);
	*map = (struct file_map){};
}

struct err *file_hash(const char *path, uint64_t *hash)
{
	scope_file_map map = {};

	err_try(file_map(path, &map));
	*hash = XXH3_64bits(map.bytes.data, map.bytes.size);
	return NULL;
}

/* Waits until there is something to read, or the other end is closed. */
static struct err *wait_for_data(int fd, const char *path, bool begun)
{
	struct pollfd pfd = {.fd = fd, .events = POLLIN};

	/* A named pipe reports neither event before its first writer opens it. */
	for (unsigned ms = 0; poll(&pfd, 1, POLL_SLICE_MS) <= 0; ms += POLL_SLICE_MS) {
		if (interrupt_pending())
			return interrupt_error();
		if (!begun && ms >= WRITER_WAIT_MS)
			return err_new("%s: no process writes to this pipe", path);
	}
	return NULL;
}

static struct err *file_read_all(int fd, const char *path, size_t max, char **text, size_t *len)
{
	size_t alloc = 4096, used = 0;
	scope_free char *buf = xmalloc(alloc);

	for (;;) {
		ssize_t got = read(fd, buf + used, alloc - used - 1);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0 && errno == EAGAIN) {
			err_try(wait_for_data(fd, path, true));
			continue;
		}
		if (got < 0)
			return err_errno(errno, "%s", path);
		if (!got)
			break;
		used += got;
		if (used > max)
			return err_new("%s: the file is larger than %zu MiB", path, max >> 20);
		if (alloc - used < 2) {
			alloc *= 2;
			buf = xreallocarray(buf, alloc, 1);
		}
	}
	buf[used] = '\0';
	*text = take_ptr(buf);
	if (len)
		*len = used;
	return NULL;
}

struct err *file_read(const char *path, char **text, size_t *size)
{
	scope_close int fd = -1;
	size_t unused;

	err_try(open_regular(
		path, &fd,
		&unused)); /* files in /proc are regular files, too, but their size is 0 */
	return file_read_all(fd, path, SIZE_MAX, text, size);
}

struct err *file_read_stream(const char *path, char **text, size_t *size)
{
	scope_close int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);

	if (fd < 0)
		return err_errno(errno, "%s", path);
	err_try(wait_for_data(fd, path, false));
	return file_read_all(fd, path, STREAM_MAX, text, size);
}

struct err *file_load(const char *path, uint8_t **data, size_t *size)
{
	scope_close int fd = -1;
	char *text = NULL;

	err_try(open_regular(path, &fd, size));
	err_try(file_read_all(fd, path, SIZE_MAX, &text, size));
	*data = (uint8_t *)text;
	return NULL;
}

static struct err *file_write_fd(int fd, const char *path, const uint8_t *data, size_t size)
{
	while (size) {
		ssize_t put = write(fd, data, size);

		if (put < 0 && errno == EINTR)
			continue;
		if (put < 0)
			return err_errno(errno, "%s", path);
		data += put;
		size -= put;
	}
	return NULL;
}

static struct err *write_into(const char *path, const void *data, size_t size)
{
	scope_close int fd = -1;

	/*
	 * Opening a pipe waits for its reader, until an interrupt: the user who names a pipe will
	 * read it.
	 */
	while ((fd = open(path, O_WRONLY | O_CLOEXEC | O_NOCTTY)) < 0) {
		if (errno != EINTR)
			return err_errno(errno, "%s: cannot be written", path);
		if (interrupt_pending())
			return interrupt_error();
	}
	return file_write_fd(fd, path, data, size);
}

/* Returns the descriptor of stdout or stderr if path is a link to it, else -1. */
static int own_output(const char *path, const struct stat *target)
{
	struct stat st;

	if (lstat(path, &st) < 0 || !S_ISLNK(st.st_mode))
		return -1;
	for (int fd = 1; fd <= 2; fd++)
		if (!fstat(fd, &st) && st.st_dev == target->st_dev && st.st_ino == target->st_ino)
			return fd;
	return -1;
}

static mode_t current_umask(void)
{
	mode_t mask = umask(022);

	umask(mask);
	return mask;
}

/* Takes owner and mode from `like`, or the default mode if that is NULL. */
static int set_owner_and_mode(int fd, const struct stat *like)
{
	if (!like)
		return fchmod(fd, 0666 & ~current_umask());
	/* The mode is set last, since changing the owner clears some of its bits. */
	return fchown(fd, like->st_uid, like->st_gid) < 0 ? -1 : fchmod(fd, like->st_mode & 07777);
}

static struct err *file_write_all(const char *path, const void *data, size_t size, bool sync,
				  const struct stat *like)
{
	scope_free char *temp = xasprintf("%s.XXXXXX", path);
	scope_close int fd = mkostemp(temp, O_CLOEXEC);

	if (fd < 0)
		return err_errno(errno, "%s: cannot be written", path);

	struct err *err = file_write_fd(fd, path, data, size);

	if (!err && (set_owner_and_mode(fd, like) < 0 || (sync && fsync(fd) < 0)))
		err = err_errno(errno, "%s: cannot be written", path);
	if (!err && interrupt_pending())
		err = interrupt_error();
	if (!err && rename(temp, path) < 0)
		err = err_errno(errno, "%s: cannot be written", path);
	if (err)
		unlink(temp);
	return err;
}

/*
 * Returns the name of the open file without links. The path is not followed again: by now it may
 * lead to a place to which the kernel would not have let this process follow it.
 */
static char *file_real_name(int fd, const char *path, const struct stat *st)
{
	scope_free char *link = xasprintf("/proc/self/fd/%d", fd);
	char name[PATH_MAX];
	ssize_t len = readlink(link, name, sizeof(name) - 1);
	struct stat found;

	if (len > 0) {
		name[len] = '\0';
		if (!lstat(name, &found) && found.st_dev == st->st_dev &&
		    found.st_ino == st->st_ino)
			return xstrdup(name);
	}
	return !lstat(path, &found) && !S_ISLNK(found.st_mode) ? xstrdup(path) : NULL;
}

struct err *file_write(const char *path, const void *data, size_t size)
{
	/* The kernel follows the link here, and refuses links of other users in /tmp. */
	scope_close int fd = open(path, O_PATH | O_CLOEXEC);
	struct stat st;

	if (fd < 0 && errno == ENOENT && !faccessat(AT_FDCWD, path, F_OK, AT_SYMLINK_NOFOLLOW))
		return err_new("%s: the link leads nowhere", path);
	if (fd < 0 && errno == ENOENT)
		return file_write_all(path, data, size, true, NULL);
	if (fd < 0 || fstat(fd, &st) < 0)
		return err_errno(errno, "%s: cannot be written", path);

	int own = own_output(path, &st);

	if (own >= 0)
		return file_write_fd(own, path, data, size);
	if (S_ISCHR(st.st_mode) || S_ISFIFO(st.st_mode))
		return write_into(path, data, size);
	if (!S_ISREG(st.st_mode))
		return err_new("%s: this is a %s, and a file must not replace it", path,
			       S_ISDIR(st.st_mode) ? "folder" : "socket or disk");

	scope_free char *real = file_real_name(fd, path, &st);

	return real ? file_write_all(real, data, size, true, NULL)
		    : err_new("%s: the file has been deleted", path);
}

struct err *file_replace(const char *path, const void *data, size_t size)
{
	scope_free char *real = realpath(path, NULL);
	struct stat st;

	if (!real || stat(real, &st) < 0)
		return err_errno(errno, "%s", path);
	return file_write_all(real, data, size, true, &st);
}

struct err *file_write_scratch(const char *path, const void *data, size_t size)
{
	return file_write_all(path, data, size, false, NULL);
}

struct err *file_equal(const char *one, const char *two, bool *equal)
{
	scope_file_map first = {}, second = {};

	err_try(file_map(one, &first));
	err_try(file_map(two, &second));
	*equal = first.bytes.size == second.bytes.size &&
		 (!first.bytes.size ||
		  !memcmp(first.bytes.data, second.bytes.data, first.bytes.size));
	return NULL;
}

struct err *file_copy(const char *from, const char *to)
{
	scope_file_map map = {};

	err_try(file_map(from, &map));
	return file_write(to, map.bytes.data, map.bytes.size);
}

bool file_exists(const char *path)
{
	struct stat st;

	return !stat(path, &st) && S_ISREG(st.st_mode);
}

bool dir_exists(const char *path)
{
	struct stat st;

	return !stat(path, &st) && S_ISDIR(st.st_mode);
}

DIR *dir_take(int fd)
{
	DIR *dir = fd < 0 ? NULL : fdopendir(fd);

	if (!dir && fd >= 0)
		close(fd);
	return dir;
}

char *dir_nearest(const char *path)
{
	char *parent = xstrdup(path);

	while (!dir_exists(parent)) {
		char *slash = strrchr(parent, '/');

		if (!slash || slash == parent) {
			free(parent);
			return xstrdup(slash ? "/" : ".");
		}
		*slash = '\0';
	}
	return parent;
}

struct err *dir_make(const char *path)
{
	scope_free char *partial = xstrdup(path);

	for (char *slash = partial + 1; *slash; slash++) {
		if (*slash != '/')
			continue;
		*slash = '\0';
		if (mkdir(partial, 0755) < 0 && errno != EEXIST)
			return err_errno(errno, "%s: cannot be created", partial);
		*slash = '/';
	}
	if (mkdir(partial, 0755) < 0 && errno != EEXIST)
		return err_errno(errno, "%s: cannot be created", path);
	if (!dir_exists(path))
		return err_new("%s: not a folder", path);
	return NULL;
}

/*
 * Does not descend into other file systems that are mounted below. Only folders are checked for
 * that, since overlayfs reports for files the device of the layer that they are in.
 */
struct err *dir_remove(const char *path)
{
	char *const paths[] = {(char *)path, NULL};
	FTS *tree = fts_open(paths, FTS_PHYSICAL | FTS_XDEV | FTS_NOCHDIR, NULL);
	int error = tree ? 0 : errno;
	FTSENT *it;

	while (tree && (it = fts_read(tree))) {
		int failed = 0;

		if (it->fts_info == FTS_D)
			continue;
		if (it->fts_info == FTS_NS || it->fts_info == FTS_DNR || it->fts_info == FTS_ERR)
			failed = it->fts_errno;
		else if (remove(it->fts_accpath) < 0)
			failed = errno;
		/* What another process has removed is gone. */
		if (!error && failed != ENOENT)
			error = failed;
		errno = 0;
	}
	if (tree && !error)
		error = errno;
	if (tree)
		fts_close(tree);
	return error && error != ENOENT ? err_errno(error, "%s: cannot be removed", path) : NULL;
}

struct err *file_lock(const char *path, int *fd)
{
	scope_close int lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0666);

	if (lock < 0)
		return err_errno(errno, "%s: cannot be opened for locking", path);
	while (flock(lock, LOCK_EX) < 0) {
		if (errno != EINTR)
			return err_errno(errno, "%s: cannot be locked", path);
		if (interrupt_pending())
			return interrupt_error();
	}
	*fd = lock;
	lock = -1;
	return NULL;
}
