/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The files that a process sees: its root folder and mount namespace.  Most processes share the
 * machine's; services with private mounts have others that lead to the same files; chroots and
 * containers have their own files.
 */
#ifndef SUTURE_ADVISE_VIEW_H
#define SUTURE_ADVISE_VIEW_H

#include <stdbool.h>
#include <sys/stat.h>

#include "base/err.h"
#include "base/root.h"

struct view {
	bool foreign;	  /* a container's own files, in another mount namespace */
	const char *jail; /* the folder of a chroot in the machine's namespace; or NULL */
	unsigned id;	  /* 0: the machine's */
};

struct views;

/* proc is a descriptor of the folder /proc; both outlive the views. */
struct err *views_new(const struct root *root, int proc, struct views **views);
void views_free(struct views *views);

/* The view of a process, for any thread; NULL and errno: it went away or may not be looked at. */
const struct view *views_of(struct views *views, int pid);

/* Whether a file that a process of the view uses is one of a chroot's or container's own. */
bool view_owns(const struct view *view, const char *path);

/* Follows no links.  0, or -errno; -EAGAIN where to look would be to risk waiting for ever. */
int view_stat(const struct view *view, const char *path, struct stat *st);

#endif
