/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Builds a repository's next tree beside it, then exchanges the two. */
#include "ship/repo.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/file.h"
#include "base/path.h"
#include "base/tempdir.h"
#include "ship/lists.h"

/* Sets repo->dir to the absolute path; its parent must exist. */
static struct err *repo_resolve(const char *dir, struct ship_repo *repo)
{
	scope_free char *plain = xstrdup(dir);
	size_t len = strlen(plain);

	while (len > 1 && plain[len - 1] == '/')
		plain[--len] = '\0';

	const char *name = path_base(plain);
	scope_free char *parent = path_parent(plain);
	scope_free char *full = realpath(*parent ? parent : *plain == '/' ? "/" : ".", NULL);

	if (!full)
		return err_errno(errno, "%s", parent);
	if (!*name || !strcmp(name, ".") || !strcmp(name, ".."))
		return err_code_new(ERR_USAGE, "--repo: '%s' does not name a folder", dir);
	repo->dir = xasprintf("%s/%s", strcmp(full, "/") ? full : "", name);
	return NULL;
}

static bool is_empty_dir(const char *dir)
{
	DIR *stream = opendir(dir);
	bool empty = stream;

	for (struct dirent *it; stream && (it = readdir(stream));)
		if (strcmp(it->d_name, ".") && strcmp(it->d_name, ".."))
			empty = false;
	if (stream)
		closedir(stream);
	return empty;
}

static struct err *repo_check(const char *dir)
{
	scope_free char *list = xasprintf("%s/" SHIP_LEVELS_FILE, dir);
	struct stat st;

	if (lstat(dir, &st) < 0)
		return errno == ENOENT ? NULL : err_errno(errno, "%s", dir);
	if (!S_ISDIR(st.st_mode))
		return err_new("%s is not a folder", dir);
	if (file_exists(list) || is_empty_dir(dir))
		return NULL;
	return err_new("%s is not empty and not a repository of Suture; name a new folder", dir);
}

/* Packages do not change, so that the new tree has links to those of the old one. */
static struct err *repo_link_kept(const struct ship_repo *repo)
{
	scope_free char *kept = xasprintf("%s/" SHIP_KEPT, repo->tree);

	err_try(dir_make(kept));
	vec_foreach(&repo->levels.list, it) {
		scope_free char *from = xasprintf("%s/" SHIP_KEPT "/%s", repo->dir, it->file);
		scope_free char *to = xasprintf("%s/%s", kept, it->file);

		if (link(from, to) < 0 && errno != EEXIST) /* two suites may have one package */
			return err_errno(errno, "%s", from);
	}
	return NULL;
}

struct err *ship_repo_open(const char *dir, struct ship_repo *repo)
{
	repo->lock = -1;
	err_try(repo_resolve(dir, repo));

	scope_free char *parent = path_parent(repo->dir);
	scope_free char *lock = xasprintf("%s/.%s.lock", parent, path_base(repo->dir));

	/* The lock lies beside the repository: inside, it would be exchanged with the tree. */
	err_try(file_lock(lock, &repo->lock));
	err_try(repo_check(repo->dir));
	err_try(ship_levels_read(repo->dir, &repo->levels));
	err_try(dir_temp(*parent ? parent : "/", "suture-publish", &repo->work));
	repo->tree = xasprintf("%s/tree", repo->work);
	return repo_link_kept(repo);
}

/* Sets modes that web servers can read, whatever the umask is. */
static struct err *repo_open_modes(const char *dir)
{
	DIR *stream = opendir(dir);
	struct err *err = NULL;

	if (!stream)
		return err_errno(errno, "%s", dir);
	for (struct dirent *it; !err && (it = readdir(stream));) {
		scope_free char *path = xasprintf("%s/%s", dir, it->d_name);
		struct stat st;

		if (!strcmp(it->d_name, ".") || !strcmp(it->d_name, ".."))
			continue;
		if (lstat(path, &st) < 0 || chmod(path, S_ISDIR(st.st_mode) ? 0755 : 0644) < 0)
			err = err_errno(errno, "%s", path);
		else if (S_ISDIR(st.st_mode))
			err = repo_open_modes(path);
	}
	closedir(stream);
	if (!err && chmod(dir, 0755) < 0)
		err = err_errno(errno, "%s", dir);
	return err;
}

static struct err *repo_exchange(const struct ship_repo *repo)
{
	scope_close int fd = open(repo->tree, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	bool exists = dir_exists(repo->dir);

	if (fd < 0 || syncfs(fd) < 0)
		return err_errno(errno, "%s", repo->tree);
	if (renameat2(AT_FDCWD, repo->tree, AT_FDCWD, repo->dir,
		      exists ? RENAME_EXCHANGE : RENAME_NOREPLACE) < 0)
		return err_errno(errno, "%s cannot be replaced", repo->dir);

	scope_free char *parent = path_parent(repo->dir);
	scope_close int above = open(*parent ? parent : "/", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	return above < 0 || fsync(above) < 0 ? err_errno(errno, "%s", parent) : NULL;
}

struct err *ship_repo_commit(struct ship_repo *repo)
{
	err_try(ship_levels_write(repo->tree, &repo->levels));
	err_try(ship_lists_key(repo->tree, repo->levels.key));
	err_try(ship_lists_apt(repo->tree, &repo->levels));
	err_try(ship_lists_dnf(repo->tree, &repo->levels));
	err_try(repo_open_modes(repo->tree));
	return repo_exchange(repo);
}

void ship_repo_close(struct ship_repo *repo)
{
	if (repo->work)
		dir_temp_cleanup(&repo->work);
	if (repo->lock > 0)
		close(repo->lock);
	free(repo->dir);
	free(repo->tree);
	ship_levels_free(&repo->levels);
}
