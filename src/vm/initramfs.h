/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Writes an initramfs, a newc archive.  Names have no leading slash; the folders of a name are
 * added with it.
 */
#ifndef SUTURE_VM_INITRAMFS_H
#define SUTURE_VM_INITRAMFS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/cursor.h"
#include "base/err.h"

struct initramfs;

struct err *initramfs_create(const char *path, struct initramfs **fs);
/* Adds a regular file of those bytes. */
struct err *initramfs_add(struct initramfs *fs, const char *name, unsigned mode,
			  struct bytes bytes);
/* Adds a file of the host; does nothing if the name has been added before. */
struct err *initramfs_add_file(struct initramfs *fs, const char *name, unsigned mode,
			       const char *host_path);
bool initramfs_has(const struct initramfs *fs, const char *name);
/* Ends the archive; sets *size to its size in bytes. */
struct err *initramfs_finish(struct initramfs *fs, uint64_t *size);
void initramfs_freep(struct initramfs **fsp);
#define scope_initramfs __attribute__((cleanup(initramfs_freep))) struct initramfs *

#endif
