/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Defines a path that a sandbox allows. */
#ifndef SUTURE_BASE_SANDBOX_PATH_H
#define SUTURE_BASE_SANDBOX_PATH_H

#include <stdbool.h>

#include "base/vec.h"

struct sandbox_path {
	char *path;	/* it is absolute */
	char *from;	/* the folder that appears at path, or NULL for path itself */
	char *link;	/* the target of a symbolic link at path, or NULL */
	bool link_only; /* this entry does not allow the link's target */
	bool write;	/* write as well as read and execute */
	bool is_dir;
};

struct sandbox_path_vec VEC(struct sandbox_path);

#endif
