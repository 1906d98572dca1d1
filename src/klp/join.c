/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Joins the compiled glue and the parts into one module, and turns references that only the running
 * kernel can resolve into livepatch relocations (Documentation/livepatch/module-elf-format.rst).
 */
#include "klp/join.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "diff/diff.h"
#include "klp/anchor.h"
#include "klp/fields.h"
#include "klp/link_symbols.h"

/* The kernel's parser has these field widths (klp_resolve_symbols()). */
#define MAX_OBJECT_NAME 55
#define MAX_SYMBOL_NAME 511

/* Maps the sections and symbols of one part, by their numbers, to those of the module. */
struct part_map {
	struct elf_section **sections;
	uint64_t *bases;
	struct elf_symbol **symbols;
};

struct klp_symbol_map {
	const struct klp_link_spec *spec;
	struct part_map *parts;
};

static void drop_unloaded_sections(struct elf_object *out)
{
	size_t kept = 0;

	for (size_t i = 0; i < out->sections.len; i++) {
		struct elf_section *section = out->sections.data[i];

		/* The glue's build id says nothing about the module that it becomes. */
		if (section->flags & SHF_ALLOC && strcmp(section->name, ".note.gnu.build-id")) {
			out->sections.data[kept++] = section;
			continue;
		}
		vec_free(&section->relas);
	}
	out->sections.len = kept;

	size_t symbols = 0;

	for (size_t i = 0; i < out->symbols.len; i++) {
		struct elf_symbol *symbol = out->symbols.data[i];
		const struct elf_section *section = symbol->section;
		bool dropped = section && (!(section->flags & SHF_ALLOC) ||
					   !strcmp(section->name, ".note.gnu.build-id"));
		bool table = !section && symbol->type == STT_SECTION;

		if (!dropped && !table && symbol->type != STT_FILE)
			out->symbols.data[symbols++] = symbol;
	}
	out->symbols.len = symbols;
}

static struct err *join_section(struct elf_object *out, const struct elf_section *from,
				struct elf_section **section, uint64_t *base)
{
	bool list = diff_section_is_list(from->name);

	*section = elf_find_section(out, from->name);
	if (!*section) {
		*section = elf_add_section(out, from->name, from->type, from->flags, from->align);
		(*section)->entsize = from->entsize;
	}
	if ((*section)->type != from->type)
		return err_new("%s: section %s differs in type between two files of the patch",
			       out->name, from->name);
	*base = elf_section_append(out, *section, from->data, from->size, list ? 1 : from->align);
	return NULL;
}

static struct err *add_part_symbol(struct elf_object *out, const struct klp_part *part,
				   const struct part_map *map, const struct elf_symbol *from,
				   struct elf_symbol **symbol)
{
	struct elf_section *section = map->sections[from->section->index];
	uint64_t base = map->bases[from->section->index];

	if (from->type == STT_SECTION) {
		*symbol = elf_section_symbol(out, section);
		return NULL;
	}
	if (from->bind != STB_LOCAL) {
		vec_foreach(&out->symbols, it)
			if ((*it)->section && (*it)->bind != STB_LOCAL &&
			    !strcmp((*it)->name, from->name))
				return err_new(
					"%s: %s is also defined by another file of the patch",
					part->file, from->name);
	}
	*symbol = elf_add_symbol(out, from->name, ELF64_ST_INFO(from->bind, from->type), section,
				 base + from->value, from->size);
	return NULL;
}

/* Adds sections and defined symbols; undefined symbols have to wait until all parts are added. */
static struct err *join_part(struct elf_object *out, const struct klp_part *part,
			     struct part_map *map)
{
	const struct elf_object *obj = part->object;

	map->sections = xcalloc(obj->sections.len + 1, sizeof(struct elf_section *));
	map->bases = xcalloc(obj->sections.len + 1, sizeof(*map->bases));
	map->symbols = xcalloc(obj->symbols.len + 1, sizeof(struct elf_symbol *));
	vec_foreach(&obj->sections, it)
		err_try(join_section(out, *it, &map->sections[(*it)->index],
				     &map->bases[(*it)->index]));
	vec_foreach(&obj->symbols, it)
		if ((*it)->section)
			err_try(add_part_symbol(out, part, map, *it, &map->symbols[(*it)->index]));
	return NULL;
}

static struct elf_symbol *global_symbol(struct elf_object *out, const char *name)
{
	vec_foreach(&out->symbols, it)
		if ((*it)->section && (*it)->bind != STB_LOCAL && !strcmp((*it)->name, name))
			return *it;
	return NULL;
}

static struct err *link_binding(struct elf_object *out, const struct klp_part *part,
				const struct klp_binding *binding, struct elf_symbol **symbol)
{
	if (binding->kind == KLP_IMPORT) {
		*symbol = link_undefined_symbol(out, binding->name);
		return NULL;
	}
	if (binding->kind == KLP_INTERNAL) {
		*symbol = global_symbol(out, binding->name);
		return *symbol ? NULL
			       : err_new("%s: no file of the patch defines %s", part->file,
					 binding->name);
	}
	if (strlen(binding->object) > MAX_OBJECT_NAME || strlen(binding->name) > MAX_SYMBOL_NAME)
		return err_code_new(ERR_REFUSED,
				    "%s: %s: the name is too long for a livepatch symbol",
				    part->file, binding->name);

	*symbol = link_livepatch_symbol(out, binding->object, binding->name, binding->sympos);
	return NULL;
}

static const struct klp_binding *find_binding(const struct klp_part *part,
					      const struct elf_symbol *symbol)
{
	vec_foreach(&part->bindings, it)
		if (it->symbol == symbol)
			return it;
	return NULL;
}

/*
 * Returns the section for a livepatch relocation.  The kernel finds symbols of vmlinux when the
 * patch is loaded, but those of a module only once the module is loaded, so they are filed under
 * the object that the code is for.
 */
static struct elf_section *livepatch_relas(struct elf_object *out, const struct klp_part *part,
					   const struct klp_binding *binding,
					   struct elf_section *target)
{
	const char *object = !strcmp(binding->object, "vmlinux") ? binding->object : part->owner;
	scope_free char *name = xasprintf(".klp.rela.%s.%s", object, target->name);
	struct elf_section *section = elf_find_section(out, name);

	return section ? section : elf_add_livepatch_relas(out, name, target);
}

/* Adds a line to the table that says what an anchored field means; anchor_check() reads it. */
static void note_anchored(struct elf_object *out, struct elf_section *section,
			  const struct elf_rela *rela)
{
	struct elf_section *table = elf_find_section(out, ANCHOR_TABLE);

	if (!table)
		table = elf_add_section(out, ANCHOR_TABLE, SHT_PROGBITS, 0, 8);

	uint64_t at = elf_section_append(out, table, NULL, ANCHOR_ENTRY_SIZE, 8);

	field_put_pointer(table, at, elf_section_symbol(out, section), (int64_t)rela->offset);
	field_put_pointer(table, at + 8, rela->symbol, rela->addend);
}

/* Adds a relocation whose symbol only the kernel has: it is looked up, or reached by distance. */
static void join_klp_rela(struct elf_object *out, const struct klp_part *part,
			  const struct klp_binding *binding, struct elf_section *section,
			  struct elf_rela rela)
{
	if (binding->base == KLP_BASE_NONE || !anchor_may_fill(section, rela.type)) {
		vec_push(&livepatch_relas(out, part, binding, section)->relas, rela);
		return;
	}
	note_anchored(out, section, &rela);
	rela.symbol = binding->base == KLP_BASE_ZERO ? link_zero_symbol(out, ANCHOR_ZERO)
						     : link_undefined_symbol(out, ANCHOR_NAME);
	rela.addend += binding->distance;
	vec_push(&section->relas, rela);
}

static struct err *join_relas(struct elf_object *out, const struct klp_part *part,
			      const struct part_map *map, const struct elf_section *from)
{
	struct elf_section *section = map->sections[from->index];

	vec_foreach(&from->relas, it) {
		struct elf_rela rela = *it;
		const struct elf_symbol *symbol = it->symbol;
		const struct klp_binding *binding = NULL;

		rela.offset += map->bases[from->index];
		rela.symbol = map->symbols[symbol->index];
		if (symbol->type == STT_SECTION)
			rela.addend += map->bases[symbol->section->index];
		if (!symbol->section) {
			binding = find_binding(part, symbol);
			if (!binding)
				return err_new("%s: %s was not bound to any symbol of the kernel",
					       part->file, symbol->name);
			if (!rela.symbol)
				err_try(link_binding(out, part, binding, &rela.symbol));
			map->symbols[symbol->index] = rela.symbol;
		}
		if (binding && binding->kind == KLP_SYMBOL)
			join_klp_rela(out, part, binding, section, rela);
		else
			vec_push(&section->relas, rela);
	}
	return NULL;
}

struct elf_symbol *klp_map_symbol(const struct klp_symbol_map *map, const struct klp_part *part,
				  const struct elf_symbol *symbol)
{
	for (size_t i = 0; i < map->spec->parts.len; i++)
		if (map->spec->parts.data[i] == part)
			return map->parts[i].symbols[symbol->index];
	return NULL;
}

static struct err *join_all(const struct klp_link_spec *spec, struct klp_symbol_map *map)
{
	for (size_t i = 0; i < spec->parts.len; i++)
		err_try(join_part(spec->glue, spec->parts.data[i], &map->parts[i]));
	for (size_t i = 0; i < spec->parts.len; i++)
		vec_foreach(&spec->parts.data[i]->object->sections, it)
			err_try(join_relas(spec->glue, spec->parts.data[i], &map->parts[i], *it));
	return NULL;
}

struct err *klp_join(const struct klp_link_spec *spec, struct klp_symbol_map **mapp)
{
	scope_klp_symbol_map map = xcalloc(1, sizeof(*map));

	map->spec = spec;
	map->parts = xcalloc(spec->parts.len, sizeof(*map->parts));
	drop_unloaded_sections(spec->glue);
	err_try(join_all(spec, map));
	*mapp = take_ptr(map);
	return NULL;
}

void klp_symbol_map_freep(struct klp_symbol_map **mapp)
{
	struct klp_symbol_map *map = *mapp;

	if (!map)
		return;
	for (size_t i = 0; i < map->spec->parts.len; i++) {
		free(map->parts[i].sections);
		free(map->parts[i].bases);
		free(map->parts[i].symbols);
	}
	free(map->parts);
	free(map);
}
