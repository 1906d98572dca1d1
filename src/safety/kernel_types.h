/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The types that the shipped kernel or one of its modules says in its BTF that it has. */
#ifndef SUTURE_SAFETY_KERNEL_TYPES_H
#define SUTURE_SAFETY_KERNEL_TYPES_H

#include <stdbool.h>

#include "base/cursor.h"
#include "base/err.h"

struct type;
struct kernel_types;

/*
 * From the bytes of a .BTF section.  base NULL: vmlinux's; else a module's, which goes on where
 * that ends and needs it as long as it lives.
 */
struct err *kernel_types_new(const char *name, struct bytes btf, const struct kernel_types *base,
			     struct kernel_types **types);
void kernel_types_free(struct kernel_types *types);

/*
 * How many types of that name ("struct foo") the kernel has, and whether one of them has the same
 * size and members.
 */
unsigned kernel_types_match(const struct kernel_types *types, const struct type *type, bool *same);

#endif
