/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads ELF bytes into the model.  libelf finds the headers; this file checks every use of them. */
#include "elf/elf.h"

#include <libelf.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/file.h"
#include "base/file_kind.h"
#include "elf/arena.h"

struct elf_reader {
	struct elf_object *obj;
	struct bytes bytes; /* the object's own copy */
	Elf *elf;
	size_t nr_headers;
	Elf64_Shdr *headers;	       /* by file index */
	struct elf_section **by_index; /* the model's section, or NULL */
	struct elf_symbol **symbols;   /* by symbol table index; [0] is "*ABS* 0" */
	size_t nr_symbols;
	size_t symtab; /* file index; 0: there is none */
	size_t shndx;  /* file index of its SHT_SYMTAB_SHNDX; 0: there is none */
};

static void elf_reader_free(struct elf_reader *r)
{
	free(r->headers);
	free(r->by_index);
	free(r->symbols);
	elf_end(r->elf);
}

static struct err *elf_not(const struct elf_reader *r)
{
	const char *kind = file_kind_name(r->bytes);

	return kind ? err_new("%s: this is %s, not an ELF file", r->obj->name, kind)
		    : err_new("%s: not an ELF file", r->obj->name);
}

static struct err *read_headers(struct elf_reader *r)
{
	const char *name = r->obj->name;

	elf_version(EV_CURRENT);
	/* libelf does not write to memory that it was given for reading. */
	r->elf = elf_memory((char *)r->bytes.data, r->bytes.size);
	if (!r->elf || elf_kind(r->elf) != ELF_K_ELF)
		return elf_not(r);

	Elf64_Ehdr *ehdr = elf64_getehdr(r->elf);

	if (!ehdr || ehdr->e_machine != EM_X86_64 || ehdr->e_ident[EI_DATA] != ELFDATA2LSB)
		return err_new("%s: not an x86-64 ELF file", name);
	r->obj->type = ehdr->e_type;
	if (elf_getshdrnum(r->elf, &r->nr_headers) || !r->nr_headers)
		return err_new("%s: no section headers", name);
	r->headers = xcalloc(r->nr_headers, sizeof(*r->headers));
	r->by_index = xcalloc(r->nr_headers, sizeof(struct elf_section *));
	for (size_t i = 1; i < r->nr_headers; i++) {
		Elf_Scn *scn = elf_getscn(r->elf, i);
		const void *raw = scn ? elf64_getshdr(scn) : NULL;
		Elf64_Shdr *shdr = &r->headers[i];
		struct bytes unused;

		if (!raw)
			return err_new("%s: section header %zu cannot be read", name, i);
		memcpy(shdr, raw, sizeof(*shdr)); /* the header may be unaligned in the file */
		if (shdr->sh_type != SHT_NOBITS &&
		    !bytes_slice(r->bytes, shdr->sh_offset, shdr->sh_size, &unused))
			return err_new("%s: section %zu lies outside the file (truncated?)", name,
				       i);
	}
	return NULL;
}

/* Returns the contents of section i, whose header read_headers() has checked. */
static struct bytes header_bytes(const struct elf_reader *r, size_t i)
{
	struct bytes data = {};

	if (i < r->nr_headers && r->headers[i].sh_type != SHT_NOBITS)
		bytes_slice(r->bytes, r->headers[i].sh_offset, r->headers[i].sh_size, &data);
	return data;
}

static bool is_table(const Elf64_Shdr *shdr)
{
	switch (shdr->sh_type) {
	case SHT_NULL:
	case SHT_SYMTAB:
	case SHT_STRTAB:
	case SHT_REL:
	case SHT_GROUP:
	case SHT_SYMTAB_SHNDX:
		return true;
	case SHT_RELA:
		return !(shdr->sh_flags & SHF_RELA_LIVEPATCH);
	default:
		return false;
	}
}

static struct err *read_sections(struct elf_reader *r)
{
	size_t shstrndx;

	if (elf_getshdrstrndx(r->elf, &shstrndx))
		return err_new("%s: no section names", r->obj->name);

	struct bytes names = header_bytes(r, shstrndx);

	for (size_t i = 1; i < r->nr_headers; i++) {
		const Elf64_Shdr *shdr = &r->headers[i];
		const char *name = bytes_string(names, shdr->sh_name);

		if (shdr->sh_type == SHT_SYMTAB)
			r->symtab = i;
		if (is_table(shdr))
			continue;
		if (!name)
			return err_new("%s: section %zu has no valid name", r->obj->name, i);
		if (shdr->sh_addralign & (shdr->sh_addralign - 1) ||
		    shdr->sh_addralign > ELF_ALIGN_MAX)
			return err_new("%s: %s: impossible alignment %#llx", r->obj->name, name,
				       (unsigned long long)shdr->sh_addralign);

		struct elf_section *section = elf_alloc(r->obj, sizeof(*section));
		struct bytes data = header_bytes(r, i);

		*section = (struct elf_section){
			.name = name,
			.index = i,
			.type = shdr->sh_type,
			.flags = shdr->sh_flags,
			.addr = shdr->sh_addr,
			.align = shdr->sh_addralign ? shdr->sh_addralign : 1,
			.entsize = shdr->sh_entsize,
			.size = shdr->sh_size,
			.data = data.size ? (uint8_t *)data.data : NULL,
		};
		r->by_index[i] = section;
		vec_push(&r->obj->sections, section);
	}
	return NULL;
}

/* With more than 65,279 sections, a symbol's section number is in SHT_SYMTAB_SHNDX instead. */
static uint32_t extended_index(const struct elf_reader *r, size_t i)
{
	struct cursor cur;

	if (!r->shndx)
		return 0;
	cur = cursor_at(header_bytes(r, r->shndx), i * sizeof(uint32_t));
	return cursor_u32(&cur);
}

static struct err *place_symbol(struct elf_reader *r, size_t i, const Elf64_Sym *sym,
				struct elf_symbol *symbol)
{
	uint32_t index = sym->st_shndx;

	if (index == SHN_XINDEX)
		index = extended_index(r, i);
	else if (index == SHN_UNDEF || index >= SHN_LORESERVE)
		return NULL;
	if (!index || index >= r->nr_headers)
		return err_new("%s: symbol %zu (%s) refers to section %u, which does not exist",
			       r->obj->name, i, symbol->name, index);
	symbol->section = r->by_index[index];
	if (!symbol->section)
		return NULL; /* a section symbol of a table, to which nothing refers */
	if (r->obj->type == ET_REL && symbol->type != STT_SECTION &&
	    (symbol->value > symbol->section->size ||
	     symbol->size > symbol->section->size - symbol->value))
		return err_new("%s: symbol %s lies outside %s", r->obj->name, symbol->name,
			       symbol->section->name);
	if (symbol->type == STT_SECTION)
		symbol->section->symbol = symbol;
	return NULL;
}

static struct err *read_symbol_table(struct elf_reader *r)
{
	if (!r->symtab)
		return NULL;

	struct bytes table = header_bytes(r, r->symtab);
	struct bytes names = header_bytes(r, r->headers[r->symtab].sh_link);

	for (size_t h = 1; !r->shndx && h < r->nr_headers; h++)
		if (r->headers[h].sh_type == SHT_SYMTAB_SHNDX && r->headers[h].sh_link == r->symtab)
			r->shndx = h;
	r->nr_symbols = table.size / sizeof(Elf64_Sym);
	r->symbols = xcalloc(r->nr_symbols, sizeof(struct elf_symbol *));

	struct elf_symbol *all = elf_alloc(r->obj, r->nr_symbols * sizeof(*all));

	for (size_t i = 0; i < r->nr_symbols; i++) {
		Elf64_Sym sym;

		memcpy(&sym, table.data + i * sizeof(sym), sizeof(sym));
		all[i] = (struct elf_symbol){
			.name = bytes_string(names, sym.st_name),
			.shndx = sym.st_shndx,
			.bind = ELF64_ST_BIND(sym.st_info),
			.type = ELF64_ST_TYPE(sym.st_info),
			.visibility = ELF64_ST_VISIBILITY(sym.st_other),
			.index = i,
			.value = sym.st_value,
			.size = sym.st_size,
		};
		r->symbols[i] = &all[i];
		if (!i) {
			all[i].name = "";
			all[i].shndx = SHN_ABS; /* a relocation without a symbol is relative to 0 */
			continue;
		}
		if (!all[i].name)
			return err_new("%s: symbol %zu has no valid name", r->obj->name, i);
		err_try(place_symbol(r, i, &sym, &all[i]));
		vec_push(&r->obj->symbols, &all[i]);
	}
	return NULL;
}

static struct err *read_rela(struct elf_reader *r, const Elf64_Rela *raw,
			     const struct elf_section *target, struct elf_rela_vec *relas)
{
	uint32_t type = ELF64_R_TYPE(raw->r_info);
	uint64_t index = ELF64_R_SYM(raw->r_info);

	if (type == R_X86_64_NONE)
		return NULL; /* objtool --mnop leaves relocations without a type behind */

	scope_free char *where = NULL;
	unsigned width = elf_rela_width(type);
	uint64_t room = target->data || target->flags & SHF_RELA_LIVEPATCH ? target->size : 0;

	if (!width || raw->r_offset > room || width > room - raw->r_offset) {
		where = elf_location(r->obj, target, raw->r_offset);
		return err_new(width ? "%s: a relocation is outside its section"
				     : "%s: a relocation has the unknown type %u",
			       where, type);
	}
	if (index >= r->nr_symbols) {
		where = elf_location(r->obj, target, raw->r_offset);
		return err_new("%s: a relocation refers to symbol %llu, which does not exist",
			       where, (unsigned long long)index);
	}
	if (raw->r_addend > ELF_ADDEND_MAX || raw->r_addend < -ELF_ADDEND_MAX) {
		where = elf_location(r->obj, target, raw->r_offset);
		return err_new("%s: a relocation has an impossible addend", where);
	}
	vec_push(relas, (struct elf_rela){.offset = raw->r_offset,
					  .type = type,
					  .symbol = r->symbols[index],
					  .addend = raw->r_addend});
	return NULL;
}

struct keyed_rela {
	struct elf_rela rela;
	size_t order;
};

static int compare_keyed(const void *a, const void *b)
{
	const struct keyed_rela *x = a, *y = b;

	if (x->rela.offset != y->rela.offset)
		return x->rela.offset < y->rela.offset ? -1 : 1;
	return x->order < y->order ? -1 : 1;
}

static void sort_relas(struct elf_rela_vec *relas)
{
	size_t sorted = 1;

	while (sorted < relas->len && relas->data[sorted - 1].offset <= relas->data[sorted].offset)
		sorted++;
	if (sorted >= relas->len)
		return;

	scope_free struct keyed_rela *keyed = xcalloc(relas->len, sizeof(*keyed));

	for (size_t i = 0; i < relas->len; i++)
		keyed[i] = (struct keyed_rela){relas->data[i], i};
	qsort(keyed, relas->len, sizeof(*keyed), compare_keyed);
	for (size_t i = 0; i < relas->len; i++)
		relas->data[i] = keyed[i].rela;
}

static struct err *read_relas(struct elf_reader *r)
{
	for (size_t i = 1; i < r->nr_headers; i++) {
		const Elf64_Shdr *shdr = &r->headers[i];

		if (shdr->sh_type != SHT_RELA)
			continue;

		struct elf_section *target =
			shdr->sh_info < r->nr_headers ? r->by_index[shdr->sh_info] : NULL;
		struct elf_section *holder = r->by_index[i] ? r->by_index[i] : target;
		struct bytes table = header_bytes(r, i);

		/*
		 * Relocations of DWARF sections, which are most of an object's, are never needed.
		 */
		if (!target || str_starts(target->name, ".debug_"))
			continue;
		if (r->by_index[i])
			holder->target = target;
		if (!r->symbols && table.size)
			return err_new("%s: it has relocations but no symbol table", r->obj->name);
		for (size_t k = 0; k < table.size / sizeof(Elf64_Rela); k++) {
			Elf64_Rela raw;

			memcpy(&raw, table.data + k * sizeof(raw), sizeof(raw));
			err_try(read_rela(r, &raw, target, &holder->relas));
		}
		sort_relas(&holder->relas);
	}
	return NULL;
}

struct err *elf_object_parse(const char *name, struct bytes bytes, struct elf_object **objp)
{
	scope_elf obj = elf_object_new(name);
	uint8_t *copy = elf_alloc(obj, bytes.size);
	__attribute__((cleanup(elf_reader_free))) struct elf_reader r = {.obj = obj};

	if (!bytes.size)
		return err_new("%s: empty file", name);
	memcpy(copy, bytes.data, bytes.size);
	r.bytes = (struct bytes){copy, bytes.size};
	err_try(read_headers(&r));
	err_try(read_sections(&r));
	err_try(read_symbol_table(&r));
	err_try(read_relas(&r));
	*objp = take_ptr(obj);
	return NULL;
}

struct err *elf_object_open(const char *path, struct elf_object **obj)
{
	scope_file_map map = {};

	err_try(file_map(path, &map));
	return elf_object_parse(path, map.bytes, obj);
}
