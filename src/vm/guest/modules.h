/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Loads and unloads modules. */
#ifndef SUTURE_VM_GUEST_MODULES_H
#define SUTURE_VM_GUEST_MODULES_H

#include <stddef.h>

/* Loads a module; returns 0 or -errno. */
int module_insert(const char *path);
/* Unloads a module, and tries again until the limit if it is busy; returns 0 or -errno. */
int module_remove(const char *name, unsigned limit_ms);

/* Returns the bytes of a file that may be a module, free(); NULL if it cannot be read. */
unsigned char *module_file_bytes(const char *path, size_t *size);

#endif
