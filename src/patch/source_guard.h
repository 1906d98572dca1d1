/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Source that has the compiler or assembler read files outside of the kernel's source: found in the
 * patch's text, as far as it shows there.  What a macro puts together does not; the sandbox that
 * the compiler runs in is what holds there.
 */
#ifndef SUTURE_PATCH_SOURCE_GUARD_H
#define SUTURE_PATCH_SOURCE_GUARD_H

#include "patch/makefile_guard.h"

/*
 * Compares two states of the file at path in the tree, C or assembler; either may be NULL.  What
 * was there before is not looked at again.
 */
void source_guard(const char *path, const char *before, const char *after,
		  struct hostile_line_vec *found);

/* The same for Kconfig files, whose functions run commands. */
void kconfig_guard(const char *before, const char *after, struct hostile_line_vec *found);

#endif
