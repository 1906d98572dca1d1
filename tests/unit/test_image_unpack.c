/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From a file in /boot or /lib/modules to ELF bytes: bzImage, every compression, modules. */
#include "base/file.h"
#include "base/tempdir.h"
#include "image/decompress.h"
#include "image/image.h"
#include "test_image_compress.h"
#include "unit.h"

static void pack(const struct compressor *compressor, struct bytes in, struct strbuf *out)
{
	ck_assert_msg(compressor->compress(out, in), "%s", compressor->name);
	if (compressor->size_appended)
		synth_number(out, in.size, 4);
}

/* Returns data that is neither constant nor random; free(). */
static uint8_t *make_data(size_t size)
{
	uint8_t *data = xmalloc(size);
	uint32_t state = 1;

	for (size_t i = 0; i < size; i++) {
		state = state * 1664525 + 1013904223;
		data[i] = i % 64 < 8 ? state >> 24 : i >> 8;
	}
	return data;
}

START_TEST(every_compression_is_undone)
{
	/* The last size takes more than one block of lz4. */
	static const size_t sizes[] = {1, 1000, 70000, 9 << 20};

	for (size_t s = 0; s < array_size(sizes); s++) {
		scope_free uint8_t *data = make_data(sizes[s]);

		for (size_t i = 0; i < array_size(compressors); i++) {
			scope_strbuf packed = STRBUF_INIT;
			scope_free uint8_t *out = NULL;
			size_t size;

			pack(&compressors[i], (struct bytes){data, sizes[s]}, &packed);
			ck_assert_ok(image_decompress("k", synth_bytes(&packed), &out, &size));
			ck_assert_msg(size == sizes[s] && !memcmp(out, data, size), "%s of %zu",
				      compressors[i].name, sizes[s]);
		}
	}
}
END_TEST

START_TEST(empty_streams_are_empty)
{
	for (size_t i = 0; i < array_size(compressors); i++) {
		scope_strbuf packed = STRBUF_INIT;
		scope_free uint8_t *out = NULL;
		size_t size;

		pack(&compressors[i], (struct bytes){(const uint8_t *)"", 0}, &packed);
		ck_assert_ok(image_decompress("k", synth_bytes(&packed), &out, &size));
		ck_assert_uint_eq(size, 0);
		ck_assert_ptr_nonnull(out);
	}
}
END_TEST

START_TEST(truncated_streams_are_errors)
{
	scope_free uint8_t *data = make_data(5000);

	for (size_t i = 0; i < array_size(compressors); i++) {
		scope_strbuf packed = STRBUF_INIT;

		ck_assert(compressors[i].compress(&packed, (struct bytes){data, 5000}));
		for (size_t size = 0; size < packed.len; size += 1 + size / 16) {
			scope_free uint8_t *copy = xmemdup(packed.buf, size);
			scope_free uint8_t *out = NULL;
			size_t unused;
			struct err *err =
				image_decompress("cut", (struct bytes){copy, size}, &out, &unused);

			/*
			 * Legacy lz4 has no end mark, so data that is cut between two blocks is
			 * valid.
			 */
			if (!strcmp(compressors[i].name, "lz4") && size == 4)
				ck_assert_ok(err);
			else
				ck_assert_fails(err, "cut: ");
		}
	}
}
END_TEST

START_TEST(damage_is_noticed_or_does_no_harm)
{
	scope_free uint8_t *data = make_data(3000);

	for (size_t i = 0; i < array_size(compressors); i++) {
		scope_strbuf packed = STRBUF_INIT;
		bool noticed = false;

		pack(&compressors[i], (struct bytes){data, 3000}, &packed);
		for (size_t at = 0; at < packed.len; at++) {
			scope_free uint8_t *out = NULL;
			size_t size;

			packed.buf[at] ^= 0x55;

			struct err *err =
				image_decompress("bad", synth_bytes(&packed), &out, &size);

			noticed |= err != NULL;
			err_free(err);
			packed.buf[at] ^= 0x55;
		}
		ck_assert_msg(noticed, "%s", compressors[i].name);
	}
}
END_TEST

START_TEST(bombs_are_refused)
{
	scope_free uint8_t *zeros = xcalloc(4 << 20, 1);

	for (size_t i = 0; i < array_size(compressors); i++) {
		scope_strbuf packed = STRBUF_INIT;
		scope_free uint8_t *out = NULL;
		size_t size;

		pack(&compressors[i], (struct bytes){zeros, 4 << 20}, &packed);
		ck_assert_fails(
			decompress_within("bomb", synth_bytes(&packed), (4 << 20) - 1, &out, &size),
			"unpacks to more than 3 MiB");
		ck_assert_ok(decompress_within("bomb", synth_bytes(&packed), (4 << 20) + 1, &out,
					       &size));
	}
}
END_TEST

START_TEST(other_bytes_are_not_compressed)
{
	static const uint8_t text[] = "just text";
	static const uint8_t lzo[] = {0x89, 'L', 'Z', 'O', 0, 0x0d, 0x0a, 0x1a, 0x0a};
	scope_free uint8_t *out = NULL;
	size_t size;

	ck_assert_fails(image_decompress("t", (struct bytes){text, sizeof(text)}, &out, &size),
			"t: it is not compressed");
	ck_assert_fails(image_decompress("t", (struct bytes){}, &out, &size), "not compressed");
	ck_assert_fails(image_decompress("t", (struct bytes){lzo, sizeof(lzo)}, &out, &size),
			"lzo compression is not supported");
}
END_TEST

START_TEST(bzimages_are_unpacked)
{
	scope_synth symbols = {};
	scope_strbuf vmlinux = STRBUF_INIT;

	synth_kernel(&vmlinux, &synth_layouts[6], 1000, &symbols);
	strbuf_add(&vmlinux, "relocations",
		   12); /* stands for vmlinux.relocs, which follows the ELF file */
	for (size_t i = 0; i < array_size(compressors); i++) {
		scope_strbuf packed = STRBUF_INIT, file = STRBUF_INIT;
		scope_image image = NULL;
		struct bytes elf;
		size_t count;

		pack(&compressors[i], synth_bytes(&vmlinux), &packed);
		synth_bzimage(&file, packed.buf, packed.len);
		ck_assert_ok(image_parse("vmlinuz", synth_bytes(&file), &image));
		elf = image_elf(image);
		ck_assert_uint_eq(elf.size, vmlinux.len);
		image_symbols(image, &count);
		ck_assert_uint_eq(count, symbols.len);
	}
}
END_TEST

START_TEST(broken_bzimages_are_errors)
{
	static const uint8_t text[] = "just text";
	scope_strbuf file = STRBUF_INIT;
	scope_image image = NULL;

	synth_bzimage(&file, text, sizeof(text));
	ck_assert_fails(image_parse("z", synth_bytes(&file), &image), "z: it is not compressed");
	for (size_t size = 0; size < file.len - 12; size++) {
		scope_free uint8_t *copy = xmemdup(file.buf, size);
		const char *expected = size < 0x206   ? "neither a bzImage nor"
				       : size < 0x250 ? "within its setup header"
						      : "truncated";

		ck_assert_fails(image_parse("z", (struct bytes){copy, size}, &image), expected);
	}
	memset(file.buf + 0x24c, 0xff, 4);
	ck_assert_fails(image_parse("z", synth_bytes(&file), &image), "truncated");
	memset(file.buf + 0x24c, 0, 4);
	ck_assert_fails(image_parse("z", synth_bytes(&file), &image), "truncated");
	file.buf[0x206] = 7;
	ck_assert_fails(image_parse("z", synth_bytes(&file), &image), "protocol 2.07 is too old");
}
END_TEST

/* Makes a module whose local symbols have an order of their own. */
static void make_module(const char *path, bool symbols)
{
	scope_elf obj = elf_object_new("m");
	struct elf_section *text =
		elf_add_section(obj, ".text", SHT_PROGBITS, SHF_ALLOC | SHF_EXECINSTR, 16);

	elf_section_append(obj, text, NULL, 64, 16);
	if (symbols) {
		elf_add_symbol(obj, "zebra", ELF64_ST_INFO(STB_LOCAL, STT_FUNC), text, 32, 16);
		elf_add_symbol(obj, "ant", ELF64_ST_INFO(STB_LOCAL, STT_FUNC), text, 16, 16);
		elf_add_symbol(obj, "ant", ELF64_ST_INFO(STB_LOCAL, STT_FUNC), text, 0, 16);
		elf_add_symbol(obj, "init_module", ELF64_ST_INFO(STB_GLOBAL, STT_FUNC), text, 48,
			       16);
	}
	ck_assert_ok(elf_object_write(obj, path));
}

static void assert_module(const char *path)
{
	scope_elf obj = NULL;
	static const char *const names[] = {"zebra", "ant", "ant", "init_module"};
	static const uint64_t values[] = {32, 16, 0, 48};
	size_t next = 0;

	ck_assert_ok(image_module_open(path, &obj));
	vec_foreach(&obj->symbols, it) {
		if (!(*it)->name[0])
			continue;
		ck_assert_str_eq((*it)->name, names[next]);
		ck_assert_uint_eq((*it)->value, values[next++]);
	}
	ck_assert_uint_eq(next, 4);
}

START_TEST(modules_are_opened)
{
	scope_dir_temp dir = NULL;
	scope_file_map map = {};

	ck_assert_ok(dir_temp(dir_for_temp(), "suture-test", &dir));

	scope_free char *path = xasprintf("%s/m.ko", dir);

	make_module(path, true);
	assert_module(path);
	ck_assert_ok(file_map(path, &map));
	for (size_t i = 0; i < array_size(compressors); i++) {
		scope_free char *packed_path = xasprintf("%s/m.ko.%s", dir, compressors[i].name);
		scope_strbuf packed = STRBUF_INIT;

		ck_assert(compressors[i].compress(&packed, map.bytes));
		ck_assert_ok(file_write(packed_path, packed.buf, packed.len));
		assert_module(packed_path);
	}
}
END_TEST

START_TEST(modules_without_symbols_are_errors)
{
	scope_dir_temp dir = NULL;
	scope_elf obj = NULL;
	scope_synth symbols = {};
	scope_strbuf vmlinux = STRBUF_INIT;

	ck_assert_ok(dir_temp(dir_for_temp(), "suture-test", &dir));

	scope_free char *path = xasprintf("%s/m.ko", dir);

	make_module(path, false);
	ck_assert_fails(image_module_open(path, &obj), "no symbol table");
	ck_assert_ok(file_write(path, "text", 4));
	ck_assert_fails(image_module_open(path, &obj), "m.ko: this is text, not an ELF file");
	ck_assert_ok(file_write(path, "\x1f\x8btext", 6));
	ck_assert_fails(image_module_open(path, &obj), "m.ko: the gzip data");
	synth_kernel(&vmlinux, &synth_layouts[0], 300, &symbols);
	ck_assert_ok(file_write(path, vmlinux.buf, vmlinux.len));
	ck_assert_fails(image_module_open(path, &obj), "not a kernel module");
	ck_assert_ptr_null(obj);
}
END_TEST

UNIT_SUITE("image_unpack", every_compression_is_undone, empty_streams_are_empty,
	   truncated_streams_are_errors, damage_is_noticed_or_does_no_harm, bombs_are_refused,
	   other_bytes_are_not_compressed, bzimages_are_unpacked, broken_bzimages_are_errors,
	   modules_are_opened, modules_without_symbols_are_errors)
