/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Distinguishes functions of the running kernel that have the same name. */
#ifndef SUTURE_LIVE_SYMBOLS_H
#define SUTURE_LIVE_SYMBOLS_H

#include <stdint.h>

#include "base/vec.h"

struct live_address_vec VEC(uint64_t);

/*
 * Appends the addresses of all symbols of that name in "vmlinux" or a module, in the order of
 * /proc/kallsyms, whose text is given (NULL: none).  They are 0 where the kernel hides them.
 */
void live_symbols_find(const char *kallsyms, const char *object, const char *name,
		       struct live_address_vec *addresses);

#endif
