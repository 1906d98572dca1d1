/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Looks up the types that the shipped kernel or one of its modules has, in its BTF. */
#ifndef SUTURE_SAFETY_KERNEL_TYPES_H
#define SUTURE_SAFETY_KERNEL_TYPES_H

#include <stdbool.h>

#include "base/cursor.h"
#include "base/err.h"

struct type;
struct kernel_types;

/*
 * Reads a .BTF section. With base NULL it is vmlinux's; otherwise it is a module's, whose ids
 * continue those of base, which must outlive it.
 */
struct err *kernel_types_new(const char *name, struct bytes btf, const struct kernel_types *base,
			     struct kernel_types **types);
void kernel_types_free(struct kernel_types *types);

/*
 * Returns how many types of that name ("struct foo") the kernel has; *same says whether one of them
 * has the same size and members.
 */
unsigned kernel_types_match(const struct kernel_types *types, const struct type *type, bool *same);

#endif
