/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Keeps the memory of an object on an obstack, which is freed as a whole. */
#include "elf/arena.h"

#include <obstack.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"

#define obstack_chunk_alloc xmalloc
#define obstack_chunk_free free

struct elf_arena {
	struct obstack stack;
};

struct elf_arena *elf_arena_new(void)
{
	struct elf_arena *arena = xcalloc(1, sizeof(*arena));

	obstack_init(&arena->stack);
	return arena;
}

void elf_arena_free(struct elf_arena *arena)
{
	obstack_free(&arena->stack, NULL);
	free(arena);
}

void *elf_alloc(struct elf_object *obj, size_t size)
{
	void *data = obstack_alloc(&obj->arena->stack, size ? size : 1);

	memset(data, 0, size);
	return data;
}

const char *elf_strdup(struct elf_object *obj, const char *str)
{
	return obstack_copy0(&obj->arena->stack, str, strlen(str));
}
