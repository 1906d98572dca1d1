/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Finds or adds the symbols of a module that have no section in it. */
#include "klp/link_symbols.h"

#include <string.h>

#include "base/alloc.h"
#include "base/strbuf.h"

static struct elf_symbol *outside_symbol(struct elf_object *out, const char *name, uint8_t bind,
					 uint16_t shndx)
{
	vec_foreach(&out->symbols, it)
		if (!(*it)->section && !strcmp((*it)->name, name))
			return *it;

	struct elf_symbol *symbol =
		elf_add_symbol(out, name, ELF64_ST_INFO(bind, STT_NOTYPE), NULL, 0, 0);

	symbol->shndx = shndx;
	return symbol;
}

struct elf_symbol *link_undefined_symbol(struct elf_object *out, const char *name)
{
	return outside_symbol(out, name, STB_GLOBAL, SHN_UNDEF);
}

struct elf_symbol *link_livepatch_symbol(struct elf_object *out, const char *object,
					 const char *name, unsigned sympos)
{
	scope_free char *full = xasprintf(".klp.sym.%s.%s,%u", object, name, sympos);

	return outside_symbol(out, full, STB_GLOBAL, SHN_LIVEPATCH);
}

struct elf_symbol *link_zero_symbol(struct elf_object *out, const char *name)
{
	return outside_symbol(out, name, STB_LOCAL, SHN_ABS);
}
