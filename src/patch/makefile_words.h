/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The words that a patch may put into a makefile.  depth is that of the makefile's folder below the
 * source tree: so many "..", and no more, lead to the tree.
 */
#ifndef SUTURE_PATCH_MAKEFILE_WORDS_H
#define SUTURE_PATCH_MAKEFILE_WORDS_H

#include <stdbool.h>
#include <stddef.h>

/*
 * The length of "$(NAME)" at text where NAME is a configuration symbol or another plain variable,
 * or where `lists` says so, a list of objects or flags ("foo-y"); else 0.
 */
size_t makefile_reference_length(const char *text, bool lists);

/* One that holds nothing but words of the configuration, or kbuild's own flags. */
bool makefile_is_plain_variable(const char *name, size_t len);

/* "x.o", "../y/x.o", "folder/" */
bool makefile_is_object(unsigned depth, const char *word);

bool makefile_is_folder(unsigned depth, const char *word);

/* A flag that names neither a file nor a program. */
bool makefile_is_flag(unsigned depth, const char *word);

/* What follows -I. */
bool makefile_is_include_path(unsigned depth, const char *path);

/* "y", "n", or a configuration symbol. */
bool makefile_is_switch(const char *word);

/* Part of the kernel's version or its name. */
bool makefile_is_version(const char *word);

#endif
