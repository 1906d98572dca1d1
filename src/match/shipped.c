/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Handles places, and operations that are the same for linked and relocatable code. */
#include <inttypes.h>
#include <string.h>

#include "base/alloc.h"
#include "base/lower_bound.h"
#include "match/shipped.h"

bool place_equal(struct place a, struct place b)
{
	return a.section == b.section && a.import == b.import && a.address == b.address;
}

struct place place_add(struct place place, int64_t offset)
{
	place.address += offset;
	return place;
}

char *place_text(struct place place)
{
	if (place.import)
		return xasprintf("%s%+" PRId64, place.import->name, (int64_t)place.address);
	if (place.section)
		return xasprintf("%s+0x%" PRIx64, place.section->name, place.address);
	return xasprintf("0x%" PRIx64, place.address);
}

size_t shipped_relas_between(const struct elf_section *section, uint64_t offset, uint64_t size,
			     const struct elf_rela **first)
{
	const struct elf_rela *relas = section->relas.data;
	size_t start = lower_bound(relas, section->relas.len, it, it->offset < offset), count = 0;

	while (start + count < section->relas.len && relas[start + count].offset - offset < size)
		count++;
	*first = relas + start;
	return count;
}

/* Reads the value of a relocated field, as wide as an address. */
static bool field_value(struct bytes bytes, uint32_t type, uint64_t *value)
{
	struct cursor cur = cursor_at(bytes, 0);

	switch (type) {
	case R_X86_64_64:
	case R_X86_64_PC64:
		*value = cursor_u64(&cur);
		return true;
	case R_X86_64_32:
		*value = cursor_u32(&cur);
		return true;
	case R_X86_64_32S:
	case R_X86_64_PC32:
	case R_X86_64_PLT32:
		*value = (int64_t)(int32_t)cursor_u32(&cur);
		return true;
	default:
		return false;
	}
}

char *shipped_solve_linked(const struct shipped *shipped, struct place field,
			   const struct elf_rela *rela, struct place *target)
{
	struct bytes bytes;
	uint64_t value;

	if (!shipped->ops->read(shipped, field, elf_rela_width(rela->type), &bytes))
		return xasprintf("no shipped bytes");
	if (!field_value(bytes, rela->type, &value))
		return xasprintf("relocation type %u is not known in linked code", rela->type);
	*target = field;
	target->address = value - rela->addend;
	if (elf_rela_is_relative(rela->type))
		target->address += field.address;
	return NULL;
}
