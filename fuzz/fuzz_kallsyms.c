/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Fuzzes the decoder of kallsyms with damaged tables. The first byte of the input selects a layout;
 * the rest is changes of good tables, five bytes each, for where and what. So every run starts deep
 * inside the decoder.
 */
#include "image/image.h"
#include "image/kallsyms.h"
#include "image/name_index.h"
#include "image/part.h"
#include "test_image_synth.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct strbuf rodatas[array_size(synth_layouts)];

static void make_rodatas(void)
{
	for (size_t i = 0; i < array_size(synth_layouts); i++) {
		scope_synth symbols = {};

		rodatas[i] = (struct strbuf)STRBUF_INIT;
		synth_symbols(&synth_layouts[i], 520, &symbols);
		synth_rodata(&rodatas[i], &synth_layouts[i], &symbols);
	}
}

static void damage(uint8_t *bytes, size_t size, struct cursor *input)
{
	while (cursor_left(input) >= 6) {
		uint32_t where = cursor_u32(input);
		uint8_t what = cursor_u8(input), how = cursor_u8(input);

		switch (how % 4) {
		case 0:
			bytes[where % size] ^= what;
			break;
		case 1:
			bytes[where % size] = what;
			break;
		case 2:
			memset(bytes + where % size, 0, what % (size - where % size));
			break;
		case 3:
			memmove(bytes + where % size, bytes, what % (size - where % size));
			break;
		}
	}
}

static void check(const struct kallsyms *kallsyms)
{
	struct name_index index = {};
	const struct image_symbol *const *matches;

	name_index_build(&index, kallsyms->symbols, kallsyms->count);
	for (size_t i = 0; i < kallsyms->count; i++) {
		const struct image_symbol *symbol = &kallsyms->symbols[i];
		size_t found = name_index_find(&index, symbol->name, &matches);

		while (found && matches[found - 1] != symbol)
			found--;
		if (!found || !symbol->name[0])
			abort();
	}
	name_index_free(&index);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct cursor input = cursor_at((struct bytes){data, size}, 0);
	size_t layout = cursor_u8(&input) % array_size(synth_layouts);

	if (!rodatas[layout].buf)
		make_rodatas();

	size_t cut = cursor_u16(&input) % 64 ? 0 : cursor_u16(&input) % rodatas[layout].len;
	size_t length = rodatas[layout].len - cut;
	uint8_t *bytes = xmemdup(rodatas[layout].buf, length);

	damage(bytes, length, &input);

	struct image_part parts[] = {
		{".text", SHT_PROGBITS, SHF_ALLOC | SHF_EXECINSTR, SYNTH_TEXT, SYNTH_TEXT_SIZE},
		{".rodata", SHT_PROGBITS, SHF_ALLOC, SYNTH_RODATA, length, {bytes, length}},
		{".bss", SHT_NOBITS, SHF_ALLOC, SYNTH_BSS, SYNTH_BSS_SIZE},
	};
	struct image_part_vec vec = {.data = parts, .len = array_size(parts)};
	struct kallsyms kallsyms;
	struct err *err = kallsyms_decode("fuzz", &vec, &kallsyms);

	if (!err) {
		check(&kallsyms);
		kallsyms_free(&kallsyms);
	}
	err_free(err);
	free(bytes);
	return 0;
}
