/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Verifies the anchored fields of a finished module.  It reads nothing but the module's file and
 * the image, so that an error of the proof, the linker or the writer cannot hide itself.
 */
#include "klp/anchor_check.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/strbuf.h"
#include "klp/anchor.h"
#include "klp/glue.h"
#include "klp/guard.h"

#define VMLINUX_SYMBOL ".klp.sym.vmlinux."

/* Pairs a field that the table lists with the relocation that the kernel will apply to it. */
struct anchored {
	const struct elf_section *section;
	uint64_t offset;
	const char *name; /* the name of the symbol, as the module's symbol table has it */
	int64_t addend;	  /* the distance from the symbol */
};

/* Splits ".klp.sym.vmlinux.name,position". */
static bool parse_symbol(const char *full, char **name, unsigned *sympos)
{
	const char *comma = strrchr(full, ',');
	char *end;

	if (!str_starts(full, VMLINUX_SYMBOL) || !comma)
		return false;
	full += strlen(VMLINUX_SYMBOL);

	unsigned long number = strtoul(comma + 1, &end, 10);

	if (comma <= full || end == comma + 1 || *end || number > UINT32_MAX)
		return false;
	*name = xstrndup(full, comma - full);
	*sympos = number;
	return true;
}

static struct err *read_anchored(const struct elf_object *module, const struct elf_section *table,
				 size_t index, struct anchored *anchored)
{
	const struct elf_rela *place = &table->relas.data[2 * index], *meaning = place + 1;

	if (place->offset != index * ANCHOR_ENTRY_SIZE ||
	    meaning->offset != place->offset + ANCHOR_ENTRY_SIZE / 2 || !place->symbol->section ||
	    place->symbol->value || place->addend < 0 || meaning->symbol->section ||
	    meaning->symbol->shndx != SHN_LIVEPATCH)
		return err_new("%s: %s: entry %zu is damaged", module->name, ANCHOR_TABLE, index);
	*anchored = (struct anchored){place->symbol->section, place->addend, meaning->symbol->name,
				      meaning->addend};
	return NULL;
}

/* Returns the only relocation of a field, or NULL. */
static const struct elf_rela *rela_of_field(const struct anchored *anchored)
{
	const struct elf_rela *found = NULL;

	vec_foreach(&anchored->section->relas, it) {
		if (it->offset != anchored->offset)
			continue;
		if (found)
			return NULL;
		found = it;
	}
	return found;
}

static bool is_base(const struct elf_symbol *symbol, enum klp_base base)
{
	if (symbol->section)
		return false;
	if (base == KLP_BASE_ANCHOR)
		return symbol->shndx == SHN_UNDEF && !strcmp(symbol->name, ANCHOR_NAME);
	return base == KLP_BASE_ZERO && symbol->shndx == SHN_ABS && !symbol->value &&
	       !strcmp(symbol->name, ANCHOR_ZERO);
}

static struct err *check_field(const struct elf_object *module, const struct anchor *anchor,
			       const struct anchored *anchored)
{
	scope_free char *where = elf_location(module, anchored->section, anchored->offset);
	const struct elf_rela *rela = rela_of_field(anchored);
	scope_free char *name = NULL;
	unsigned sympos;
	int64_t distance;

	if (!parse_symbol(anchored->name, &name, &sympos))
		return err_new("%s: %s does not name a symbol of vmlinux", where, anchored->name);
	if (!rela || !anchor_may_fill(anchored->section, rela->type))
		return err_new("%s: the field for %s may not be reached from the anchor", where,
			       name);

	enum klp_base base = anchor_reach(anchor, name, sympos, &distance);

	if (base == KLP_BASE_NONE)
		return err_new("%s: %s is not at a fixed distance from %s in %s", where, name,
			       ANCHOR_NAME, image_name(anchor->image));
	if (!is_base(rela->symbol, base))
		return err_new("%s: %s is reached from %s, which is the wrong symbol", where, name,
			       rela->symbol->name);
	if (rela->addend - anchored->addend != distance)
		return err_new("%s: %s is reached by the distance %" PRId64
			       ", but lies at %" PRId64,
			       where, name, rela->addend - anchored->addend, distance);
	return NULL;
}

/*
 * Counts relocations from a base. An ordinary reference to the anchor itself has an addend
 * that fits its instruction: those of calls and of pointers.
 */
static size_t count_based(const struct elf_object *module)
{
	size_t count = 0;

	vec_foreach(&module->sections, it)
		vec_foreach(&(*it)->relas, rela)
			count += (*it)->flags & SHF_EXECINSTR &&
				 (is_base(rela->symbol, KLP_BASE_ZERO) ||
				  (is_base(rela->symbol, KLP_BASE_ANCHOR) && rela->addend &&
				   rela->addend != -4));
	return count;
}

/* Returns what a pointer of the glue's table leads to. */
static const struct elf_rela *pointer_at(const struct elf_section *section, uint64_t offset)
{
	for (size_t i = 0; section && i < section->relas.len; i++)
		if (section->relas.data[i].offset == offset)
			return &section->relas.data[i];
	return NULL;
}

/* Compares one entry of the glue's table with the image; *reckoned: it checks distances. */
static struct err *check_fact(const struct elf_object *module, const struct anchor *anchor,
			      uint64_t at, bool *reckoned)
{
	const struct elf_section *table = elf_find_section(module, GLUE_BUILD_SECTION);
	const struct elf_section *looked_up =
		elf_find_section(module, ".klp.rela.vmlinux." GLUE_BUILD_SECTION);
	const struct elf_rela *found = pointer_at(looked_up, at + GLUE_FACT_FOUND);
	const struct elf_rela *near = pointer_at(table, at + GLUE_FACT_RECKONED);
	const struct elf_rela *expected = pointer_at(table, at + GLUE_FACT_EXPECTED);
	struct cursor cur =
		cursor_at((struct bytes){table->data, table->size}, at + GLUE_FACT_LENGTH);
	uint64_t length = cursor_u64(&cur), address;
	scope_free char *where = elf_location(module, table, at);
	scope_free char *name = NULL;
	struct bytes real, copy;
	unsigned sympos;

	if (!found || !expected || !expected->symbol->section ||
	    !parse_symbol(found->symbol->name, &name, &sympos) || sympos ||
	    !image_address(anchor->image, name, 0, &address))
		return err_new("%s: the entry is damaged", where);

	const struct elf_section *section = expected->symbol->section;

	if (!bytes_slice((struct bytes){section->data, section->size},
			 expected->symbol->value + expected->addend, length, &copy) ||
	    !image_read(anchor->image, address + found->addend, length, &real) ||
	    memcmp(copy.data, real.data, length))
		return err_new("%s: the glue's copy of %s differs from %s", where, name,
			       image_name(anchor->image));
	*reckoned = near && is_base(near->symbol, KLP_BASE_ANCHOR);
	if (near && (!*reckoned || anchor->address + near->addend != address + found->addend))
		return err_new("%s: %s lies at another distance from %s", where, name, ANCHOR_NAME);
	return NULL;
}

/* Checks the glue's table; *facts is the number of its entries that check distances as well. */
static struct err *check_guard(const struct elf_object *module, const struct anchor *anchor,
			       size_t *facts)
{
	const struct elf_section *table = elf_find_section(module, GLUE_BUILD_SECTION);
	uint64_t size = table ? table->size : 0;

	*facts = 0;
	for (uint64_t at = 0; at + 2 * GLUE_FACT_SIZE <= size; at += GLUE_FACT_SIZE) {
		bool reckoned = false;

		err_try(check_fact(module, anchor, at, &reckoned));
		*facts += reckoned;
	}
	return NULL;
}

struct err *anchor_check(const struct elf_object *module, const struct image *image, size_t *count)
{
	const struct elf_section *table = elf_find_section(module, ANCHOR_TABLE);
	struct anchor anchor = anchor_find(image);
	size_t facts;

	*count = table ? table->size / ANCHOR_ENTRY_SIZE : 0;
	err_try(check_guard(module, &anchor, &facts));
	if (table && (table->size % ANCHOR_ENTRY_SIZE || table->relas.len != 2 * *count))
		return err_new("%s: %s is damaged", module->name, ANCHOR_TABLE);
	for (size_t i = 0; i < *count; i++) {
		struct anchored anchored = {};

		err_try(read_anchored(module, table, i, &anchored));
		err_try(check_field(module, &anchor, &anchored));
	}
	if (count_based(module) != *count)
		return err_new("%s: %s does not list all references by distance", module->name,
			       ANCHOR_TABLE);
	if (*count && facts < GUARD_COMPLETE)
		return err_new("%s: the glue would not recognise the kernel's build", module->name);
	return NULL;
}
