/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Recognises the words that a patch may put into a makefile. depth is the number of folders between
 * the source tree and the makefile, so a path may begin with so many ".." at most.
 */
#ifndef SUTURE_PATCH_MAKEFILE_WORDS_H
#define SUTURE_PATCH_MAKEFILE_WORDS_H

#include <stdbool.h>
#include <stddef.h>

/* The characters of names of variables and symbols. */
#define MAKEFILE_NAME_CHARS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_"

/* Returns whether the first len bytes of text are of these characters. */
bool makefile_is_made_of(const char *text, size_t len, const char *chars);

/*
 * Returns the length of "$(NAME)" at text if NAME is a configuration symbol or another plain
 * variable, or, with `lists`, a list of objects or flags ("foo-y"); else 0.
 */
size_t makefile_reference_length(const char *text, bool lists);

/* Returns whether the variable contains only words of the configuration, or kbuild's own flags. */
bool makefile_is_plain_variable(const char *name, size_t len);

/* Accepts "x.o", "../y/x.o", "folder/". */
bool makefile_is_object(unsigned depth, const char *word);

bool makefile_is_folder(unsigned depth, const char *word);

/* Accepts flags that name neither a file nor a program. */
bool makefile_is_flag(unsigned depth, const char *word);

/* Accepts a path that may follow -I. */
bool makefile_is_include_path(unsigned depth, const char *path);

/* Accepts "y", "n", or a configuration symbol. */
bool makefile_is_switch(const char *word);

/* Accepts a part of the kernel's version or its name. */
bool makefile_is_version(const char *word);

#endif
