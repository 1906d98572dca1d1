/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads single DWARF entries: their names, sizes, members and prototypes. */
#ifndef SUTURE_SAFETY_DWARF_DIE_H
#define SUTURE_SAFETY_DWARF_DIE_H

#include <elfutils/libdwfl.h>
#include <stdbool.h>

#include "safety/types.h"

/*
 * Finds the structure, union, enum or typedef that has a name, behind pointers, arrays and
 * qualifiers.
 */
bool dwarf_named_type(Dwarf_Die *die, Dwarf_Die *named);

/* Returns "struct foo" or "foo_t"; free(). */
char *dwarf_type_name(Dwarf_Die *die);

/* Returns whether it is declared by that name. */
bool dwarf_has_name(Dwarf_Die *die, const char *name);

uint64_t dwarf_size_of(Dwarf_Die *die); /* bytes; 0 when it has none */

/* Returns whether the variable has a fixed address. */
bool dwarf_is_static(Dwarf_Die *variable);

/* Returns whether the type, or an array's element type, is const. */
bool dwarf_is_constant(Dwarf_Die *type);

/* Adds the parts of a spelling such as "struct foo *[4]". */
void dwarf_spell(Dwarf_Die *type, struct spelling *out);

void dwarf_read_members(Dwarf_Die *die, struct type_member_vec *members);

/*
 * Fills in what the function returns and takes: prototype, parameters, variadic, and registers_only
 * if it takes at most six numbers or pointers (System V ABI for x86-64, 3.2.3).
 */
void dwarf_read_prototype(Dwarf_Die *subprogram, struct type_function *function);

/* Returns the sizes that caller and callee must agree on, such as "8(8,s24,4)"; free(). */
char *dwarf_agreement(Dwarf_Die *subprogram);

#endif
