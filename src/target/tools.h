/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Checks whether the libraries exist that the kernel's own prebuilt tools (objtool, modpost, …)
 * need.
 */
#ifndef SUTURE_TARGET_TOOLS_H
#define SUTURE_TARGET_TOOLS_H

#include <stdbool.h>

#include "base/err.h"

/* This file in a build folder names the toolchain that its tools start with. */
#define TOOLCHAIN_MARK ".suture-toolchain"

/* toolchain_adopt() appends this to the name of a program that a script replaces. */
#define TOOLS_ADOPTED ".elf"

/* Returns whether the file is an ELF program that names a loader. */
bool tools_is_dynamic(const char *path);

/*
 * Calls visit for each program at and below a folder, in no order, until it fails. Files that are
 * not regular, or that were renamed by toolchain_adopt(), are skipped. A missing folder has no
 * programs.
 */
typedef struct err *tools_visit(void *ctx, const char *path);
struct err *tools_each(const char *folder, tools_visit *visit, void *ctx);

/*
 * Checks each program at and below the folders, which are relative to dir and end with NULL; a tool
 * may be a small program that starts one of several others, as Debian's objtool is. *problem is
 * what the loader says about the first one that it cannot start, free(), or NULL.
 */
struct err *tools_problem(const char *dir, const char *const *folders, char **problem);

#endif
