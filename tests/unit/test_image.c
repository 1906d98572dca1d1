/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A vmlinux: kallsyms in every layout, and what can be asked of an image. */
#include <unistd.h>

#include "base/file.h"
#include "base/tempdir.h"
#include "image/image.h"
#include "test_image_synth.h"
#include "unit.h"

#define SYMBOLS 1111

static void assert_symbols(const struct image *image, const struct synth_symbol_vec *expected,
			   const char *what)
{
	size_t count;
	const struct image_symbol *symbols = image_symbols(image, &count);

	ck_assert_msg(count == expected->len, "%s: %zu symbols, not %zu", what, count,
		      expected->len);
	for (size_t i = 0; i < count; i++) {
		const struct synth_symbol *symbol = &expected->data[i];

		ck_assert_msg(symbols[i].type == symbol->coded[0] &&
				      !strcmp(symbols[i].name, symbol->coded + 1) &&
				      symbols[i].address == symbol->address,
			      "%s: symbol %zu is %llx %c %s", what, i,
			      (unsigned long long)symbols[i].address, symbols[i].type,
			      symbols[i].name);
	}
}

START_TEST(every_layout_is_decoded)
{
	for (size_t i = 0; i < array_size(synth_layouts); i++) {
		/*
		 * The padding differs, and there are 5 or 6 markers, of which the last one has all
		 * its names or not.
		 */
		for (size_t count = 1276; count < 1281; count++) {
			scope_synth symbols = {};
			scope_strbuf vmlinux = STRBUF_INIT;
			scope_image image = NULL;

			synth_kernel(&vmlinux, &synth_layouts[i], count, &symbols);

			struct err *err = image_parse("k", synth_bytes(&vmlinux), &image);

			ck_assert_msg(!err, "%s: %s", synth_layouts[i].kernel,
				      err ? err_message(err) : "");
			assert_symbols(image, &symbols, synth_layouts[i].kernel);
		}
	}
}
END_TEST

/* Since Linux 6.1 there are such symbols of Rust; the test image must contain one. */
START_TEST(big_symbols_take_two_bytes_of_length)
{
	const struct synth_layout *layout = &synth_layouts[6];
	scope_synth symbols = {};
	struct synth_tokens tokens = {};

	synth_symbols(layout, SYMBOLS, &symbols);

	scope_free struct synth_name *names = synth_compress(&symbols, &tokens);
	size_t longest = 0;

	for (size_t i = 0; i < symbols.len; i++)
		longest = names[i].length > longest ? names[i].length : longest;
	for (size_t i = 0; i < 256; i++)
		free(tokens.text[i]);
	ck_assert(layout->two_byte_lengths);
	ck_assert_uint_gt(longest, 127);
}
END_TEST

/* Before Linux 6.1, a length from 128 to 255 had one byte. */
START_TEST(lengths_of_one_byte_are_told_apart)
{
	scope_synth symbols = {};
	scope_strbuf rodata = STRBUF_INIT, vmlinux = STRBUF_INIT;
	scope_image image = NULL;
	scope_free char *name = synth_long_name(200);

	synth_symbols(&synth_layouts[1], SYMBOLS, &symbols);
	free(symbols.data[700].coded);
	symbols.data[700].coded = xasprintf("t%s", name);
	synth_rodata(&rodata, &synth_layouts[1], &symbols);
	synth_vmlinux(&vmlinux, synth_bytes(&rodata));
	ck_assert_ok(image_parse("k", synth_bytes(&vmlinux), &image));
	assert_symbols(image, &symbols, "one byte");
}
END_TEST

static struct image *make_image(void)
{
	scope_synth symbols = {};
	scope_strbuf vmlinux = STRBUF_INIT;
	struct image *image = NULL;

	synth_kernel(&vmlinux, &synth_layouts[6], SYMBOLS, &symbols);
	ck_assert_ok(image_parse("k", synth_bytes(&vmlinux), &image));
	return image;
}

START_TEST(symbols_are_found_by_name)
{
	scope_image image = make_image();
	const struct image_symbol *const *matches;
	size_t count, total;
	const struct image_symbol *symbols = image_symbols(image, &total);

	ck_assert_uint_eq(image_find(image, "no_such_symbol", &matches), 0);
	ck_assert_ptr_null(matches);
	ck_assert_uint_eq(image_find(image, "", &matches), 0);
	ck_assert_uint_eq(image_find(image, "_stext", &matches), 1);
	ck_assert_uint_eq(matches[0]->address, SYNTH_TEXT);
	count = image_find(image, "cleanup", &matches);
	ck_assert_uint_eq(count, 6);
	for (size_t i = 1; i < count; i++)
		ck_assert_uint_lt(matches[i - 1]->address, matches[i]->address);
	for (size_t i = 0; i < total; i++) {
		bool found = false;

		count = image_find(image, symbols[i].name, &matches);
		for (size_t k = 0; k < count; k++)
			found |= matches[k] == &symbols[i];
		ck_assert(found);
	}
}
END_TEST

START_TEST(symbols_are_found_by_address)
{
	scope_image image = make_image();
	const struct image_symbol *const *matches;
	const struct image_symbol *symbol;
	size_t count;

	symbol = image_symbol_at(image, SYNTH_TEXT, &count);
	ck_assert_uint_eq(count, 2);
	ck_assert_str_eq(symbol[0].name, "_text");
	ck_assert_str_eq(symbol[1].name, "_stext");
	ck_assert_uint_eq(image_find(image, "alias", &matches), 1);
	symbol = image_symbol_at(image, matches[0]->address, &count);
	ck_assert_uint_eq(count, 2);
	ck_assert_str_eq(symbol[0].name, "subsystem_50_do_work");
	ck_assert_ptr_null(image_symbol_at(image, SYNTH_TEXT + 1, &count));
	ck_assert_uint_eq(count, 0);
	ck_assert_ptr_null(image_symbol_at(image, UINT64_MAX, &count));
	symbol = image_symbol_at(image, 0, &count);
	ck_assert_uint_eq(count, 2);
	ck_assert_int_eq(symbol[0].type, 'A');
}
END_TEST

START_TEST(bytes_are_read_from_one_section)
{
	scope_image image = make_image();
	struct bytes bytes, section;
	uint64_t address;

	ck_assert(image_read(image, SYNTH_TEXT, 4, &bytes));
	ck_assert_int_eq(memcmp(bytes.data, "\xf3\x0f\x1e\xfa", 4), 0);
	ck_assert(image_read(image, SYNTH_TEXT + SYNTH_TEXT_SIZE - 1, 1, &bytes));
	ck_assert(!image_read(image, SYNTH_TEXT + SYNTH_TEXT_SIZE - 1, 2, &bytes));
	ck_assert_uint_eq(bytes.size, 0);
	ck_assert(!image_read(image, SYNTH_TEXT, UINT64_MAX, &bytes));
	ck_assert(!image_read(image, SYNTH_TEXT - 1, 4, &bytes));
	ck_assert(!image_read(image, SYNTH_BSS, 4, &bytes));
	ck_assert(image_read(
		image, 0, 128,
		&bytes)); /* it reads per-CPU data, not .comment, which also has the address 0 */
	ck_assert(!image_read(image, 0, 129, &bytes));

	ck_assert(image_section(image, ".rodata", &address, &section));
	ck_assert_uint_eq(address, SYNTH_RODATA);
	ck_assert(image_read(image, SYNTH_RODATA + 5, section.size - 5, &bytes));
	ck_assert_ptr_eq(bytes.data, section.data + 5);
	ck_assert(image_section(image, ".bss", &address, &section));
	ck_assert_uint_eq(section.size, 0);
	ck_assert(image_section(image, ".text", NULL, NULL));
	ck_assert(!image_section(image, ".none", &address, &section));
}
END_TEST

START_TEST(identity_is_read)
{
	scope_image image = make_image();

	ck_assert_str_eq(image_name(image), "k");
	ck_assert_str_eq(image_banner(image),
			 "Linux version 6.1.0-99-test (builder@example) (gcc 12) #1 SMP Tuesday");
	ck_assert_str_eq(image_release(image), "6.1.0-99-test");
	ck_assert_str_eq(image_build_id(image), SYNTH_BUILD_ID);
}
END_TEST

START_TEST(files_are_opened)
{
	scope_dir_temp dir = NULL;
	scope_image image = NULL;
	scope_image again = NULL;

	ck_assert_ok(dir_temp(dir_for_temp(), "suture-test", &dir));

	scope_free char *path = xasprintf("%s/vmlinux", dir);
	scope_synth symbols = {};
	scope_strbuf vmlinux = STRBUF_INIT;

	synth_kernel(&vmlinux, &synth_layouts[5], SYMBOLS, &symbols);
	ck_assert_fails(image_open(path, &image), "vmlinux: No such file");
	ck_assert_ok(file_write(path, vmlinux.buf, vmlinux.len));
	ck_assert_ok(image_open(path, &image));
	assert_symbols(image, &symbols, "file");

	/* This is the unpacked ELF file, which a cache would keep. */
	struct bytes elf = image_elf(image);

	ck_assert_uint_eq(elf.size, vmlinux.len);
	ck_assert_ok(file_write(path, elf.data, elf.size));
	ck_assert_ok(image_open(path, &again));
	ck_assert_ok(file_write(path, "", 0));
	image_freep(&again);
	again = NULL;
	ck_assert_fails(image_open(path, &again), "neither a bzImage nor an ELF");
}
END_TEST

/* Checks that all results can be read. */
static void touch(const struct image *image)
{
	size_t count, at;
	const struct image_symbol *symbols = image_symbols(image, &count);
	const struct image_symbol *const *matches;
	bool fine = true;

	for (size_t i = 0; i < count; i++)
		fine &= symbols[i].name[0] && image_find(image, symbols[i].name, &matches) &&
			image_symbol_at(image, symbols[i].address, &at);
	ck_assert(fine);
}

START_TEST(truncated_files_are_errors)
{
	scope_synth symbols = {};
	scope_strbuf vmlinux = STRBUF_INIT;

	synth_kernel(&vmlinux, &synth_layouts[6], SYMBOLS, &symbols);
	for (size_t size = 0; size < vmlinux.len; size += 1 + vmlinux.len / 200) {
		/* Each length gets its own copy, so that a read past the end is noticed. */
		scope_free uint8_t *copy = xmemdup(vmlinux.buf, size);
		scope_image image = NULL;

		ck_assert_fails(image_parse("cut", (struct bytes){copy, size}, &image),
				size < 64 ? "cut: " : "truncated");
		ck_assert_ptr_null(image);
	}
}
END_TEST

START_TEST(flipped_bytes_do_no_harm)
{
	for (size_t i = 0; i < array_size(synth_layouts); i++) {
		scope_synth symbols = {};
		scope_strbuf vmlinux = STRBUF_INIT;

		synth_kernel(&vmlinux, &synth_layouts[i], 600, &symbols);
		for (size_t at = i * 97; at < vmlinux.len; at += 997) {
			scope_image image = NULL;
			char kept = vmlinux.buf[at];

			vmlinux.buf[at] ^= 0x80 | at;

			struct err *err = image_parse("bad", synth_bytes(&vmlinux), &image);

			if (!err)
				touch(image);
			err_free(err);
			vmlinux.buf[at] = kept;
		}
	}
}
END_TEST

static struct err *parse_with_symbols(const struct synth_symbol_vec *symbols)
{
	scope_strbuf rodata = STRBUF_INIT, vmlinux = STRBUF_INIT;
	scope_image image = NULL;

	synth_rodata(&rodata, &synth_layouts[6], symbols);
	synth_vmlinux(&vmlinux, synth_bytes(&rodata));
	return image_parse("k", synth_bytes(&vmlinux), &image);
}

START_TEST(senseless_addresses_are_refused)
{
	scope_synth symbols = {};
	struct synth_symbol *some;

	synth_symbols(&synth_layouts[6], SYMBOLS, &symbols);
	some = &symbols.data[500];
	ck_assert_ok(parse_with_symbols(&symbols));

	some->address += 0x1000; /* the address is out of order */
	ck_assert_fails(parse_with_symbols(&symbols), "but not their addresses");
	some->address -= 0x1000;

	symbols.data[symbols.len - 1].address += 0x100000; /* the address is behind the kernel */
	ck_assert_fails(parse_with_symbols(&symbols), "but not their addresses");
	symbols.data[symbols.len - 1].address -= 0x100000;

	symbols.data[3].coded[1] = symbols.data[4].coded[1] =
		'X'; /* _text and _stext are missing */
	ck_assert_fails(parse_with_symbols(&symbols), "but not their addresses");
	symbols.data[3].coded[1] = '_';
	ck_assert_ok(parse_with_symbols(&symbols));
}
END_TEST

START_TEST(senseless_names_are_refused)
{
	scope_synth symbols = {};

	synth_symbols(&synth_layouts[6], SYMBOLS, &symbols);
	symbols.data[500].coded[0] = '7'; /* this is no type of a symbol */
	ck_assert_fails(parse_with_symbols(&symbols), "no kallsyms tables");
	symbols.data[500].coded[0] = 'T';
	symbols.data[500].coded[1] = '\n';
	ck_assert_fails(parse_with_symbols(&symbols), "no kallsyms tables");
	symbols.data[500].coded[1] = '\0'; /* the symbol has a type but no name */
	ck_assert_fails(parse_with_symbols(&symbols), "no kallsyms tables");
}
END_TEST

START_TEST(other_files_are_refused)
{
	scope_image image = NULL;
	scope_strbuf vmlinux = STRBUF_INIT;
	static const uint8_t zeros[64];
	Elf64_Ehdr *ehdr;

	ck_assert_fails(image_parse("k", (struct bytes){}, &image), "neither");
	ck_assert_fails(image_parse("k", (struct bytes){zeros, sizeof(zeros)}, &image), "neither");
	synth_vmlinux(&vmlinux, (struct bytes){zeros, sizeof(zeros)});
	ck_assert_fails(image_parse("k", synth_bytes(&vmlinux), &image), "no kallsyms tables");
	ehdr = (Elf64_Ehdr *)vmlinux.buf;
	ehdr->e_machine = EM_AARCH64;
	ck_assert_fails(image_parse("k", synth_bytes(&vmlinux), &image), "not an x86-64 vmlinux");
	ehdr->e_machine = EM_X86_64;
	ehdr->e_type = ET_REL;
	ck_assert_fails(image_parse("k", synth_bytes(&vmlinux), &image), "not an x86-64 vmlinux");
}
END_TEST

UNIT_SUITE("image", every_layout_is_decoded, big_symbols_take_two_bytes_of_length,
	   lengths_of_one_byte_are_told_apart, symbols_are_found_by_name,
	   symbols_are_found_by_address, bytes_are_read_from_one_section, identity_is_read,
	   files_are_opened, truncated_files_are_errors, flipped_bytes_do_no_harm,
	   senseless_addresses_are_refused, senseless_names_are_refused, other_files_are_refused)
