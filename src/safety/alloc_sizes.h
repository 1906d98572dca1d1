/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Finds allocations of a constant size in code. */
#ifndef SUTURE_SAFETY_ALLOC_SIZES_H
#define SUTURE_SAFETY_ALLOC_SIZES_H

#include <stdint.h>

#include "base/vec.h"
#include "elf/elf.h"

struct alloc_size {
	const char *allocator; /* the function that is called; belongs to the object */
	uint64_t size;	       /* in bytes */
};

struct alloc_size_vec VEC(struct alloc_size);

/* Lists calls of known allocators whose size is a constant in the code, in code order. */
void alloc_sizes_read(const struct elf_symbol *function, struct alloc_size_vec *sizes);

#endif
