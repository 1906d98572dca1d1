/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Writes the model as a relocatable ELF file, which libelf lays out. */
#include "elf/elf.h"

#include <errno.h>
#include <libelf.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/file.h"
#include "base/strbuf.h"

struct writer {
	struct elf_object *obj;
	Elf *elf;
	struct strbuf names;   /* .shstrtab */
	struct strbuf strings; /* .strtab */
	Elf64_Sym *symbols;
	size_t nr_symbols, nr_local;
	size_t symtab_index;
	struct str_vec tables; /* relocation tables, kept until elf_update() */
};

static void writer_free(struct writer *w)
{
	elf_end(w->elf);
	strbuf_free(&w->names);
	strbuf_free(&w->strings);
	free(w->symbols);
	str_vec_free(&w->tables);
}

static uint32_t add_section_name(struct strbuf *table, const char *name)
{
	uint32_t offset = table->len;

	strbuf_add(table, name, strlen(name) + 1);
	return offset;
}

static struct err *libelf_error(const struct writer *w)
{
	return err_new("%s: cannot be written: %s", w->obj->name, elf_errmsg(-1));
}

static struct err *add_section(struct writer *w, const char *name, const Elf64_Shdr *header,
			       const void *data, size_t *index)
{
	Elf_Scn *scn = elf_newscn(w->elf);
	Elf64_Shdr *shdr = scn ? elf64_getshdr(scn) : NULL;
	Elf_Data *content = scn ? elf_newdata(scn) : NULL;

	if (!shdr || !content)
		return libelf_error(w);
	*shdr = *header;
	shdr->sh_name = add_section_name(&w->names, name);
	content->d_buf = (void *)data;
	content->d_size = header->sh_size;
	content->d_align = header->sh_addralign;
	/* ELF_T_BYTE makes libelf write the data as it is, since it is already in file form. */
	content->d_type = ELF_T_BYTE;
	*index = elf_ndxscn(scn);
	return NULL;
}

static size_t count_relas_sections(const struct elf_object *obj)
{
	size_t count = 0;

	vec_foreach(&obj->sections, it)
		count += (*it)->relas.len && !(*it)->target;
	return count;
}

static void number_sections(struct writer *w)
{
	size_t index = 1;

	vec_foreach(&w->obj->sections, it) {
		(*it)->index = index++;
		index += (*it)->relas.len && !(*it)->target;
	}
	w->symtab_index = index;
}

static void add_symbol(struct writer *w, struct elf_symbol *symbol)
{
	symbol->index = w->nr_symbols;
	w->symbols[w->nr_symbols++] = (Elf64_Sym){
		.st_name = *symbol->name ? add_section_name(&w->strings, symbol->name) : 0,
		.st_info = ELF64_ST_INFO(symbol->bind, symbol->type),
		.st_other = symbol->visibility,
		.st_shndx = symbol->section ? symbol->section->index : symbol->shndx,
		.st_value = symbol->value,
		.st_size = symbol->size,
	};
}

static void build_symbols(struct writer *w)
{
	w->symbols = xcalloc(w->obj->symbols.len + 1, sizeof(*w->symbols));
	w->nr_symbols = 1;
	strbuf_addch(&w->strings, '\0');
	vec_foreach(&w->obj->symbols, it)
		if ((*it)->bind == STB_LOCAL)
			add_symbol(w, *it);
	w->nr_local = w->nr_symbols;
	vec_foreach(&w->obj->symbols, it)
		if ((*it)->bind != STB_LOCAL)
			add_symbol(w, *it);
}

static struct err *write_relas(struct writer *w, const struct elf_section *section,
			       const struct elf_section *target, const char *name)
{
	size_t index, count = section->relas.len;
	Elf64_Rela *table = xcalloc(count, sizeof(*table));

	vec_push(&w->tables, (char *)table);
	for (size_t i = 0; i < count; i++) {
		const struct elf_rela *rela = &section->relas.data[i];

		table[i] = (Elf64_Rela){
			.r_offset = rela->offset,
			.r_info = ELF64_R_INFO((uint64_t)rela->symbol->index, rela->type),
			.r_addend = rela->addend,
		};
	}

	Elf64_Shdr header = {
		.sh_type = SHT_RELA,
		.sh_flags = section->target ? section->flags : SHF_INFO_LINK,
		.sh_link = w->symtab_index,
		.sh_info = target->index,
		.sh_size = count * sizeof(*table),
		.sh_entsize = sizeof(*table),
		.sh_addralign = 8,
	};
	return add_section(w, name, &header, table, &index);
}

static struct err *write_section(struct writer *w, const struct elf_section *section)
{
	size_t index;

	if (section->target)
		return write_relas(w, section, section->target, section->name);

	Elf64_Shdr header = {
		.sh_type = section->type,
		.sh_flags = section->flags,
		.sh_size = section->size,
		.sh_entsize = section->entsize,
		.sh_addralign = section->align,
	};

	err_try(add_section(w, section->name, &header, section->data, &index));
	if (!section->relas.len)
		return NULL;

	scope_free char *name = xasprintf(".rela%s", section->name);

	return write_relas(w, section, section, name);
}

static struct err *write_tables(struct writer *w)
{
	size_t symtab, strtab, shstrtab;
	Elf64_Shdr header = {
		.sh_type = SHT_SYMTAB,
		.sh_link = w->symtab_index + 1,
		.sh_info = w->nr_local,
		.sh_size = w->nr_symbols * sizeof(*w->symbols),
		.sh_entsize = sizeof(*w->symbols),
		.sh_addralign = 8,
	};

	err_try(add_section(w, ".symtab", &header, w->symbols, &symtab));
	header = (Elf64_Shdr){.sh_type = SHT_STRTAB, .sh_size = w->strings.len, .sh_addralign = 1};
	err_try(add_section(w, ".strtab", &header, w->strings.buf, &strtab));
	/* This table contains its own name, which is added later and may move the buffer. */
	header.sh_size = w->names.len + sizeof(".shstrtab");
	err_try(add_section(w, ".shstrtab", &header, NULL, &shstrtab));

	Elf_Scn *scn = elf_getscn(w->elf, shstrtab);

	elf_getdata(scn, NULL)->d_buf = w->names.buf;
	elf64_getehdr(w->elf)->e_shstrndx = shstrtab;
	return NULL;
}

static struct err *save(int fd, const char *path)
{
	off_t size = lseek(fd, 0, SEEK_END);
	void *data = size > 0 ? mmap(NULL, size, PROT_READ, MAP_PRIVATE, fd, 0) : MAP_FAILED;

	if (data == MAP_FAILED)
		return err_errno(errno, "%s", path);

	struct err *err = file_write(path, data, size);

	munmap(data, size);
	return err;
}

struct err *elf_object_write(struct elf_object *obj, const char *path)
{
	__attribute__((cleanup(writer_free))) struct writer w = {
		.obj = obj, .names = STRBUF_INIT, .strings = STRBUF_INIT};
	scope_close int fd = memfd_create("object", MFD_CLOEXEC);

	if (fd < 0)
		return err_errno(errno, "%s", path);
	if (obj->sections.len + count_relas_sections(obj) + 4 >= SHN_LORESERVE)
		return err_new("%s: too many sections", path);
	elf_version(EV_CURRENT);
	w.elf = elf_begin(fd, ELF_C_WRITE, NULL);

	Elf64_Ehdr *ehdr = w.elf ? elf64_newehdr(w.elf) : NULL;

	if (!ehdr)
		return libelf_error(&w);
	ehdr->e_ident[EI_DATA] = ELFDATA2LSB;
	ehdr->e_type = ET_REL;
	ehdr->e_machine = EM_X86_64;
	ehdr->e_version = EV_CURRENT;
	strbuf_addch(&w.names, '\0');
	number_sections(&w);
	build_symbols(&w);
	vec_foreach(&obj->sections, it)
		err_try(write_section(&w, *it));
	err_try(write_tables(&w));
	if (elf_update(w.elf, ELF_C_WRITE) < 0)
		return libelf_error(&w);
	return save(fd, path);
}
