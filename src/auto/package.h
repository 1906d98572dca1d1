/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Takes levels from a repository, by the machine's package manager. */
#ifndef SUTURE_AUTO_PACKAGE_H
#define SUTURE_AUTO_PACKAGE_H

#include "base/err.h"

/* Downloads the package of a level into a folder; the package manager checks its signature. */
struct err *auto_package_get(const char *kernel, const char *version, const char *dir);

/* Unpacks the package in the folder; *module is the path of the live patch, free(). */
struct err *auto_package_unpack(const char *dir, const char *kernel, char **module);

/* Installs exactly that version; waits for other package managers to end. */
struct err *auto_package_install(const char *kernel, const char *version);

#endif
