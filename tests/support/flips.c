/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Checks whether the proof notices every change of a single bit.
 *
 * flips IMAGE OBJECT [MODULE NAME]
 *
 * For each function of a compiled unit that is proven, it flips a bit of each byte of its shipped
 * code, one after the other, and proves the unit again. It prints each function's number of bytes,
 * and of those whose change was not noticed; the exit status is 1 if there were any. With MODULE, a
 * .ko file that the kernel calls NAME, the module's code is changed.
 *
 * flips -w IMAGE OBJECT FUNCTION
 *
 * It prints where a function is in a vmlinux file: the offset and size of its code, the offset of
 * the first field in it that the linker filled in, and the offset of the first string that it
 * refers to.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "match/match.h"

struct unit {
	struct image *image;
	struct elf_object *object, *module;
	const char *module_name;
};

static void must(struct err *err)
{
	if (!err)
		return;
	fprintf(stderr, "flips: %s\n", err_message(err));
	exit(2);
}

static bool is_function(const struct elf_symbol *symbol)
{
	return symbol->type == STT_FUNC && symbol->section && symbol->size;
}

static struct match *match_unit(const struct unit *unit)
{
	struct match *match;

	must(match_new(unit->image, unit->module, unit->module_name, unit->object, &match));
	return match;
}

static bool is_proven(struct match *match, const struct elf_symbol *symbol,
		      struct match_result *result)
{
	must(match_function(match, symbol, result));
	return result->proof == MATCH_EXACT;
}

/*
 * Returns whether some function of the unit does not match any more; the changed one is asked
 * first.
 */
static bool is_noticed(const struct unit *unit, const struct elf_symbol *symbol)
{
	scope_match match = match_unit(unit);
	struct match_result result;

	if (!is_proven(match, symbol, &result))
		return true;
	vec_foreach(&unit->object->symbols, it)
		if (is_function(*it) && !is_proven(match, *it, &result) &&
		    result.proof != MATCH_OVERRIDE)
			return true;
	return false;
}

/* Returns the shipped bytes of a function. They are private copies, so that they may be changed. */
static uint8_t *code_of(const struct unit *unit, const struct match_result *result, uint64_t size)
{
	struct bytes bytes;

	if (result->section)
		return result->section->data + result->address;
	if (!image_read(unit->image, result->address, size, &bytes))
		must(err_new("the image has no code of %llu bytes there",
			     (unsigned long long)size));
	return (uint8_t *)bytes.data;
}

static size_t flip_function(const struct unit *unit, const struct elf_symbol *symbol,
			    const struct match_result *result)
{
	uint8_t *code = code_of(unit, result, symbol->size);
	size_t unnoticed = 0;

	for (uint64_t i = 0; i < symbol->size; i++) {
		code[i] ^= 1 << i % 8;
		if (!is_noticed(unit, symbol)) {
			printf("%s: %s+0x%llx: bit %u unnoticed\n", unit->object->name,
			       symbol->name, (unsigned long long)i, (unsigned)(i % 8));
			unnoticed++;
		}
		code[i] ^= 1 << i % 8;
	}
	printf("%s: %llu bytes\n", symbol->name, (unsigned long long)symbol->size);
	return unnoticed;
}

static int flip_unit(const struct unit *unit)
{
	scope_match match = match_unit(unit);
	size_t unnoticed = 0, functions = 0;

	vec_foreach(&unit->object->symbols, it) {
		struct match_result result;

		if (!is_function(*it) || !is_proven(match, *it, &result))
			continue;
		unnoticed += flip_function(unit, *it, &result);
		functions++;
	}
	return unnoticed || !functions;
}

static long long offset_of(const struct unit *unit, uint64_t address)
{
	struct bytes bytes;

	if (!image_read(unit->image, address, 1, &bytes))
		must(err_new("the image has nothing at 0x%llx", (unsigned long long)address));
	return bytes.data - image_elf(unit->image).data;
}

static int print_place(const struct unit *unit, const char *name)
{
	const struct elf_symbol *symbol = elf_find_symbol(unit->object, name);
	scope_match match = match_unit(unit);
	struct match_result result;
	long long field = -1, string = -1;

	if (!symbol || !is_function(symbol) || !is_proven(match, symbol, &result))
		must(err_new("%s is no proven function", name));
	vec_foreach(&symbol->section->relas, rela) {
		uint64_t at = result.address + rela->offset - symbol->value;
		struct bytes bytes;

		if (rela->offset - symbol->value >= symbol->size)
			continue;
		if (field < 0)
			field = offset_of(unit, at);
		if (string >= 0 || rela->type != R_X86_64_32S || !rela->symbol->section ||
		    !(rela->symbol->section->flags & SHF_STRINGS) ||
		    !image_read(unit->image, at, 4, &bytes))
			continue;

		struct cursor cur = cursor_at(bytes, 0);

		string = offset_of(unit, (int64_t)(int32_t)cursor_u32(&cur));
	}
	printf("%lld %llu %lld %lld\n", offset_of(unit, result.address),
	       (unsigned long long)symbol->size, field, string);
	return 0;
}

int main(int argc, char **argv)
{
	bool where = argc == 5 && !strcmp(argv[1], "-w");
	scope_file_map map = {};
	struct unit unit = {};

	argv += where;
	if (!where && argc != 3 && argc != 5) {
		fprintf(stderr, "usage: flips [-w] IMAGE OBJECT [MODULE NAME | FUNCTION]\n");
		return 2;
	}
	must(file_map(argv[1], &map));
	must(image_parse(argv[1], map.bytes, &unit.image));
	must(elf_object_open(argv[2], &unit.object));
	if (!where && argc == 5) {
		must(image_module_open(argv[3], &unit.module));
		unit.module_name = argv[4];
	}

	int status = where ? print_place(&unit, argv[3]) : flip_unit(&unit);

	elf_object_free(unit.module);
	elf_object_free(unit.object);
	image_free(unit.image);
	return status;
}
