/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Loading and unloading modules. */
#ifndef SUTURE_VM_GUEST_MODULES_H
#define SUTURE_VM_GUEST_MODULES_H

#include <stddef.h>

/* 0 or -errno. */
int module_insert(const char *path);
/* Unloads a module, again while it is busy, until the limit; 0 or -errno. */
int module_remove(const char *name, unsigned limit_ms);

/* The bytes of a file that can be a module; free(); NULL if it cannot be read. */
unsigned char *module_file_bytes(const char *path, size_t *size);

#endif
