/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Fills the fields of tables that a module brings: numbers, pointers, strings. */
#include "klp/fields.h"

#include <string.h>

/* Strings and bytes that the tables point to. */
#define CONSTANTS ".rodata.suture"

void field_put_pointer(struct elf_section *section, uint64_t offset, struct elf_symbol *symbol,
		       int64_t addend)
{
	vec_push(&section->relas, (struct elf_rela){offset, R_X86_64_64, symbol, addend});
}

void field_put_bytes(struct elf_object *out, struct elf_section *section, uint64_t offset,
		     struct bytes bytes)
{
	struct elf_section *constants = elf_find_section(out, CONSTANTS);

	if (!constants)
		constants = elf_add_section(out, CONSTANTS, SHT_PROGBITS, SHF_ALLOC, 1);

	uint64_t at = elf_section_append(out, constants, bytes.data, bytes.size, 1);

	field_put_pointer(section, offset, elf_section_symbol(out, constants), (int64_t)at);
}

void field_put_string(struct elf_object *out, struct elf_section *section, uint64_t offset,
		      const char *str)
{
	field_put_bytes(out, section, offset,
			(struct bytes){(const uint8_t *)str, strlen(str) + 1});
}

void field_put_number(struct elf_section *section, uint64_t offset, uint64_t value)
{
	for (int i = 0; i < 8; i++)
		section->data[offset + i] = value >> (8 * i);
}
