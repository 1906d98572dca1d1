/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which program a compiler is by what it says about itself, and whether it is here. */
#ifndef SUTURE_TARGET_COMPILER_H
#define SUTURE_TARGET_COMPILER_H

#include "base/err.h"

/*
 * Returns the program that a CONFIG_CC_VERSION_TEXT names; clang_version is CONFIG_CLANG_VERSION.
 * free().
 */
char *compiler_program(const char *text, const char *clang_version);

/* Returns "gcc-12" for "x86_64-linux-gnu-gcc-12": the native compiler's package has both names. */
const char *compiler_package(const char *program);

/* Returns "12.2.0-14+deb12u1" of "gcc-12 (Debian 12.2.0-14+deb12u1) 12.2.0", or NULL; free(). */
char *compiler_package_version(const char *text);

/* Checks that the program exists and that its version is the one in text; else ERR_REFUSED. */
struct err *compiler_check(const char *release, const char *program, const char *text);

#endif
