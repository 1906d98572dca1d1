/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * x86-64 ELF object files as plain data, which the later stages read, edit and write.
 *
 * Reading checks every offset, index and size against the file, so that users of an elf_object can
 * follow its pointers without further checks. Relocations of both SHT_RELA kinds belong to the
 * section that they apply to. Symbol and string tables, and SHT_RELA sections themselves, are not
 * sections of the model.
 */
#ifndef SUTURE_ELF_ELF_H
#define SUTURE_ELF_ELF_H

#include <elf.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/cursor.h"
#include "base/err.h"
#include "base/strbuf.h"
#include "base/vec.h"

#define SHF_RELA_LIVEPATCH 0x00100000 /* include/uapi/linux/elf.h */
#define SHN_LIVEPATCH 0xff20

struct elf_section;

struct elf_symbol {
	const char *name;	     /* "" for section symbols */
	struct elf_section *section; /* NULL: see shndx */
	uint16_t shndx;		     /* SHN_UNDEF, SHN_ABS, … if section is NULL */
	uint8_t bind, type, visibility;
	uint32_t index; /* in the file's symbol table; a new object counts from 1 */
	uint64_t value; /* offset in section (relocatable) or address (executable) */
	uint64_t size;
};

/* The largest alignment that x86 needs is a huge page, 2 MiB; this is a generous limit. */
#define ELF_ALIGN_MAX (16u << 20)

/* With this limit, sums of an addend and offsets cannot overflow. */
#define ELF_ADDEND_MAX ((int64_t)1 << 62)

struct elf_rela {
	uint64_t offset;	   /* in the section; the whole field lies inside its data */
	uint32_t type;		   /* R_X86_64_* */
	struct elf_symbol *symbol; /* never NULL */
	int64_t addend;		   /* at most ELF_ADDEND_MAX, of either sign */
};

struct elf_rela_vec VEC(struct elf_rela);

struct elf_section {
	const char *name;
	uint32_t index; /* in the file; a new object counts from 1 */
	uint32_t type;
	uint64_t flags, addr, entsize;
	uint64_t align; /* a power of two, at most ELF_ALIGN_MAX */
	uint64_t size;
	uint8_t *data;		    /* size bytes; NULL for SHT_NOBITS and for size 0 */
	size_t capacity;	    /* size of data if elf_section_append() allocated it, else 0 */
	struct elf_symbol *symbol;  /* the section symbol, or NULL */
	struct elf_rela_vec relas;  /* by offset, stable */
	struct elf_section *target; /* what relas of a SHF_RELA_LIVEPATCH section apply to */
};

struct elf_section_vec VEC(struct elf_section *);
struct elf_symbol_vec VEC(struct elf_symbol *);

struct elf_object {
	char *name;			 /* for messages: usually the path */
	uint16_t type;			 /* ET_REL or ET_EXEC or ET_DYN */
	struct elf_section_vec sections; /* in file order, without the tables named above */
	struct elf_symbol_vec symbols;	 /* in file order, without the null symbol */
	struct elf_arena *arena; /* owns names, symbols, sections and the bytes that were read */
};

/* Reads a file; the object owns copies of all it needs. */
struct err *elf_object_open(const char *path, struct elf_object **obj);

/* Reads from memory; `bytes` need not outlive the call. */
struct err *elf_object_parse(const char *name, struct bytes bytes, struct elf_object **obj);

/* Makes an empty ET_REL object, to be filled by the elf_add_* functions. */
struct elf_object *elf_object_new(const char *name);

void elf_object_free(struct elf_object *obj);
void elf_object_freep(struct elf_object **objp);
#define scope_elf __attribute__((cleanup(elf_object_freep))) struct elf_object *

/*
 * Writes a relocatable object: local symbols first, sections in the order of the vector, and a
 * .rela<name> after each section that has relocations. The same model gives the same bytes. The
 * file is written to a temporary name and renamed. A section whose flags contain SHF_RELA_LIVEPATCH
 * is a relocation section itself: see elf_add_livepatch_relas().
 */
struct err *elf_object_write(struct elf_object *obj, const char *path);

/*
 * The object owns what these return, and copies names and data. info is binding and type of the
 * symbol, as ELF64_ST_INFO() packs them; section is NULL for an undefined symbol.
 * elf_section_symbol() makes the section's symbol at the first call.
 */
struct elf_section *elf_add_section(struct elf_object *obj, const char *name, uint32_t type,
				    uint64_t flags, uint64_t align);
struct elf_symbol *elf_add_symbol(struct elf_object *obj, const char *name, uint8_t info,
				  struct elf_section *section, uint64_t value, uint64_t size);
struct elf_symbol *elf_section_symbol(struct elf_object *obj, struct elf_section *section);
void elf_rename_symbol(struct elf_object *obj, struct elf_symbol *symbol, const char *name);

/* Appends size bytes (zeros if data is NULL) at the given alignment; returns their offset. */
uint64_t elf_section_append(struct elf_object *obj, struct elf_section *section, const void *data,
			    uint64_t size, uint64_t align);

/* Adds a `.klp.rela.*` section (name) whose relocations apply to target. */
struct elf_section *elf_add_livepatch_relas(struct elf_object *obj, const char *name,
					    struct elf_section *target);

/* Returns the first section of that name, or NULL. */
struct elf_section *elf_find_section(const struct elf_object *obj, const char *name);
struct elf_symbol *elf_find_symbol(const struct elf_object *obj, const char *name);

/*
 * Returns the width in bytes of the field of a relocation type: 1, 2, 4 or 8, or 0 if the type is
 * unknown.
 */
unsigned elf_rela_width(uint32_t type);
bool elf_rela_is_relative(uint32_t type);

/* Returns "file: section+0xoff", for messages; free(). */
char *elf_location(const struct elf_object *obj, const struct elf_section *section,
		   uint64_t offset);

#endif
