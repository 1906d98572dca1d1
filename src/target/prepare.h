/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The last work on an unpacked entry before it is published, and the check that it is whole. */
#ifndef SUTURE_TARGET_PREPARE_H
#define SUTURE_TARGET_PREPARE_H

#include "base/err.h"

/* folder: boot/vmlinuz lib/modules/<release>/ build/ */
struct err *prepare_kernel(const char *folder, const char *release);

/* folder: tree/ */
struct err *prepare_source(const char *folder);

/*
 * A build folder out of the files that a kernel's build leaves: nothing that kbuild
 * would think stale, so that it goes straight to the units.
 */
struct err *prepare_build(const char *build_dir);

/* That the files are there without which a build folder is of no use; names the first. */
struct err *prepare_check_build(const char *build_dir);

#endif
