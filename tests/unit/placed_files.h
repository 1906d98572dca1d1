/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A small packaged kernel, and the ELF file in it, for the reader of kernels that are placed. */
#ifndef SUTURE_TESTS_PLACED_FILES_H
#define SUTURE_TESTS_PLACED_FILES_H

#include <elf.h>
#include <string.h>

#include "base/cursor.h"

#define KERNEL_MAP 0xffffffff80000000ull
#define LINKED 0x1000000ull
#define SHIFT 0x12200000ull
#define SETUP_SIZE 1536
#define LISTS 0x400 /* offset in the file of what is behind the ELF file */

static uint8_t packaged[8192];

static inline struct bytes packaged_bytes(void)
{
	memset(packaged, 0x5a, sizeof(packaged));
	packaged[0x1f1] = SETUP_SIZE / 512 - 1;
	memcpy(packaged + 0x1fe, "\x55\xaa", 2);
	memcpy(packaged + 0x202, "HdrS", 4);
	return (struct bytes){packaged, sizeof(packaged)};
}

/* Makes an ELF file of one segment with numbers of each kind, and relocations behind it. */
static inline struct bytes elf_bytes(const uint32_t *words, size_t count)
{
	static uint8_t file[LISTS + 256];
	Elf64_Ehdr head = {.e_ident = ELFMAG,
			   .e_machine = EM_X86_64,
			   .e_entry = LINKED + 0x40,
			   .e_phoff = sizeof(head),
			   .e_phnum = 1,
			   .e_shoff = LISTS};
	Elf64_Phdr load = {.p_type = PT_LOAD,
			   .p_offset = 0x200,
			   .p_vaddr = KERNEL_MAP + LINKED,
			   .p_paddr = LINKED,
			   .p_filesz = 0x100,
			   .p_memsz = 0x300};
	uint64_t wide = KERNEL_MAP + LINKED + 8;
	uint32_t narrow = (uint32_t)wide, distance = 0x7000;

	memset(file, 0, sizeof(file));
	memcpy(file, &head, sizeof(head));
	memcpy(file + sizeof(head), &load, sizeof(load));
	memcpy(file + 0x200, &wide, 8);
	memcpy(file + 0x210, &distance, 4);
	memcpy(file + 0x220, &narrow, 4);
	memcpy(file + LISTS, words, count * 4);
	return (struct bytes){file, LISTS + count * 4};
}

/* How a list names the number at an offset of the kernel. */
#define AT(offset) ((uint32_t)(KERNEL_MAP + LINKED) + (offset))

#endif
