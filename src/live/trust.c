/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Finds out whether only root can change what a path leads to. */
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/strbuf.h"
#include "live/trust.h"

#define LINKS_MAX 40 /* the kernel's own limit (MAXSYMLINKS) */

struct walk {
	const struct root *root;
	struct strbuf at; /* the part that was checked, without links; "" is "/" */
	char *rest;	  /* the part that is not yet checked */
	unsigned links;
};

/* Checks one file or folder.  A sticky bit prevents removing files of others, not adding files. */
static const char *trust_check_mode(const struct stat *st)
{
	if (st->st_uid != 0)
		return "it does not belong to root";
	if (st->st_mode & (S_IWGRP | S_IWOTH))
		return "users other than root can write to it";
	return NULL;
}

static char *trust_check_here(const struct walk *walk)
{
	const char *path = walk->at.len ? walk->at.buf : "/";
	struct stat st;
	const char *why =
		root_stat(walk->root, path, &st) ? "it cannot be read" : trust_check_mode(&st);

	return why ? xasprintf("%s: %s", path, why) : NULL;
}

static void trust_go_up(struct walk *walk)
{
	const char *slash = strrchr(walk->at.buf, '/');
	scope_free char *parent = xstrndup(walk->at.buf, slash ? slash - walk->at.buf : 0);

	strbuf_reset(&walk->at);
	strbuf_addstr(&walk->at, parent);
}

/* Advances by one name, which may be a link; returns why it cannot be trusted, or NULL. */
static char *trust_step(struct walk *walk)
{
	size_t len = strcspn(walk->rest, "/");
	scope_free char *name = xstrndup(walk->rest, len);
	scope_free char *rest = xstrdup(walk->rest + len + strspn(walk->rest + len, "/"));
	scope_free char *path = xasprintf("%s/%s", walk->at.buf, name);
	scope_free char *link = NULL;

	if (!strcmp(name, ".."))
		trust_go_up(walk);
	else if (*name && strcmp(name, "."))
		link = root_link(walk->root, path);
	if (link && ++walk->links > LINKS_MAX)
		return xasprintf("%s has too many levels of symbolic links", path);
	if (link && *link == '/')
		strbuf_reset(&walk->at);
	free(walk->rest);
	walk->rest = link ? xasprintf("%s/%s", link, rest) : take_ptr(rest);
	if (link || !*name || !strcmp(name, ".") || !strcmp(name, ".."))
		return NULL;
	strbuf_reset(&walk->at);
	strbuf_addstr(&walk->at, path);
	return trust_check_here(walk);
}

char *live_distrust(const struct root *root, const char *path)
{
	struct walk walk = {root, STRBUF_INIT, xstrdup(path), 0};
	char *why = trust_check_here(&walk);

	while (!why && *walk.rest)
		why = trust_step(&walk);
	strbuf_free(&walk.at);
	free(walk.rest);
	return why;
}
