/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The shipped side that is a relocatable module. */
#ifndef SUTURE_MATCH_SHIPPED_MODULE_H
#define SUTURE_MATCH_SHIPPED_MODULE_H

#include "match/shipped.h"

/*
 * Returns the symbols and code of the module, which must outlive the result; ops->free() frees it.
 */
struct shipped *shipped_module_new(const struct elf_object *module);

#endif
