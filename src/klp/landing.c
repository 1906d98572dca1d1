/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Looks for the landing places of indirect branches in vmlinux and in modules. */
#include "klp/landing.h"

#include <string.h>

#include "base/cursor.h"
#include "base/text.h"

/*
 * In this section, objtool lists functions that the kernel seals when it boots or loads a module.
 */
#define SEALS ".ibt_endbr_seal"

static const uint8_t endbr64[] = {0xf3, 0x0f, 0x1e, 0xfa};

/* Returns whether a list of seals has the address; each entry is the distance to a function. */
static bool is_sealed_in_vmlinux(struct bytes seals, uint64_t start, uint64_t address)
{
	struct cursor cur = cursor_at(seals, 0);

	for (uint64_t at = start; cursor_left(&cur) >= sizeof(int32_t); at += sizeof(int32_t))
		if (at + (int32_t)cursor_u32(&cur) == address)
			return true;
	return false;
}

/*
 * The linker script marks where code begins and ends (arch/x86/kernel/vmlinux.lds.S,
 * include/asm-generic/sections.h).  A mark is compared with and read from, never called.
 */
bool landing_is_mark(const char *name)
{
	static const char *const marks[] = {"_text", "_stext", "_etext", "_sinittext",
					    "_einittext"};

	return str_is_among(name, marks, array_size(marks)) ||
	       (str_starts(name, "__") &&
		(str_ends(name, "text_start") || str_ends(name, "text_end")));
}

static bool is_missing_in_vmlinux(const struct image *image, uint64_t address)
{
	size_t count;
	const struct image_symbol *symbol = image_symbol_at(image, address, &count);
	struct bytes seals, code;
	uint64_t start;

	if (!symbol || !image_is_code(image, address) ||
	    !image_section(image, SEALS, &start, &seals))
		return false;
	return !image_read(image, address, sizeof(endbr64), &code) ||
	       memcmp(code.data, endbr64, sizeof(endbr64)) ||
	       is_sealed_in_vmlinux(seals, start, address);
}

static bool is_missing_in_module(const struct elf_object *module, const struct elf_section *section,
				 uint64_t offset)
{
	const struct elf_section *seals = elf_find_section(module, SEALS);

	if (!seals || !(section->flags & SHF_EXECINSTR))
		return false;
	if (offset + sizeof(endbr64) > section->size ||
	    memcmp(section->data + offset, endbr64, sizeof(endbr64)))
		return true;
	vec_foreach(&seals->relas, it)
		if (it->symbol->section == section && it->symbol->value + it->addend == offset)
			return true;
	return false;
}

bool landing_is_missing(const struct build *build, const struct elf_object *module,
			const struct elf_section *section, uint64_t address)
{
	return module ? is_missing_in_module(module, section, address)
		      : is_missing_in_vmlinux(build->image, address);
}

bool landing_is_missing_at(const struct build *build, const struct elf_object *module,
			   const char *name)
{
	uint64_t address;
	const struct elf_symbol *symbol = module ? elf_find_symbol(module, name) : NULL;

	if (!module)
		return image_address(build->image, name, 0, &address) &&
		       is_missing_in_vmlinux(build->image, address);
	return symbol && symbol->section &&
	       is_missing_in_module(module, symbol->section, symbol->value);
}
