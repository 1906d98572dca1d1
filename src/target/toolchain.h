/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A kernel's own compiler where the host has another one: gcc, binutils and the libraries that
 * these and the kernel's build tools need, from the archive into the cache, and run from there.
 * No root is needed, and nothing of the host is changed.
 *
 *	toolchains/<package>_<version>/   stamp.json root/
 *
 * Each program is a small script that starts the real one (NAME.elf beside it) with the folder's
 * own dynamic loader and libraries, so that a newer C library than the host's does no harm.
 */
#ifndef SUTURE_TARGET_TOOLCHAIN_H
#define SUTURE_TARGET_TOOLCHAIN_H

#include <stdbool.h>

#include "base/err.h"
#include "target/lookup.h"

/* In a build folder, once its tools run with a toolchain: holds that one's folder. */
#define TOOLCHAIN_MARK ".suture-toolchain"

struct toolchain {
	char *dir;	/* root/ of the entry */
	char *bin;	/* its folder of programs, to be looked in first */
	char *compiler; /* the program in it */
};

void toolchain_free(struct toolchain *toolchain);
#define scope_toolchain __attribute__((cleanup(toolchain_free))) struct toolchain

struct toolchain_spec {
	const char *program; /* "x86_64-linux-gnu-gcc-14" */
	const char *text;    /* CONFIG_CC_VERSION_TEXT */
	const char *kbuild;  /* the package whose tools are to run with it: "linux-kbuild-6.1" */
};

/* From the cache; *found is false when it is not there. */
struct err *toolchain_find(const char *root, const struct toolchain_spec *spec,
			   struct toolchain *toolchain, bool *found);

/* The same, after bringing it there: an error says what no archive has. */
struct err *toolchain_open(struct lookup *lookup, const struct toolchain_spec *spec,
			   struct toolchain *toolchain);

/* From a folder that the user names, which is the root of some system: DIR/usr/bin is looked in. */
struct err *toolchain_given(const char *dir, const struct toolchain_spec *spec,
			    struct toolchain *toolchain);

/*
 * Makes the programs below the folders, relative to dir, start with the toolchain's loader.  What
 * is no dynamic program, or was done before, stays as it is.  folders ends with NULL.
 */
struct err *toolchain_adopt(const struct toolchain *toolchain, const char *dir,
			    const char *const *folders);

#endif
