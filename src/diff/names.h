/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Interprets the names that compilers give to symbols. */
#ifndef SUTURE_DIFF_NAMES_H
#define SUTURE_DIFF_NAMES_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Returns the name without the compiler's numbers ("foo.isra.0" becomes "foo.isra", "x.12" becomes
 * "x"); free().
 */
char *name_canonical(const char *name);

/* Returns whether this is the name of a local variable's symbol ("count.12"). */
bool name_is_static_local(const char *name);

/* Returns whether it names something like __func__, which belongs to a place in the code. */
bool name_is_copied(const char *name, const char *canonical, bool writable);

/* Returns the length of "foo" in "foo.cold", or 0 if this is not the name of a cold part. */
size_t name_cold_parent_length(const char *name);

#endif
