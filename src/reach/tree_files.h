/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Kinds of files of a kernel's source tree, as their paths tell them. */
#ifndef SUTURE_REACH_TREE_FILES_H
#define SUTURE_REACH_TREE_FILES_H

#include <stdbool.h>

#include "kbuild/kbuild.h"

/* Whether it is a file of C or assembler, headers aside. */
bool tree_is_source(const char *path);
bool tree_is_makefile(const char *path);
bool tree_is_configuration(const char *path);

/* Whether it belongs neither to the kernel nor to its build system. */
bool tree_is_apart(const char *path);

/* Whether it belongs to another architecture than the kernel's. */
bool tree_is_foreign(const struct kbuild *kbuild, const char *path);

/* Makefiles that are about the whole build: a change there is not followed. */
bool tree_is_global_makefile(const struct kbuild *kbuild, const char *path);

/*
 * Whether other files may be generated from it.  Makefiles need not name what they make sources
 * from: a rule may be for all of a kind, as for *.asn1 of crypto/ and *.pl of arch/x86/crypto/.
 */
bool tree_may_generate(const struct kbuild *kbuild, const char *path);

/* Whether it is C that the kernel would have as a unit in some configuration. */
bool tree_could_be_unit(const struct kbuild *kbuild, const char *path);

/* Why no unit is made from the file, as a sentence for users. */
const char *tree_why_no_unit(const struct kbuild *kbuild, const char *path);

#endif
