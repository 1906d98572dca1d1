/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Opens, reads and writes files below a folder that stands for "/". */
#include "base/root.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/file.h"
#include "base/path.h"
#include "base/strbuf.h"

#define READ_MAX ((size_t)512 << 20) /* package lists have up to 50 MB */

struct root {
	char *dir; /* "" for the machine itself, else without a slash at the end */
	int fd;
};

struct err *root_open(const char *dir, struct root **rootp)
{
	scope_root root = xcalloc(1, sizeof(*root));
	size_t len = dir ? strlen(dir) : 0;

	while (len && dir[len - 1] == '/')
		len--;
	root->dir = xstrndup(dir ? dir : "", len);
	root->fd = open(len ? root->dir : "/", O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (root->fd < 0)
		return err_errno(errno, "%s", root->dir);
	*rootp = take_ptr(root);
	return NULL;
}

void root_free(struct root *root)
{
	if (!root)
		return;
	free(root->dir);
	closep(&root->fd);
	free(root);
}

void root_freep(struct root **rootp)
{
	root_free(*rootp);
}

bool root_is_machine(const struct root *root)
{
	return !*root->dir;
}

char *root_path(const struct root *root, const char *path)
{
	return xasprintf("%s%s", root->dir, path);
}

/*
 * Without openat2(), or if a container's filter forbids it, links may lead out of a made-up tree;
 * for the machine itself nothing changes.
 */
int root_openat(const struct root *root, const char *path, int flags, mode_t mode)
{
	struct open_how how = {
		.flags = (unsigned)flags | O_CLOEXEC,
		.mode = flags & O_CREAT ? mode : 0,
		.resolve = RESOLVE_IN_ROOT,
	};

	while (*path == '/')
		path++;
	if (!*path)
		path = ".";

	int fd = syscall(SYS_openat2, root->fd, path, &how, sizeof(how));

	if (fd < 0 && (errno == ENOSYS || errno == EPERM))
		fd = openat(root->fd, path, flags | O_CLOEXEC, mode);
	return fd < 0 ? -errno : fd;
}

int root_stat(const struct root *root, const char *path, struct stat *st)
{
	scope_close int fd = root_openat(root, path, O_PATH, 0);

	if (fd < 0)
		return fd;
	return fstat(fd, st) < 0 ? -errno : 0;
}

bool root_exists(const struct root *root, const char *path)
{
	struct stat st;

	return !root_stat(root, path, &st);
}

static int read_fd(int fd, struct strbuf *text)
{
	char buf[4096];
	ssize_t got;

	while ((got = read(fd, buf, sizeof(buf)))) {
		if (got > 0)
			strbuf_add(text, buf, got);
		else if (errno != EINTR)
			return -errno;
		if (text->len > READ_MAX)
			return -EFBIG;
	}
	return 0;
}

struct err *root_read_bytes(const struct root *root, const char *path, char **text, size_t *size)
{
	/* Without O_NONBLOCK, opening a pipe waits for its writer; regular files ignore it. */
	scope_close int fd = root_openat(root, path, O_RDONLY | O_NONBLOCK, 0);
	scope_strbuf all = STRBUF_INIT;
	struct stat st;
	int error = fd < 0 ? fd : fstat(fd, &st) < 0 ? -errno : 0;

	if (!error && !S_ISREG(st.st_mode) && !S_ISDIR(st.st_mode))
		return err_new("%s%s: not a regular file", root->dir, path);
	if (!error)
		error = read_fd(fd, &all);
	if (error)
		return err_errno(-error, "%s%s", root->dir, path);
	*size = all.len;
	*text = strbuf_detach(&all);
	return NULL;
}

struct err *root_read(const struct root *root, const char *path, char **text)
{
	size_t size;

	return root_read_bytes(root, path, text, &size);
}

char *root_read_line(const struct root *root, const char *path)
{
	char *text = NULL;
	struct err *err = root_read(root, path, &text);

	err_free(err);
	if (text)
		text[strcspn(text, "\n")] = '\0';
	return text;
}

long root_read_number(const struct root *root, const char *path, long otherwise)
{
	scope_free char *line = root_read_line(root, path);

	return line && *line ? strtol(line, NULL, 10) : otherwise;
}

char *root_link(const struct root *root, const char *path)
{
	scope_close int fd = root_openat(root, path, O_PATH | O_NOFOLLOW, 0);
	char target[PATH_MAX];
	ssize_t len = fd < 0 ? -1 : readlinkat(fd, "", target, sizeof(target) - 1);

	return len < 0 ? NULL : xstrndup(target, len);
}

struct err *root_list(const struct root *root, const char *path, struct str_vec *names)
{
	int fd = root_openat(root, path, O_RDONLY | O_DIRECTORY, 0);

	if (fd == -ENOENT)
		return NULL;

	DIR *dir = dir_take(fd);
	struct dirent *entry;

	if (!dir)
		return err_errno(fd < 0 ? -fd : errno, "%s%s", root->dir, path);
	while ((entry = readdir(dir)))
		if (strcmp(entry->d_name, ".") && strcmp(entry->d_name, ".."))
			vec_push(names, xstrdup(entry->d_name));
	closedir(dir);
	str_vec_sort_unique(names);
	return NULL;
}

static int write_fd(int fd, const char *data, size_t size)
{
	while (size) {
		ssize_t put = write(fd, data, size);

		if (put < 0 && errno == EINTR)
			continue;
		if (put < 0)
			return -errno;
		data += put;
		size -= put;
	}
	return 0;
}

int root_store(const struct root *root, const char *path, const char *text)
{
	scope_close int fd = root_openat(root, path, O_WRONLY, 0);

	return fd < 0 ? fd : write_fd(fd, text, strlen(text));
}

/*
 * Opens the folder that contains a path and returns it, with the last part of the path; or -errno.
 */
static int open_parent(const struct root *root, const char *path, const char **name)
{
	scope_free char *parent = path_parent(path);

	*name = path_base(path);
	return root_openat(root, parent, O_RDONLY | O_DIRECTORY, 0);
}

static int write_temp(int dir, const char *temp, const void *data, size_t size, mode_t mode)
{
	scope_close int fd =
		openat(dir, temp, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, mode);

	if (fd < 0)
		return -errno;

	int error = write_fd(fd, data, size);

	if (!error && (fchmod(fd, mode) < 0 || fsync(fd) < 0))
		error = -errno;
	return error;
}

struct err *root_write(const struct root *root, const char *path, const void *data, size_t size,
		       mode_t mode)
{
	scope_free char *parent = path_parent(path);

	if (*parent)
		err_try(root_make_dir(root, parent));

	const char *name;
	scope_close int dir = open_parent(root, path, &name);

	if (dir < 0)
		return err_errno(-dir, "%s%s", root->dir, parent);

	scope_free char *temp = xasprintf(".%s.%d", name, (int)getpid());
	int error = write_temp(dir, temp, data, size, mode);

	if (!error && (renameat(dir, temp, dir, name) < 0 || fsync(dir) < 0))
		error = -errno;
	if (!error)
		return NULL;
	unlinkat(dir, temp, 0);
	return err_errno(-error, "%s%s: cannot be written", root->dir, path);
}

struct err *root_make_dir(const struct root *root, const char *path)
{
	for (const char *end = path; *end;) {
		const char *name;

		end++;
		end += strcspn(end, "/");

		scope_free char *part = xstrndup(path, end - path);
		scope_close int dir = open_parent(root, part, &name);
		int error = dir < 0 ? -dir : 0;

		if (!error && *name && mkdirat(dir, name, 0755) < 0)
			error = errno;
		else if (!error)
			fsync(dir); /* not every file system can sync a folder */
		if (error && error != EEXIST)
			return err_errno(error, "%s%s: cannot be created", root->dir, part);
	}
	return NULL;
}

struct err *root_rename(const struct root *root, const char *from, const char *to)
{
	const char *from_name, *to_name;
	scope_close int from_dir = open_parent(root, from, &from_name);
	scope_close int to_dir = open_parent(root, to, &to_name);

	if (from_dir < 0 || to_dir < 0)
		return err_errno(from_dir < 0 ? -from_dir : -to_dir, "%s%s", root->dir,
				 from_dir < 0 ? from : to);
	if (renameat(from_dir, from_name, to_dir, to_name) < 0)
		return err_errno(errno, "%s%s: cannot be renamed to %s%s", root->dir, from,
				 root->dir, to);
	if (fsync(to_dir) < 0 || fsync(from_dir) < 0)
		return err_errno(errno, "%s%s: cannot be synced", root->dir, to);
	return NULL;
}

/* Removes a tree below dir, which is a real folder: links are removed, never followed. */
static int remove_tree(int dir, const char *name)
{
	if (!unlinkat(dir, name, 0) || errno == ENOENT)
		return 0;
	if (errno != EISDIR && errno != EPERM)
		return -errno;

	int why = errno;
	int fd = openat(dir, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	DIR *list = dir_take(fd);
	struct dirent *entry;
	int error = list ? 0 : errno == ENOTDIR ? -why : -errno;

	while (!error && (entry = readdir(list)))
		if (strcmp(entry->d_name, ".") && strcmp(entry->d_name, ".."))
			error = remove_tree(fd, entry->d_name);
	if (list)
		closedir(list);
	if (!error && unlinkat(dir, name, AT_REMOVEDIR) < 0)
		error = -errno;
	return error;
}

struct err *root_remove(const struct root *root, const char *path)
{
	const char *name;
	scope_close int dir = open_parent(root, path, &name);

	if (dir == -ENOENT)
		return NULL;

	int error = dir < 0 ? dir : remove_tree(dir, name);

	if (!error && fsync(dir) < 0)
		error = -errno;
	return error ? err_errno(-error, "%s%s: cannot be removed", root->dir, path) : NULL;
}
