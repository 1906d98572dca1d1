/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A kernel's own compiler, for hosts that have another one: gcc, binutils and the libraries that
 * these and the kernel's build tools need, fetched from the archive into the cache and run from
 * there. This needs no root and changes nothing on the host.
 *
 * toolchains/<package>_<version>/   stamp.json root/
 *
 * Each program is a small script that starts the real one (NAME.elf beside it) with the folder's
 * own dynamic loader and libraries, so that they may need a newer C library than the host's.
 */
#ifndef SUTURE_TARGET_TOOLCHAIN_H
#define SUTURE_TARGET_TOOLCHAIN_H

#include <stdbool.h>

#include "base/err.h"
#include "target/lookup.h"

struct toolchain {
	char *dir;	/* root/ of the entry */
	char *bin;	/* its folder of programs, which is searched first */
	char *compiler; /* the program in it */
};

void toolchain_free(struct toolchain *toolchain);
#define scope_toolchain __attribute__((cleanup(toolchain_free))) struct toolchain

struct toolchain_spec {
	const char *program; /* "x86_64-linux-gnu-gcc-14" */
	const char *text;    /* CONFIG_CC_VERSION_TEXT */
	const char *kbuild;  /* the package whose tools will run with it: "linux-kbuild-6.1" */
};

/* Finds it in the cache; *found is false if it is not there. */
struct err *toolchain_find(const char *root, const struct toolchain_spec *spec,
			   struct toolchain *toolchain, bool *found);

/* Fetches it into the cache if it is not there; an error says what no archive has. */
struct err *toolchain_open(struct lookup *lookup, const struct toolchain_spec *spec,
			   struct toolchain *toolchain);

/* Opens a folder that the user names, the root of some system, with its programs in DIR/usr/bin. */
struct err *toolchain_given(const char *dir, const struct toolchain_spec *spec,
			    struct toolchain *toolchain);

/*
 * Makes the programs below the folders, which are relative to dir and end with NULL, start with the
 * toolchain's loader. Files that are no dynamic programs, or are set up already, stay as they are.
 */
struct err *toolchain_adopt(const struct toolchain *toolchain, const char *dir,
			    const char *const *folders);

#endif
