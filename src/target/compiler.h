/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which program a compiler is by what it says of itself, and whether it is here. */
#ifndef SUTURE_TARGET_COMPILER_H
#define SUTURE_TARGET_COMPILER_H

#include "base/err.h"

/* The program behind a CONFIG_CC_VERSION_TEXT; clang_version is CONFIG_CLANG_VERSION.  free(). */
char *compiler_program(const char *text, const char *clang_version);

/* "gcc-12" of "x86_64-linux-gnu-gcc-12": the native compiler's package has both names. */
const char *compiler_package(const char *program);

/* "12.2.0-14+deb12u1" of "gcc-12 (Debian 12.2.0-14+deb12u1) 12.2.0"; NULL for others; free(). */
char *compiler_package_version(const char *text);

/* That the program is there and says of itself what text says; else ERR_REFUSED. */
struct err *compiler_check(const char *release, const char *program, const char *text);

#endif
