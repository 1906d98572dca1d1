/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The last work on an unpacked entry before it is published, and the check that it is whole. */
#ifndef SUTURE_TARGET_PREPARE_H
#define SUTURE_TARGET_PREPARE_H

#include "base/err.h"

/* The folder has boot/vmlinuz, lib/modules/<release>/ and build/. */
struct err *prepare_kernel(const char *folder, const char *release);

/* The folder has tree/. */
struct err *prepare_source(const char *folder);

/*
 * Makes a build folder from the files that a kernel's build leaves. kbuild considers nothing in it
 * out of date, so that it compiles units at once.
 */
struct err *prepare_build(const char *build_dir);

/*
 * Checks that the files exist without which a build folder cannot be used; an error names the first
 * one that is missing.
 */
struct err *prepare_check_build(const char *build_dir);

#endif
