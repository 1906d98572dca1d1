/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A path that is let through by a sandbox, and starting a process for one. */
#ifndef SUTURE_BASE_SANDBOX_PATH_H
#define SUTURE_BASE_SANDBOX_PATH_H

#include <stdbool.h>
#include <sys/types.h>

#include "base/vec.h"

struct sandbox_path {
	char *path;	/* absolute */
	char *from;	/* the folder that is shown at path, or NULL: path itself */
	char *link;	/* where it leads as a symbolic link, or NULL */
	bool link_only; /* what it leads to is not let through by this entry */
	bool write;	/* else read and execute */
	bool is_dir;
};

struct sandbox_path_vec VEC(struct sandbox_path);

struct sandbox;

/* fork(), in the namespaces of the sandbox; NULL: plain fork(). */
pid_t sandbox_fork(const struct sandbox *sandbox);

#endif
