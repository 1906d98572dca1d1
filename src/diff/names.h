/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Interprets the names that compilers give to symbols. */
#ifndef SUTURE_DIFF_NAMES_H
#define SUTURE_DIFF_NAMES_H

#include <stdbool.h>
#include <stddef.h>

/*
 * The name without what the compiler numbers ("foo.isra.0" → "foo.isra", "x.12" → "x"); owned by
 * the caller.
 */
char *name_canonical(const char *name);

/* Whether the name is that of a local variable's symbol ("count.12"). */
bool name_is_static_local(const char *name);

/* Whether it names something like __func__, which belongs to a place in the code. */
bool name_is_copied(const char *name, const char *canonical, bool writable);

/* The length of "foo" in "foo.cold"; 0 when the name is not that of a cold part. */
size_t name_cold_parent_length(const char *name);

#endif
