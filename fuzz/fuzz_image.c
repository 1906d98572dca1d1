/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Fuzzes unpacking. The input is a whole file, compressed bytes without their magic number, or
 * changes of a good vmlinux or bzImage; its first byte says which.
 */
#include "image/decompress.h"
#include "image/image.h"
#include "test_image_compress.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define UNPACK_MAX (16 << 20)

/* Good files to be damaged: [0] is a vmlinux, then one bzImage for each compression. */
static struct strbuf files[1 + array_size(compressors)];

static void make_files(void)
{
	scope_synth symbols = {};

	files[0] = (struct strbuf)STRBUF_INIT;
	synth_kernel(&files[0], &synth_layouts[6], 300, &symbols);
	for (size_t i = 0; i < array_size(compressors); i++) {
		struct strbuf *file = &files[i + 1];
		scope_strbuf packed = STRBUF_INIT;

		*file = (struct strbuf)STRBUF_INIT;
		if (!compressors[i].compress(&packed, synth_bytes(&files[0])))
			abort();
		synth_number(&packed, files[0].len, 4);
		synth_bzimage(file, packed.buf, packed.len);
	}
}

static void parse(struct bytes bytes)
{
	scope_image image = NULL;
	struct err *err = image_parse("fuzz", bytes, &image);
	struct bytes read;

	if (!err && !image_symbols(image, &(size_t){0}))
		abort();
	if (!err)
		image_read(image, SYNTH_RODATA, 16, &read);
	err_free(err);
}

static void unpack(const char *magic, size_t magic_size, struct bytes bytes)
{
	scope_strbuf file = STRBUF_INIT;
	scope_free uint8_t *out = NULL;
	size_t size;

	strbuf_add(&file, magic, magic_size);
	strbuf_add(&file, bytes.data, bytes.size);
	err_free(decompress_within("fuzz", synth_bytes(&file), UNPACK_MAX, &out, &size));
}

/* Damages mostly headers, which are at both ends of an ELF file, and at the start of a bzImage. */
static void parse_damaged(const struct strbuf *good, struct cursor *input)
{
	size_t cut = cursor_u8(input) % 32 ? 0 : cursor_u16(input) % good->len;
	size_t size = good->len - cut;
	scope_free uint8_t *bytes = xmemdup(good->buf, size);

	while (cursor_left(input) >= 4) {
		size_t where = cursor_u16(input) % size;
		uint8_t what = cursor_u8(input), how = cursor_u8(input);

		if (how & 1)
			where = size - 1 - where;
		bytes[where] = how & 2 ? what : bytes[where] ^ what;
	}
	parse((struct bytes){bytes, size});
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct {
		const char *bytes;
		size_t size;
	} magics[] = {
		{"\x1f\x8b\x08", 3},
		{"\xfd\x37zXZ\0\0\1", 8},
		{"\x28\xb5\x2f\xfd", 4},
		{"\x02\x21\x4c\x18", 4},
		{"BZh1", 4},
		{"\x5d\0\0", 3},
		{"", 0},
	};
	struct cursor input = cursor_at((struct bytes){data, size}, 0);
	uint8_t what = cursor_u8(&input);
	size_t pick = what >> 2;
	struct bytes rest = {data + !!size, size - !!size};

	if (!files[0].buf)
		make_files();
	switch (what % 4) {
	case 0:
		parse(rest);
		break;
	case 1:
		unpack(magics[pick % array_size(magics)].bytes,
		       magics[pick % array_size(magics)].size, rest);
		break;
	case 2:
		parse_damaged(&files[0], &input);
		break;
	case 3:
		parse_damaged(&files[pick % array_size(files)], &input);
		break;
	}
	return 0;
}
