/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Fields of tables that a module brings, such as the glue's. */
#ifndef SUTURE_KLP_FIELDS_H
#define SUTURE_KLP_FIELDS_H

#include "base/cursor.h"
#include "elf/elf.h"

/*
 * Fill fields of the tables: with the address of a symbol plus addend, with that of a copy of the
 * string or bytes, or with a number of 8 bytes. The section holds zeros there.
 */
void field_put_pointer(struct elf_section *section, uint64_t offset, struct elf_symbol *symbol,
		       int64_t addend);
void field_put_string(struct elf_object *out, struct elf_section *section, uint64_t offset,
		      const char *str);
void field_put_bytes(struct elf_object *out, struct elf_section *section, uint64_t offset,
		     struct bytes bytes);
void field_put_number(struct elf_section *section, uint64_t offset, uint64_t value);

#endif
