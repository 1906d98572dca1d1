/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Checks whether a kernel with indirect branch tracking (IBT) would accept a module, and its
 * processor run it.
 *
 * landings VMLINUX MODULE
 *
 * Emulated processors have no IBT, so the file is examined for what a real one would reject:
 * functions that pointers lead to must begin with ENDBR64 and not be sealed, seals and sites must
 * be where the kernel will rewrite code, functions must have the same padding before them as the
 * kernel's, and stacks must be described in the kernel's own format. It prints what is wrong; the
 * exit status is then 1.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/strbuf.h"
#include "diff/diff.h"
#include "image/image.h"

static const uint8_t endbr64[] = {0xf3, 0x0f, 0x1e, 0xfa};
static unsigned problems, pointers, seals, sites;

static void must(struct err *err)
{
	if (!err)
		return;
	fprintf(stderr, "landings: %s\n", err_message(err));
	exit(2);
}

static void problem(const struct elf_section *section, uint64_t offset, const char *what)
{
	printf("%s+0x%llx: %s\n", section->name, (unsigned long long)offset, what);
	problems++;
}

static bool is_code(const struct elf_section *section)
{
	return section && section->flags & SHF_EXECINSTR;
}

static bool has_endbr(const struct elf_section *section, uint64_t offset)
{
	return offset + sizeof(endbr64) <= section->size &&
	       !memcmp(section->data + offset, endbr64, sizeof(endbr64));
}

static bool is_function(const struct elf_object *module, const struct elf_section *section,
			uint64_t offset)
{
	vec_foreach(&module->symbols, it)
		if ((*it)->section == section && (*it)->value == offset && (*it)->type == STT_FUNC)
			return !str_starts((*it)->name, "__pfx_");
	return false;
}

static bool is_sealed(const struct elf_object *module, const struct elf_section *section,
		      uint64_t offset)
{
	const struct elf_section *list = elf_find_section(module, ".ibt_endbr_seal");

	for (size_t i = 0; list && i < list->relas.len; i++) {
		const struct elf_rela *rela = &list->relas.data[i];

		if (rela->symbol->section == section &&
		    rela->symbol->value + rela->addend == offset)
			return true;
	}
	return false;
}

/* Returns whether an address is stored or loaded, and not called; lea counts from its end. */
static bool points(const struct elf_section *from, const struct elf_rela *rela, uint64_t *offset)
{
	const uint8_t *field = from->data + rela->offset;

	*offset = rela->symbol->value + rela->addend;
	if (!elf_rela_is_relative(rela->type))
		return true;
	if (!is_code(from))
		return !diff_section_is_list(from->name);
	*offset += 4;
	return rela->offset >= 2 && field[-2] == 0x8d && (field[-1] & 0xc7) == 0x05;
}

/* These are lists of places in code, and of functions that only ftrace reaches, by a return. */
static bool is_no_pointer(const struct elf_section *section)
{
	return diff_section_is_list(section->name) || !strcmp(section->name, ".suture.funcs") ||
	       !strcmp(section->name, "__patchable_function_entries") || section->target;
}

static void check_pointers(const struct elf_object *module, const struct elf_section *from)
{
	vec_foreach(&from->relas, rela) {
		const struct elf_section *section = rela->symbol->section;
		uint64_t offset;

		if (!is_code(section) || !points(from, rela, &offset) ||
		    !is_function(module, section, offset))
			continue;
		pointers++;
		if (!has_endbr(section, offset))
			problem(section, offset, "is pointed at and has no landing place");
		if (is_sealed(module, section, offset))
			problem(section, offset, "is pointed at and sealed");
	}
}

static void check_sites(const struct elf_object *module, const char *name, const char *opcodes)
{
	const struct elf_section *list = elf_find_section(module, name);

	for (size_t i = 0; list && i < list->relas.len; i++) {
		const struct elf_rela *rela = &list->relas.data[i];
		const struct elf_section *section = rela->symbol->section;
		uint64_t offset = rela->symbol->value + rela->addend;

		sites++;
		if (!is_code(section) || offset >= section->size ||
		    !memchr(opcodes, section->data[offset], strlen(opcodes)))
			problem(list, rela->offset, "is not about such an instruction");
	}
}

static void check_seals(const struct elf_object *module)
{
	const struct elf_section *list = elf_find_section(module, ".ibt_endbr_seal");

	for (size_t i = 0; list && i < list->relas.len; i++) {
		const struct elf_rela *rela = &list->relas.data[i];

		seals++;
		if (!is_code(rela->symbol->section) ||
		    !has_endbr(rela->symbol->section, rela->symbol->value + rela->addend))
			problem(list, rela->offset, "seals what is no landing place");
	}
}

/* With CALL_PADDING, 16 bytes precede each function, which the kernel may turn into code. */
static void check_padding(const struct elf_object *module)
{
	static const char nops[] = "\x90\x90\x90\x90\x90\x90\x90\x90\x90\x90\x90\x90\x90\x90\x90";

	vec_foreach(&module->symbols, it) {
		const struct elf_symbol *symbol = *it;

		if (symbol->type != STT_FUNC || !is_code(symbol->section) ||
		    str_starts(symbol->name, "__pfx_") || strstr(symbol->name, ".cold"))
			continue;
		if (symbol->value < 16 ||
		    memcmp(symbol->section->data + symbol->value - 16, nops, sizeof(nops) - 1))
			problem(symbol->section, symbol->value, "has no padding before it");
	}
}

static void check_orc(const struct image *image, const struct elf_object *module)
{
	const struct elf_section *header = elf_find_section(module, ".orc_header");
	struct bytes own;

	if (!image_section(image, ".orc_header", NULL, &own))
		return;
	if (!header || header->size != own.size || memcmp(header->data, own.data, own.size)) {
		printf(".orc_header: is not the kernel's\n");
		problems++;
	}
}

int main(int argc, char **argv)
{
	scope_image image = NULL;
	scope_elf module = NULL;
	const struct image_symbol *const *matches;

	if (argc != 3) {
		fprintf(stderr, "usage: landings VMLINUX MODULE\n");
		return 2;
	}
	must(image_open(argv[1], &image));
	must(elf_object_open(argv[2], &module));
	vec_foreach(&module->sections, it)
		if ((*it)->flags & SHF_ALLOC && (*it)->data && !is_no_pointer(*it))
			check_pointers(module, *it);
	check_seals(module);
	check_sites(module, ".call_sites", "\xe8");
	check_sites(module, ".return_sites", "\xe9");
	check_sites(module, ".cfi_sites", "\xe8");
	if (image_find(image, "__pfx_schedule", &matches))
		check_padding(module);
	check_orc(image, module);
	printf("%u pointers to functions, %u seals, %u sites, %u problems\n", pointers, seals,
	       sites, problems);
	return problems ? 1 : 0;
}
