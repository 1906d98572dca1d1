/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Finds the kernel modules that a machine has loaded or may load as it is equipped now. */
#ifndef SUTURE_COVER_LOADABLE_H
#define SUTURE_COVER_LOADABLE_H

#include <stdbool.h>

#include "base/err.h"
#include "base/root.h"
#include "base/vec.h"

/*
 * Reads the modules of the running release: those in /proc/modules, those whose alias matches a
 * device of the machine, and those that any process can have loaded by a request that names no
 * device, such as a file system or a protocol, each with the modules that it depends on. A device
 * that is plugged in later can load others. The names are sorted and have underscores.
 */
struct err *loadable_read(const struct root *root, const char *release, struct str_vec *modules);

/* Reads a list of modules: the first word of each line, except the heading that lsmod prints. */
struct err *loadable_read_list(const char *path, struct str_vec *modules);

/* Returns whether one of the owners, which blanks separate, is vmlinux or among the modules. */
bool loadable_has_any(const struct str_vec *modules, const char *owners);

#endif
