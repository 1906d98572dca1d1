/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Compares the loaded contents of two objects that were compiled from the same source. */
#include "pair/objects_equal.h"

#include <ctype.h>
#include <string.h>

#include "base/file.h"
#include "elf/elf.h"

/*
 * Names may differ in the number that gcc gives to a static local, as in ".bss.once.7" and
 * ".bss.once.9".
 */
static bool object_names_equal(const char *one, const char *two)
{
	size_t len_one = strlen(one), len_two = strlen(two);

	while (len_one && isdigit((unsigned char)one[len_one - 1]))
		len_one--;
	while (len_two && isdigit((unsigned char)two[len_two - 1]))
		len_two--;
	return !strcmp(one, two) || (len_one == len_two && len_one && one[len_one - 1] == '.' &&
				     !memcmp(one, two, len_one));
}

static bool object_symbols_equal(const struct elf_symbol *one, const struct elf_symbol *two)
{
	if (one->bind != two->bind || one->type != two->type || one->value != two->value ||
	    one->size != two->size || !one->section != !two->section)
		return false;
	if (one->section && one->section->index != two->section->index)
		return false;
	if (!one->section && one->shndx != two->shndx)
		return false;
	if (one->bind == STB_LOCAL && one->section)
		return object_names_equal(one->name, two->name);
	return !strcmp(one->name, two->name);
}

static bool object_relas_equal(const struct elf_section *one, const struct elf_section *two)
{
	if (one->relas.len != two->relas.len)
		return false;
	for (size_t i = 0; i < one->relas.len; i++) {
		const struct elf_rela *a = &one->relas.data[i], *b = &two->relas.data[i];

		if (a->offset != b->offset || a->type != b->type || a->addend != b->addend ||
		    !object_symbols_equal(a->symbol, b->symbol))
			return false;
	}
	return true;
}

static bool object_sections_equal(const struct elf_section *one, const struct elf_section *two)
{
	if (!object_names_equal(one->name, two->name) || one->type != two->type ||
	    one->flags != two->flags || one->align != two->align)
		return false;
	/* Sections that are not loaded, such as .comment, may differ. */
	if (!(one->flags & SHF_ALLOC))
		return true;
	if (one->size != two->size || !one->data != !two->data)
		return false;
	if (one->data && memcmp(one->data, two->data, one->size) != 0)
		return false;
	return object_relas_equal(one, two);
}

/* From the same code, the same compiler makes the same contents in the same order. */
static bool object_contents_equal(const struct elf_object *one, const struct elf_object *two)
{
	if (one->sections.len != two->sections.len || one->symbols.len != two->symbols.len)
		return false;
	for (size_t i = 0; i < one->sections.len; i++) {
		if (!object_sections_equal(one->sections.data[i], two->sections.data[i]))
			return false;
	}
	for (size_t i = 0; i < one->symbols.len; i++) {
		if (!object_symbols_equal(one->symbols.data[i], two->symbols.data[i]))
			return false;
	}
	return true;
}

struct err *objects_equal(const char *pre, const char *post, bool *equal)
{
	scope_elf one = NULL;
	scope_elf two = NULL;

	err_try(file_equal(pre, post, equal));
	if (*equal)
		return NULL;
	err_try(elf_object_open(pre, &one));
	err_try(elf_object_open(post, &two));
	*equal = object_contents_equal(one, two);
	return NULL;
}
