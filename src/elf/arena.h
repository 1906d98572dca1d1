/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Memory that an object owns: it is freed with the object, never before. */
#ifndef SUTURE_ELF_ARENA_H
#define SUTURE_ELF_ARENA_H

#include <stddef.h>

#include "elf/elf.h"

struct elf_arena *elf_arena_new(void);
void elf_arena_free(struct elf_arena *arena);

/* Both return memory of the object, elf_alloc() zeroed; neither returns NULL. */
void *elf_alloc(struct elf_object *obj, size_t size);
const char *elf_strdup(struct elf_object *obj, const char *str);

#endif
