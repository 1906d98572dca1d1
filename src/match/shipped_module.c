/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Answers for the shipped module that a unit is part of, which is a relocatable file. */
#include "match/shipped_module.h"

#include <inttypes.h>
#include <string.h>

#include "base/alloc.h"
#include "base/strbuf.h"
#include "base/lower_bound.h"

struct module_side {
	struct shipped shipped;
	const struct elf_object *object;
	struct elf_symbol_vec names; /* defined symbols by name, then by index */
};

static int compare_symbol_names(const void *a, const void *b)
{
	const struct elf_symbol *x = *(struct elf_symbol *const *)a;
	const struct elf_symbol *y = *(struct elf_symbol *const *)b;
	int order = strcmp(x->name, y->name);

	if (order)
		return order;
	return x->index < y->index ? -1 : x->index > y->index;
}

/*
 * Once a module has run its init, the kernel keeps only the symbols of sections that stay:
 * is_core_symbol() in kernel/module/kallsyms.c (6.1), where rewrite_section_headers() and
 * setup_load_info() have taken SHF_ALLOC from the two sections named here.
 */
static bool is_core(const struct elf_symbol *symbol)
{
	const struct elf_section *section = symbol->section;

	return section && section->flags & SHF_ALLOC && !str_starts(section->name, ".init") &&
	       strcmp(section->name, ".modinfo") && strcmp(section->name, "__versions");
}

/*
 * While a module is loading, livepatch counts all of its symbols, later the core ones only.
 * A position that is not the same in both would mean another symbol at one time or the other.
 * (For a unique name the kernel takes 1 as well as 0: klp_find_object_symbol().)
 */
static unsigned position(struct elf_symbol *const *same, size_t count, size_t which)
{
	unsigned core = 0, core_position = 0;

	for (size_t i = 0; i < count; i++) {
		core += is_core(same[i]);
		if (i == which)
			core_position = core;
	}
	if (count == 1)
		return 0;
	if (is_core(same[which]) && core_position != which + 1)
		return SYMPOS_NONE;
	return which + 1;
}

static void module_find(const struct shipped *shipped, const char *name,
			struct candidate_vec *found)
{
	const struct elf_symbol_vec *names = &((const struct module_side *)shipped)->names;
	size_t first = lower_bound(names->data, names->len, it, strcmp((*it)->name, name) < 0);
	size_t count = 0;

	while (first + count < names->len && !strcmp(names->data[first + count]->name, name))
		count++;
	for (size_t i = 0; i < count; i++) {
		const struct elf_symbol *symbol = names->data[first + i];

		vec_push(found,
			 (struct candidate){
				 .place = {.section = symbol->section, .address = symbol->value},
				 .size = symbol->size,
				 .global = symbol->bind != STB_LOCAL,
				 .local = symbol->bind == STB_LOCAL,
				 .sympos = position(names->data + first, count, i),
			 });
	}
}

static bool module_read(const struct shipped *shipped, struct place place, uint64_t size,
			struct bytes *bytes)
{
	const struct elf_section *section = place.section;

	(void)shipped;
	if (!section || !section->data)
		return false;
	return bytes_slice((struct bytes){section->data, section->size}, place.address, size,
			   bytes);
}

static bool same_relocation(uint32_t a, uint32_t b)
{
	/* Both types mean S + A - P; the assembler's version decides which one a call gets. */
	return (a == R_X86_64_PLT32 ? R_X86_64_PC32 : a) ==
	       (b == R_X86_64_PLT32 ? R_X86_64_PC32 : b);
}

/*
 * The loader wants zeros where it puts a value: __write_relocate_add() in
 * arch/x86/kernel/module.c (6.1).
 */
static bool is_blank(struct place field, uint32_t type)
{
	const uint8_t *data = field.section->data + field.address;

	for (unsigned i = 0; i < elf_rela_width(type); i++)
		if (data[i])
			return false;
	return true;
}

static char *module_solve(const struct shipped *shipped, struct place field,
			  const struct elf_rela *rela, struct place *target)
{
	const struct elf_rela *theirs;

	if (!shipped_relas_between(field.section, field.address, 1, &theirs)) {
		/* The assembler itself resolves what is in the section that refers to it. */
		if (!elf_rela_is_relative(rela->type))
			return xasprintf("the shipped code has no relocation there");
		return shipped_solve_linked(shipped, field, rela, target);
	}
	if (!same_relocation(theirs->type, rela->type))
		return xasprintf("has relocation type %u, but the shipped code has type %u",
				 rela->type, theirs->type);
	if (!is_blank(field, theirs->type))
		return xasprintf(
			"the shipped file has bytes where the module loader requires zeros");
	*target = (struct place){.address = (uint64_t)theirs->addend - rela->addend};
	if (theirs->symbol->section) {
		target->section = theirs->symbol->section;
		target->address += theirs->symbol->value;
	} else if (theirs->symbol->shndx == SHN_UNDEF) {
		target->import = theirs->symbol;
	} else {
		target->address +=
			theirs->symbol->value; /* an absolute symbol: its value is the address */
	}
	return NULL;
}

static bool module_section(const struct shipped *shipped, const char *name, struct place *place,
			   uint64_t *size)
{
	const struct elf_object *object = ((const struct module_side *)shipped)->object;

	*place = (struct place){.section = elf_find_section(object, name)};
	if (!place->section)
		return false;
	*size = place->section->size;
	return true;
}

static bool module_relocated(const struct shipped *shipped, struct place place, uint64_t size)
{
	const struct elf_rela *first;

	(void)shipped;
	return place.section && shipped_relas_between(place.section, place.address, size, &first);
}

static void module_free(struct shipped *shipped)
{
	struct module_side *module = (struct module_side *)shipped;

	vec_free(&module->names);
	free(module);
}

struct shipped *shipped_module_new(const struct elf_object *object)
{
	static const struct shipped_ops ops = {
		.find = module_find,
		.read = module_read,
		.solve = module_solve,
		.section = module_section,
		.relocated = module_relocated,
		.free = module_free,
	};
	struct module_side *module = xcalloc(1, sizeof(*module));

	module->shipped.ops = &ops;
	module->object = object;
	vec_foreach(&object->symbols, it)
		if ((*it)->section && *(*it)->name)
			vec_push(&module->names, *it);
	if (module->names.len)
		qsort(module->names.data, module->names.len, sizeof(*module->names.data),
		      compare_symbol_names);
	return &module->shipped;
}
