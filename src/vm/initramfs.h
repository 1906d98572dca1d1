/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Writes an initramfs, a newc archive.  Names have no leading slash; folders come by themselves. */
#ifndef SUTURE_VM_INITRAMFS_H
#define SUTURE_VM_INITRAMFS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/cursor.h"
#include "base/err.h"

struct initramfs;

struct err *initramfs_create(const char *path, struct initramfs **fs);
struct err *initramfs_add(struct initramfs *fs, const char *name, unsigned mode,
			  struct bytes bytes);
/* A file of the host; nothing is done when that name has been added before. */
struct err *initramfs_add_file(struct initramfs *fs, const char *name, unsigned mode,
			       const char *host_path);
bool initramfs_has(const struct initramfs *fs, const char *name);
/* Ends the archive; *size is in bytes. */
struct err *initramfs_finish(struct initramfs *fs, uint64_t *size);
void initramfs_freep(struct initramfs **fsp);
#define scope_initramfs __attribute__((cleanup(initramfs_freep))) struct initramfs *

#endif
