/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Looks up files as a process sees them: in its mount namespace and below its root. */
#include "advise/view.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "advise/mounts.h"
#include "base/alloc.h"
#include "base/file.h"
#include "base/vec.h"

#define LINK_SIZE 256
#define MOUNTS_BYTES (4u << 20) /* so much of a namespace's mountinfo is read */

struct view_own {
	struct view view; /* the part that others see; must be first */
	char namespace[64];
	char link[LINK_SIZE]; /* the target of the link /proc/<pid>/root */
	dev_t dev;
	ino_t ino;
	int fd; /* the root folder; -1 if unavailable: only "(deleted)" shows stale files then */
	struct mounts mounts;
};

struct views {
	const struct root *root;
	int proc;
	char namespace[64];
	struct stat top;
	pthread_mutex_t lock; /* guards the list */
	struct VEC(struct view_own *) list;
};

static bool read_link(int proc, int pid, const char *name, char *buf, size_t size)
{
	char path[64];

	if (pid)
		snprintf(path, sizeof(path), "%d/%s", pid, name);
	else
		snprintf(path, sizeof(path), "self/%s", name);

	ssize_t len = readlinkat(proc, path, buf, size - 1);

	if (len < 0)
		return false;
	buf[len] = '\0';
	return true;
}

/* Opens the root folder of a process; an artificial /proc has plain links inside the tree. */
static int open_process_root(const struct views *views, int pid, const char *link)
{
	char path[64];

	if (!root_is_machine(views->root))
		return root_openat(views->root, link, O_PATH | O_DIRECTORY, 0);
	snprintf(path, sizeof(path), "%d/root", pid);

	int fd = openat(views->proc, path, O_PATH | O_DIRECTORY | O_CLOEXEC);

	return fd < 0 ? -errno : fd;
}

static bool stat_process_root(const struct views *views, int pid, const char *link, struct stat *st)
{
	char path[64];

	snprintf(path, sizeof(path), "%d/root", pid);
	errno = root_is_machine(views->root) ? (fstatat(views->proc, path, st, 0) < 0 ? errno : 0)
					     : -root_stat(views->root, link, st);
	return !errno;
}

static void read_mounts(const struct views *views, int pid, struct mounts *mounts)
{
	char path[64];

	snprintf(path, sizeof(path), "%d/mountinfo", pid);

	scope_close int fd = openat(views->proc, path, O_RDONLY | O_CLOEXEC);
	scope_free uint8_t *buf = xmalloc(MOUNTS_BYTES);
	size_t len = 0;
	ssize_t got = 1;

	while (fd >= 0 && len < MOUNTS_BYTES &&
	       ((got = read(fd, buf + len, MOUNTS_BYTES - len)) > 0 || (got < 0 && errno == EINTR)))
		len += got > 0 ? got : 0;
	mounts_parse((struct bytes){buf, len}, mounts);
}

struct err *views_new(const struct root *root, int proc, struct views **viewsp)
{
	struct views *views = xcalloc(1, sizeof(*views));
	int error = root_stat(root, "/", &views->top);

	views->root = root;
	views->proc = proc;
	pthread_mutex_init(&views->lock, NULL);
	/* The machine's namespace is this process's; in an artificial tree, that of process 1. */
	read_link(proc, !root_is_machine(root), "ns/mnt", views->namespace,
		  sizeof(views->namespace));
	if (error) {
		views_free(views);
		return err_errno(-error, "/");
	}
	*viewsp = views;
	return NULL;
}

void views_free(struct views *views)
{
	if (!views)
		return;
	vec_foreach(&views->list, it) {
		if ((*it)->fd >= 0)
			close((*it)->fd);
		mounts_free(&(*it)->mounts);
		free(*it);
	}
	vec_free(&views->list);
	pthread_mutex_destroy(&views->lock);
	free(views);
}

/*
 * Makes the view of a process.  Names in maps start at the top of the process's mount namespace, or
 * at the reader's root if that is reached before.  So in the reader's namespace they start at the
 * reader's root, even for a chroot; in another namespace they can be followed only from the
 * process's root, and only if that is the top.  If the reader is in a chroot itself, processes
 * outside have the root "/" as well, which is another folder; their files are not the reader's.
 */
static struct view_own *view_new(const struct views *views, int pid, const char *namespace,
				 const char *link, const struct stat *st)
{
	struct view_own *own = xcalloc(1, sizeof(*own));
	bool ours = !strcmp(namespace, views->namespace);
	bool top = !strcmp(link, "/");

	snprintf(own->namespace, sizeof(own->namespace), "%s", namespace);
	snprintf(own->link, sizeof(own->link), "%s", link);
	own->dev = st->st_dev;
	own->ino = st->st_ino;
	own->view.id = views->list.len + 1;
	if (st->st_dev == views->top.st_dev && st->st_ino == views->top.st_ino)
		own->view.id = ours ? 0 : own->view.id;
	else if (ours && own->link[0] == '/' && !top)
		own->view.jail = own->link;
	else
		own->view.foreign = true;
	own->fd = -1;
	if (ours && !own->view.foreign)
		own->fd = root_openat(views->root, "/", O_PATH | O_DIRECTORY, 0);
	else if (top || !root_is_machine(views->root))
		own->fd = open_process_root(views, pid, link);
	read_mounts(views, pid, &own->mounts);
	return own;
}

static const struct view *views_find_or_add(struct views *views, int pid, const char *namespace,
					    const char *link, const struct stat *st)
{
	vec_foreach(&views->list, it)
		if ((*it)->dev == st->st_dev && (*it)->ino == st->st_ino &&
		    !strcmp((*it)->namespace, namespace) && !strcmp((*it)->link, link))
			return &(*it)->view;
	vec_push(&views->list, view_new(views, pid, namespace, link, st));
	return &views->list.data[views->list.len - 1]->view;
}

const struct view *views_of(struct views *views, int pid)
{
	char namespace[64] = "", link[LINK_SIZE];
	struct stat st;

	if (!read_link(views->proc, pid, "ns/mnt", namespace, sizeof(namespace)) ||
	    !read_link(views->proc, pid, "root", link, sizeof(link)) ||
	    !stat_process_root(views, pid, link, &st))
		return NULL;
	pthread_mutex_lock(&views->lock);

	const struct view *view = views_find_or_add(views, pid, namespace, link, &st);

	pthread_mutex_unlock(&views->lock);
	return view;
}

bool view_owns(const struct view *view, const char *path)
{
	size_t len = view->jail ? strlen(view->jail) : 0;

	return view->foreign ||
	       (len && !strncmp(path, view->jail, len) && (path[len] == '/' || !path[len]));
}

int view_open(const struct view *view, const char *path, int flags)
{
	const struct view_own *own = (const struct view_own *)view;
	struct open_how how = {
		.flags = flags | O_NOFOLLOW | O_CLOEXEC | (flags & O_PATH ? 0 : O_NONBLOCK),
		.resolve = RESOLVE_IN_ROOT | RESOLVE_NO_SYMLINKS,
	};

	if (own->fd < 0 || mounts_may_hang(&own->mounts, path))
		return -EAGAIN;
	path += strspn(path, "/");

	int fd = syscall(SYS_openat2, own->fd, *path ? path : ".", &how, sizeof(how));

	if (fd < 0 && (errno == ENOSYS || errno == EPERM))
		fd = openat(own->fd, *path ? path : ".", how.flags);
	if (fd < 0)
		return errno == ELOOP ? -EAGAIN : -errno;
	return fd;
}

int view_stat(const struct view *view, const char *path, struct stat *st)
{
	scope_close int fd = view_open(view, path, O_PATH);

	if (fd < 0)
		return fd;
	return fstat(fd, st) < 0 ? -errno : 0;
}
