/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The kernel's own build tools (objtool, modpost, …), which come prebuilt: whether the libraries
 * that they were linked with are there.
 */
#ifndef SUTURE_TARGET_TOOLS_H
#define SUTURE_TARGET_TOOLS_H

#include <stdbool.h>

#include "base/err.h"

/* The second name that a program gets when a script takes its place: toolchain_adopt(). */
#define TOOLS_ADOPTED ".elf"

/* Whether the file is an ELF program that names a loader. */
bool tools_is_dynamic(const char *path);

/*
 * Calls visit for each program at and below a folder, in no order, until it fails; what is no
 * regular file, and what has got its second name, is passed over.  A folder that is not there has
 * none.
 */
typedef struct err *tools_visit(void *ctx, const char *path);
struct err *tools_each(const char *folder, tools_visit *visit, void *ctx);

/*
 * Looks at each program at and below the folders, which are relative to dir and end with NULL: a
 * tool may be a small program that starts one of several others, as Debian's objtool is.
 * *problem is what the loader says of the first one that it cannot start, free(), or NULL.
 */
struct err *tools_problem(const char *dir, const char *const *folders, char **problem);

#endif
