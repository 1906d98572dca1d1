/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef SUTURE_ELF_INTERNAL_H
#define SUTURE_ELF_INTERNAL_H

#include <stddef.h>

#include "elf/elf.h"

/* Zeroed memory that lives as long as the object. */
void *elf_alloc(struct elf_object *obj, size_t size);
const char *elf_strdup(struct elf_object *obj, const char *str);

#endif
