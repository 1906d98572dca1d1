/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Adds the symbols of a module that are defined elsewhere, each once, when it is asked for. */
#ifndef SUTURE_KLP_LINK_SYMBOLS_H
#define SUTURE_KLP_LINK_SYMBOLS_H

#include "elf/elf.h"

/* Returns the symbol that the kernel resolves by its exports. */
struct elf_symbol *link_undefined_symbol(struct elf_object *out, const char *name);

/*
 * Returns the symbol by which livepatch means the one of that object, name and position. Livepatch
 * looks it up only for relocations of livepatch sections.
 */
struct elf_symbol *link_livepatch_symbol(struct elf_object *out, const char *object,
					 const char *name, unsigned sympos);

/* Returns an absolute symbol of value 0, which the module defines. */
struct elf_symbol *link_zero_symbol(struct elf_object *out, const char *name);

#endif
