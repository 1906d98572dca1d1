/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Finds source that makes the compiler or assembler read files outside the kernel's source, as far
 * as the patch's text shows it. What a macro puts together is not visible; there, the sandbox of
 * the compiler is the protection.
 */
#ifndef SUTURE_PATCH_SOURCE_GUARD_H
#define SUTURE_PATCH_SOURCE_GUARD_H

#include "patch/makefile_guard.h"

/*
 * Compares two states of the file at path in the tree, C or assembler; either may be NULL.
 * Constructs that existed before are not examined again.
 */
void source_guard(const char *path, const char *before, const char *after,
		  struct hostile_line_vec *found);

/* Does the same as source_guard() for Kconfig files, whose functions can run commands. */
void source_guard_kconfig(const char *before, const char *after, struct hostile_line_vec *found);

#endif
