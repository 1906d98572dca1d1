/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Finds the files that a process sees, by its root folder and mount namespace.  Most processes
 * share those of the machine; services with private mounts have others that lead to the same files;
 * chroots and containers have their own files.
 */
#ifndef SUTURE_ADVISE_VIEW_H
#define SUTURE_ADVISE_VIEW_H

#include <stdbool.h>
#include <sys/stat.h>

#include "base/err.h"
#include "base/root.h"

struct view {
	bool foreign;	  /* it has a container's own files, in another mount namespace */
	const char *jail; /* the folder of a chroot in the machine's namespace; or NULL */
	unsigned id;	  /* 0 for the machine's view */
};

struct views;

/* Makes an empty set of views.  proc is a descriptor of /proc; root and proc must outlive it. */
struct err *views_new(const struct root *root, int proc, struct views **views);
void views_free(struct views *views);

/*
 * Returns the view of a process; NULL and errno if it has ended or may not be examined.  Any thread
 * may call this.
 */
const struct view *views_of(struct views *views, int pid);

/* Returns whether a file that a process of the view uses belongs to its chroot or container. */
bool view_owns(const struct view *view, const char *path);

/* Like lstat(2), but returns 0 or -errno; -EAGAIN if the call could block for ever. */
int view_stat(const struct view *view, const char *path, struct stat *st);

/*
 * Opens the file or folder for reading, under the same conditions; returns -errno, and -EAGAIN for
 * what cannot be opened without delay.
 */
int view_open(const struct view *view, const char *path, int flags);

#endif
