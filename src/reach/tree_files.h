/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Kinds of files of a kernel's source tree, as their paths tell them. */
#ifndef SUTURE_REACH_TREE_FILES_H
#define SUTURE_REACH_TREE_FILES_H

#include <stdbool.h>

#include "kbuild/kbuild.h"

/* Returns whether it is a C or assembler file, but not a header. */
bool tree_is_source(const char *path);

/*
 * Returns whether kbuild reads it as the makefile of its folder, or it is a part of one.
 * makefile_guard_reads() is true of more files, all that make might read.
 */
bool tree_is_makefile(const char *path);

bool tree_is_kconfig(const char *path);

/* Returns whether it sets or declares configuration symbols. */
bool tree_is_configuration(const char *path);

/* Returns whether it belongs neither to the kernel nor to its build system. */
bool tree_is_apart(const char *path);

/* Returns whether it belongs to another architecture than the kernel's. */
bool tree_is_foreign(const struct kbuild *kbuild, const char *path);

/* Returns whether the makefile concerns the whole build; such changes are not tracked. */
bool tree_is_global_makefile(const struct kbuild *kbuild, const char *path);

/*
 * Returns whether other files may be generated from it. Makefiles need not name the files from
 * which they make sources: a rule may be for all files of a kind, as for *.asn1 of crypto/ and *.pl
 * of arch/x86/crypto/.
 */
bool tree_may_generate(const struct kbuild *kbuild, const char *path);

/* Returns whether it is a C file that the kernel would compile in some configuration. */
bool tree_could_be_unit(const struct kbuild *kbuild, const char *path);

/*
 * Returns whether it is Rust source of a kernel with Rust code. Which objects it gets into is not
 * tracked: each crate is compiled from many files, and its code depends on the crates below.
 */
bool tree_is_rust(const struct kbuild *kbuild, const char *path);

/* Returns why no unit is made from the file, as a sentence for users. */
const char *tree_why_no_unit(const struct kbuild *kbuild, const char *path);

#endif
