/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Mount namespaces for sandboxes.
 *
 * To make a new root, copies of the mounts at all paths are held by descriptors, a memory file
 * system is mounted over some folder, the copies are attached in it, and it becomes the root: so no
 * folder is needed that is not there already.  (open_tree(2), mount_setattr(2): Linux 5.12.)
 */
#include "base/mounts.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/alloc.h"

/*
 * These are in <sys/mount.h> since glibc 2.36, which cannot be included with the kernel's header.
 */
#ifndef MOUNT_ATTR_RDONLY
#define MOUNT_ATTR_RDONLY 0x1
#define MOUNT_ATTR_NOSUID 0x2
#define MOUNT_ATTR_NODEV 0x4
#define OPEN_TREE_CLONE 1
#define OPEN_TREE_CLOEXEC O_CLOEXEC
#define MOVE_MOUNT_F_EMPTY_PATH 0x4
struct mount_attr {
	uint64_t attr_set, attr_clr, propagation, userns_fd;
};
#endif
#ifndef AT_RECURSIVE
#define AT_RECURSIVE 0x8000
#endif

/* Any folder that every system has will do, since it is hidden from the child only. */
#define STAGE "/usr"
#define MAX_PATHS 128

static bool set_attributes(int fd, const char *path, unsigned flags, uint64_t set, uint64_t clear)
{
	struct mount_attr attr = {.attr_set = set, .attr_clr = clear};

	return !syscall(SYS_mount_setattr, fd, path, flags, &attr, sizeof(attr));
}

static bool make_private(void)
{
	return !mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL);
}

bool mounts_make_read_only(const struct sandbox_path_vec *paths)
{
	if (!make_private())
		return false;
	for (size_t i = 0; i < paths->len; i++) {
		const struct sandbox_path *it = &paths->data[i];

		bool own = it->from || (it->write && it->is_dir);

		if (own && mount(it->from ? it->from : it->path, it->path, NULL, MS_BIND, NULL) < 0)
			return false;
	}
	if (!set_attributes(AT_FDCWD, "/", AT_RECURSIVE, MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID, 0))
		return false;
	for (size_t i = 0; i < paths->len; i++) {
		const struct sandbox_path *it = &paths->data[i];

		if (it->write && it->is_dir &&
		    !set_attributes(AT_FDCWD, it->path, 0, MOUNT_ATTR_NODEV, MOUNT_ATTR_RDONLY))
			return false;
	}
	return true;
}

/* Makes the folders above a path, below the current folder. Existing folders are no error. */
static bool make_parents(const char *path)
{
	char part[PATH_MAX];
	size_t len = strlen(path);

	if (len >= sizeof(part))
		return false;
	for (size_t i = 1; i < len; i++) {
		if (path[i] != '/')
			continue;
		memcpy(part, path + 1, i - 1);
		part[i - 1] = '\0';
		if (mkdir(part, 0755) < 0 && errno != EEXIST)
			return false;
	}
	return true;
}

static bool attach(const struct sandbox_path *path, int tree)
{
	const char *name = path->path + 1;

	if (!make_parents(path->path))
		return false;
	if (path->link)
		return !symlink(path->link, name) || errno == EEXIST;
	if (path->is_dir) {
		if (mkdir(name, 0755) < 0 && errno != EEXIST)
			return false;
	} else {
		int fd = open(name, O_CREAT | O_WRONLY | O_CLOEXEC, 0600);

		/* If the folder above existed already, the file exists as well. */
		if (fd >= 0)
			close(fd);
	}
	return !syscall(SYS_move_mount, tree, "", AT_FDCWD, name, MOVE_MOUNT_F_EMPTY_PATH);
}

static int clone_tree(const struct sandbox_path *path)
{
	unsigned recursive = path->is_dir ? AT_RECURSIVE : 0;
	uint64_t set = MOUNT_ATTR_NOSUID | (path->write ? 0 : MOUNT_ATTR_RDONLY) |
		       (path->is_dir ? MOUNT_ATTR_NODEV : 0);
	int tree = syscall(SYS_open_tree, AT_FDCWD, path->from ? path->from : path->path,
			   OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | recursive);

	if (tree >= 0 && !set_attributes(tree, "", AT_EMPTY_PATH | recursive, set, 0))
		return -1;
	return tree;
}

static bool make_this_root(void)
{
	return !syscall(SYS_pivot_root, ".", ".") && !umount2(".", MNT_DETACH) && !chdir("/") &&
	       set_attributes(AT_FDCWD, "/", 0, MOUNT_ATTR_RDONLY, 0);
}

bool mounts_enter_root(const struct sandbox_path_vec *paths)
{
	int trees[MAX_PATHS];

	errno = E2BIG;
	if (paths->len > MAX_PATHS || !make_private())
		return false;
	for (size_t i = 0; i < paths->len; i++) {
		trees[i] = paths->data[i].link ? -1 : clone_tree(&paths->data[i]);
		if (trees[i] < 0 && !paths->data[i].link)
			return false;
	}
	if (mount("tmpfs", STAGE, "tmpfs", MS_NOSUID | MS_NODEV, "size=1m") < 0 || chdir(STAGE) < 0)
		return false;
	for (size_t i = 0; i < paths->len; i++)
		if (!attach(&paths->data[i], trees[i]))
			return false;
	for (size_t i = 0; i < paths->len; i++)
		if (trees[i] >= 0)
			close(trees[i]);
	return make_this_root();
}
