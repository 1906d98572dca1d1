/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Finds calls of allocators in code, and what they are given. */
#ifndef SUTURE_SAFETY_ALLOC_SIZES_H
#define SUTURE_SAFETY_ALLOC_SIZES_H

#include <stdbool.h>
#include <stdint.h>

#include "base/vec.h"
#include "elf/elf.h"

struct alloc_size {
	const char *allocator; /* the function that is called; belongs to the object */
	uint64_t size;	       /* in bytes */
	bool computed;	       /* size is only the constant part of a sum, or 0 */
};

struct alloc_size_vec VEC(struct alloc_size);

/*
 * Adds calls of known allocators in code order, with their sizes as far as these are constants in
 * the code.
 */
void alloc_sizes_read(const struct elf_symbol *function, struct alloc_size_vec *sizes);

/*
 * Returns an allocator that the code calls and that may sleep, as the flags that it is given say;
 * flags that are not a constant count as such. NULL if there is none.
 */
const char *alloc_that_sleeps(const struct elf_symbol *function);

/* A cache of the slab allocator that code allocates from or frees to. */
struct alloc_cache {
	char *name; /* of the variable that points at the cache */
	bool frees;
};

struct alloc_cache_vec VEC(struct alloc_cache);

/* Adds the caches that the code gives to kmem_cache_alloc() and kmem_cache_free() by a variable. */
void alloc_caches_read(const struct elf_object *object, const struct elf_symbol *function,
		       struct alloc_cache_vec *caches);
void alloc_caches_free(struct alloc_cache_vec *caches);
#define scope_alloc_caches __attribute__((cleanup(alloc_caches_free))) struct alloc_cache_vec

#endif
