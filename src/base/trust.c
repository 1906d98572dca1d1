/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Walks a path and checks owner and mode of each folder and link on the way. */
#include "base/trust.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/path.h"
#include "base/strbuf.h"

#define LINKS_MAX 40 /* the kernel's own limit (MAXSYMLINKS) */

struct walk {
	const struct root *root;
	enum trust level;
	struct strbuf at; /* the part that was checked, with links resolved; "" is "/" */
	char *rest;	  /* the part that is not yet checked */
	unsigned links;
	bool missing; /* `at` does not exist, so nothing below it does */
};

/* Works like lstat(2); returns 0 or -errno. */
static int trust_lstat(const struct root *root, const char *path, struct stat *st)
{
	scope_close int fd = root_openat(root, path, O_PATH | O_NOFOLLOW, 0);

	if (fd < 0)
		return fd;
	return fstat(fd, st) < 0 ? -errno : 0;
}

/*
 * Some distributions give each user a group of the same name, and a umask that lets the group
 * write. Such a group has no other members.
 */
static bool trust_private_group(gid_t gid)
{
	struct passwd *user = getpwuid(geteuid());
	struct group *group = geteuid() ? getgrgid(gid) : NULL;

	return user && group && user->pw_gid == gid && !strcmp(user->pw_name, group->gr_name) &&
	       (!group->gr_mem[0] ||
		(!strcmp(group->gr_mem[0], user->pw_name) && !group->gr_mem[1]));
}

static bool trust_others_may_write(const struct stat *st)
{
	if (S_ISLNK(st->st_mode))
		return false;
	return st->st_mode & S_IWOTH || (st->st_mode & S_IWGRP && !trust_private_group(st->st_gid));
}

static char *trust_check_stat(const struct root *root, const char *path, const struct stat *st,
			      bool sticky_is_fine)
{
	scope_free char *full = root_path(root, *path ? path : "/");

	if (st->st_uid != 0 && st->st_uid != geteuid())
		return xasprintf(
			"%s: it belongs to user %u; if its contents are right, run 'chown %u %s'",
			full, (unsigned)st->st_uid, (unsigned)geteuid(), full);
	if (trust_others_may_write(st) && !(sticky_is_fine && st->st_mode & S_ISVTX))
		return xasprintf(
			"%s: other users can write to it; if its contents are right, run 'chmod go-w %s'",
			full, full);
	return NULL;
}

char *trust_problem_here(const struct root *root, const char *path)
{
	struct stat st;

	return trust_lstat(root, path, &st) ? NULL : trust_check_stat(root, path, &st, false);
}

/*
 * Checks the path up to the current place. A sticky folder is accepted only if it is not the last
 * part.
 */
static char *trust_check_at(struct walk *walk)
{
	const char *path = walk->at.len ? walk->at.buf : "/";
	scope_free char *full = root_path(walk->root, path);
	struct stat st;
	int error = root_stat(walk->root, path, &st);

	walk->missing = error == -ENOENT;
	if (walk->missing)
		return NULL;
	if (error)
		return xasprintf("%s: it cannot be read: %s", full, strerror(-error));
	return trust_check_stat(walk->root, path, &st,
				*walk->rest && walk->level == TRUST_BELOW_STICKY);
}

static void trust_go_up(struct walk *walk)
{
	scope_free char *parent = path_parent(walk->at.buf);

	strbuf_reset(&walk->at);
	strbuf_addstr(&walk->at, parent);
}

/* Puts the target of a link before the part that is not checked yet. */
static char *trust_follow_link(struct walk *walk, const char *path, const char *link,
			       const char *rest)
{
	scope_free char *full = root_path(walk->root, path);
	char *why = trust_problem_here(walk->root, path);

	if (!why && ++walk->links > LINKS_MAX)
		why = xasprintf("%s: it has too many levels of symbolic links", full);
	if (*link == '/')
		strbuf_reset(&walk->at);
	free(walk->rest);
	walk->rest = *rest ? xasprintf("%s/%s", link, rest) : xstrdup(link);
	return why;
}

/* Advances by one name, which may be a link; returns why it cannot be trusted, or NULL. */
static char *trust_step(struct walk *walk)
{
	size_t len = strcspn(walk->rest, "/");
	scope_free char *name = xstrndup(walk->rest, len);
	scope_free char *rest = xstrdup(walk->rest + len + strspn(walk->rest + len, "/"));
	scope_free char *path = xasprintf("%s/%s", walk->at.buf, name);
	bool stays = !*name || !strcmp(name, "."), up = !strcmp(name, "..");
	scope_free char *link = stays || up ? NULL : root_link(walk->root, path);

	if (link)
		return trust_follow_link(walk, path, link, rest);
	free(walk->rest);
	walk->rest = take_ptr(rest);
	if (up)
		trust_go_up(walk);
	if (stays || up)
		return NULL;
	strbuf_reset(&walk->at);
	strbuf_addstr(&walk->at, path);
	return trust_check_at(walk);
}

char *trust_problem(const struct root *root, const char *path, enum trust level)
{
	struct walk walk = {.root = root, .level = level, .at = STRBUF_INIT, .rest = xstrdup(path)};
	char *why = trust_check_at(&walk);

	while (!why && !walk.missing && *walk.rest)
		why = trust_step(&walk);
	strbuf_free(&walk.at);
	free(walk.rest);
	return why;
}
