/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Writes an object file as text, so that tests can compare whole objects. */
#ifndef SUTURE_TESTS_UNIT_ELF_DUMP_H
#define SUTURE_TESTS_UNIT_ELF_DUMP_H

#include "base/strbuf.h"
#include "elf/elf.h"

static inline void dump_bytes(const struct elf_section *section, struct strbuf *out)
{
	for (uint64_t i = 0; section->data && i < section->size; i++) {
		if (i % 32 == 0)
			strbuf_addf(out, "%s  %04llx ", i ? "\n" : "", (unsigned long long)i);
		strbuf_addf(out, "%02x", section->data[i]);
	}
	if (section->data && section->size)
		strbuf_addch(out, '\n');
}

static inline const char *symbol_label(const struct elf_symbol *symbol)
{
	if (symbol->type == STT_SECTION && symbol->section)
		return symbol->section->name;
	return symbol->name;
}

static inline void elf_object_dump(const struct elf_object *obj, struct strbuf *out)
{
	vec_foreach(&obj->sections, it) {
		const struct elf_section *section = *it;

		strbuf_addf(out, "section %s type=%u flags=0x%llx align=%llu size=%llu%s%s\n",
			    section->name, section->type, (unsigned long long)section->flags,
			    (unsigned long long)section->align, (unsigned long long)section->size,
			    section->target ? " target=" : "",
			    section->target ? section->target->name : "");
		dump_bytes(section, out);
		vec_foreach(&section->relas, rela)
			strbuf_addf(out, "  rela %04llx type=%u %s%+lld\n",
				    (unsigned long long)rela->offset, rela->type,
				    symbol_label(rela->symbol), (long long)rela->addend);
	}
	vec_foreach(&obj->symbols, it) {
		const struct elf_symbol *symbol = *it;

		strbuf_addf(out, "symbol %s bind=%u type=%u %s+0x%llx size=%llu\n",
			    symbol_label(symbol), symbol->bind, symbol->type,
			    symbol->section		     ? symbol->section->name
			    : symbol->shndx == SHN_UNDEF     ? "UNDEF"
			    : symbol->shndx == SHN_LIVEPATCH ? "LIVEPATCH"
							     : "ABS",
			    (unsigned long long)symbol->value, (unsigned long long)symbol->size);
	}
}

#endif
