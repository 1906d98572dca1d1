/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Keeps the model of an object: who owns its memory, how it is searched and edited. */
#include "elf/elf.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "elf/arena.h"

struct elf_object *elf_object_new(const char *name)
{
	struct elf_object *obj = xcalloc(1, sizeof(*obj));

	obj->name = xstrdup(name);
	obj->type = ET_REL;
	obj->arena = elf_arena_new();
	return obj;
}

void elf_object_free(struct elf_object *obj)
{
	if (!obj)
		return;
	vec_foreach(&obj->sections, it) {
		vec_free(&(*it)->relas);
		if ((*it)->capacity)
			free((*it)->data);
	}
	vec_free(&obj->sections);
	vec_free(&obj->symbols);
	elf_arena_free(obj->arena);
	free(obj->name);
	free(obj);
}

void elf_object_freep(struct elf_object **objp)
{
	elf_object_free(*objp);
}

struct elf_section *elf_add_section(struct elf_object *obj, const char *name, uint32_t type,
				    uint64_t flags, uint64_t align)
{
	struct elf_section *section = elf_alloc(obj, sizeof(*section));

	section->name = elf_strdup(obj, name);
	section->type = type;
	section->flags = flags;
	section->align = align ? align : 1;
	vec_push(&obj->sections, section);
	section->index = obj->sections.len;
	return section;
}

struct elf_symbol *elf_add_symbol(struct elf_object *obj, const char *name, uint8_t info,
				  struct elf_section *section, uint64_t value, uint64_t size)
{
	struct elf_symbol *symbol = elf_alloc(obj, sizeof(*symbol));

	*symbol = (struct elf_symbol){
		.name = elf_strdup(obj, name),
		.section = section,
		.shndx = SHN_UNDEF,
		.bind = ELF64_ST_BIND(info),
		.type = ELF64_ST_TYPE(info),
		.value = value,
		.size = size,
	};
	vec_push(&obj->symbols, symbol);
	symbol->index = obj->symbols.len;
	return symbol;
}

void elf_rename_symbol(struct elf_object *obj, struct elf_symbol *symbol, const char *name)
{
	symbol->name = elf_strdup(obj, name);
}

struct elf_symbol *elf_section_symbol(struct elf_object *obj, struct elf_section *section)
{
	if (!section->symbol)
		section->symbol = elf_add_symbol(obj, "", ELF64_ST_INFO(STB_LOCAL, STT_SECTION),
						 section, 0, 0);
	return section->symbol;
}

/* The arena owns data that was read; before such a section grows, it gets a copy of its own. */
static void section_reserve(struct elf_section *section, size_t size)
{
	if (size <= section->capacity)
		return;

	size_t capacity = size < section->capacity * 2 ? section->capacity * 2 : size;
	uint8_t *old = section->data;
	bool was_own = section->capacity;

	section->data = xreallocarray(was_own ? old : NULL, capacity, 1);
	if (!was_own && section->size)
		memcpy(section->data, old, section->size);
	section->capacity = capacity;
}

uint64_t elf_section_append(struct elf_object *obj, struct elf_section *section, const void *data,
			    uint64_t size, uint64_t align)
{
	(void)obj;
	if (!align)
		align = 1;

	uint64_t offset = (section->size + align - 1) / align * align;

	if (align > section->align)
		section->align = align;
	if (section->type != SHT_NOBITS && offset + size) {
		section_reserve(section, offset + size);
		memset(section->data + section->size, 0, offset - section->size);
		if (data && size)
			memcpy(section->data + offset, data, size);
		else
			memset(section->data + offset, 0, size);
	}
	section->size = offset + size;
	return offset;
}

struct elf_section *elf_add_livepatch_relas(struct elf_object *obj, const char *name,
					    struct elf_section *target)
{
	struct elf_section *section = elf_add_section(
		obj, name, SHT_RELA, SHF_ALLOC | SHF_INFO_LINK | SHF_RELA_LIVEPATCH, 8);

	section->entsize = sizeof(Elf64_Rela);
	section->target = target;
	return section;
}

struct elf_section *elf_find_section(const struct elf_object *obj, const char *name)
{
	vec_foreach(&obj->sections, it)
		if (!strcmp((*it)->name, name))
			return *it;
	return NULL;
}

struct elf_symbol *elf_find_symbol(const struct elf_object *obj, const char *name)
{
	vec_foreach(&obj->symbols, it)
		if (!strcmp((*it)->name, name))
			return *it;
	return NULL;
}

struct rela_kind {
	uint8_t width;
	bool relative;
};

/* These are the relocations of table 4.10 of the x86-64 psABI that kernel code has. */
static const struct rela_kind rela_kinds[] = {
	[R_X86_64_64] = {8, false},
	[R_X86_64_PC32] = {4, true},
	[R_X86_64_PLT32] = {4, true},
	[R_X86_64_GOTPCREL] = {4, true},
	[R_X86_64_32] = {4, false},
	[R_X86_64_32S] = {4, false},
	[R_X86_64_16] = {2, false},
	[R_X86_64_PC16] = {2, true},
	[R_X86_64_8] = {1, false},
	[R_X86_64_PC8] = {1, true},
	[R_X86_64_PC64] = {8, true},
	[R_X86_64_GOTPCRELX] = {4, true},
	[R_X86_64_REX_GOTPCRELX] = {4, true},
};

static const struct rela_kind *find_rela_kind(uint32_t type)
{
	static const struct rela_kind unknown = {0, false};

	if (type >= array_size(rela_kinds) || !rela_kinds[type].width)
		return &unknown;
	return &rela_kinds[type];
}

unsigned elf_rela_width(uint32_t type)
{
	return find_rela_kind(type)->width;
}

bool elf_rela_is_relative(uint32_t type)
{
	return find_rela_kind(type)->relative;
}

char *elf_location(const struct elf_object *obj, const struct elf_section *section, uint64_t offset)
{
	return xasprintf("%s: %s+0x%llx", obj->name, section ? section->name : "?",
			 (unsigned long long)offset);
}
