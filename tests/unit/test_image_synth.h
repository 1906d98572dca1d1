/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Makes small kernel images as the kernel's build would, for tests and fuzzers: kallsyms tables in
 * every layout since Linux 4.19, in an ELF file, in a bzImage.
 */
#ifndef SUTURE_TESTS_IMAGE_SYNTH_H
#define SUTURE_TESTS_IMAGE_SYNTH_H

#include <elf.h>
#include <stdint.h>
#include <string.h>

#include "base/alloc.h"
#include "base/cursor.h"
#include "base/strbuf.h"
#include "base/vec.h"

struct synth_symbol {
	uint64_t address;
	char *coded; /* the type, then the name */
};

struct synth_symbol_vec VEC(struct synth_symbol);

enum synth_encoding { SYNTH_PERCPU, SYNTH_BASE, SYNTH_PLACE, SYNTH_ABSOLUTE };

struct synth_layout {
	const char *kernel;
	bool addresses_first; /* before the names; else behind the token index */
	bool seqs;	      /* kallsyms_seqs_of_names exists */
	bool two_byte_lengths;
	unsigned align, marker_width;
	enum synth_encoding encoding;
};

static const struct synth_layout synth_layouts[] = {
	{"4.19", true, false, false, 8, 8, SYNTH_PERCPU},
	{"5.10", true, false, false, 8, 4, SYNTH_PERCPU},
	{"5.10 without SMP", true, false, false, 8, 4, SYNTH_BASE},
	{"5.10 without relative addresses", true, false, false, 8, 4, SYNTH_ABSOLUTE},
	{"6.1", true, false, true, 8, 4, SYNTH_PERCPU},
	{"6.2, 6.1 stable", true, true, true, 8, 4, SYNTH_PERCPU},
	{"6.4, 6.12", false, true, true, 8, 4, SYNTH_PERCPU},
	{"6.4 without relative addresses", false, true, true, 8, 4, SYNTH_ABSOLUTE},
	{"6.15", false, true, true, 8, 4, SYNTH_BASE},
	{"7.0", false, true, true, 4, 4, SYNTH_PLACE},
};

/* Addresses of the image's sections. */
#define SYNTH_TEXT 0xffffffff81000000ull
#define SYNTH_TEXT_SIZE 0x8000
#define SYNTH_RODATA 0xffffffff82000000ull
#define SYNTH_NOTES 0xffffffff82800000ull
#define SYNTH_BSS 0xffffffff83000000ull
#define SYNTH_BSS_SIZE 0x1000
#define SYNTH_BANNER "Linux version 6.1.0-99-test (builder@example) (gcc 12) #1 SMP Tuesday\n"
#define SYNTH_BUILD_ID "0123456789abcdef"

static inline void synth_add(struct synth_symbol_vec *symbols, uint64_t address, char type,
			     const char *name)
{
	struct synth_symbol symbol = {address, xasprintf("%c%s", type, name)};

	vec_push(symbols, symbol);
}

static inline void synth_free(struct synth_symbol_vec *symbols)
{
	vec_foreach(symbols, symbol)
		free(symbol->coded);
	vec_free(symbols);
}

#define scope_synth __attribute__((cleanup(synth_free))) struct synth_symbol_vec

/* Returns a name that does not compress; a long one takes more than 127 bytes. */
static inline char *synth_long_name(size_t size)
{
	static const char alphabet[] =
		"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_012345";
	char *name = xmalloc(size + 1);
	uint32_t state = 12345;

	for (size_t i = 0; i < size; i++) {
		state = state * 1664525 + 1013904223;
		name[i] = alphabet[(state >> 16) % (sizeof(alphabet) - 1)];
	}
	name[size] = '\0';
	return name;
}

/*
 * Makes about `count` symbols, sorted by address: three functions are called "cleanup", "alias"
 * shares an address with its neighbour, and per-CPU symbols are at 0 if the layout has them there.
 */
static inline void synth_symbols(const struct synth_layout *layout, size_t count,
				 struct synth_symbol_vec *symbols)
{
	uint64_t address = SYNTH_TEXT;

	if (layout->encoding == SYNTH_PERCPU || layout->encoding == SYNTH_ABSOLUTE) {
		synth_add(symbols, 0, 'A', "fixed_percpu_data");
		synth_add(symbols, 0, 'A', "__per_cpu_start");
		synth_add(symbols, 0x40, 'A', "cpu_info");
	}
	synth_add(symbols, address, 'T', "_text");
	synth_add(symbols, address, 'T', "_stext");
	for (size_t i = 0; symbols->len < count; i++) {
		scope_free char *name = xasprintf("subsystem_%zu_do_work", i);

		address += 16;
		synth_add(symbols, address, i % 3 ? 'T' : 't', i % 200 == 7 ? "cleanup" : name);
		if (i == 50)
			synth_add(symbols, address, 'T', "alias");
	}
	if (layout->two_byte_lengths) {
		scope_free char *name = synth_long_name(500);

		synth_add(symbols, address + 16, 't', name);
	}
	synth_add(symbols, SYNTH_BSS, 'b', "x");
	synth_add(symbols, SYNTH_BSS + SYNTH_BSS_SIZE, 'B', "_end");
}

static inline void synth_align(struct strbuf *sb, size_t align)
{
	while (sb->len % align)
		strbuf_addch(sb, '\0');
}

static inline void synth_number(struct strbuf *sb, uint64_t value, unsigned width)
{
	for (unsigned i = 0; i < width; i++)
		strbuf_addch(sb, (char)(value >> 8 * i));
}

/* A code, and the text that it stands for. */
struct synth_tokens {
	char *text[256];
};

struct synth_name {
	uint8_t codes[600];
	size_t length;
};

static inline void synth_replace_pair(struct synth_name *name, uint8_t first, uint8_t second,
				      uint8_t code)
{
	size_t out = 0;

	for (size_t i = 0; i < name->length; i++) {
		bool pair = i + 1 < name->length && name->codes[i] == first &&
			    name->codes[i + 1] == second;

		name->codes[out++] = pair ? code : name->codes[i];
		i += pair;
	}
	name->length = out;
}

static inline unsigned synth_best_pair(const struct synth_name *names, size_t count)
{
	static unsigned counts[0x10000];
	unsigned best = 0;

	memset(counts, 0, sizeof(counts));
	for (size_t i = 0; i < count; i++) {
		for (size_t k = 0; k + 1 < names[i].length; k++)
			counts[names[i].codes[k] << 8 | names[i].codes[k + 1]]++;
	}
	for (unsigned pair = 0; pair < 0x10000; pair++) {
		if (counts[pair] > counts[best])
			best = pair;
	}
	return counts[best] < 3 ? 0 : best;
}

/* Compresses pairs of bytes with the codes that no name uses, as the kernel does. */
static inline struct synth_name *synth_compress(const struct synth_symbol_vec *symbols,
						struct synth_tokens *tokens)
{
	struct synth_name *names = xcalloc(symbols->len, sizeof(*names));

	for (size_t i = 0; i < symbols->len; i++) {
		names[i].length = strlen(symbols->data[i].coded);
		memcpy(names[i].codes, symbols->data[i].coded, names[i].length);
		for (size_t k = 0; k < names[i].length; k++) {
			if (!tokens->text[names[i].codes[k]])
				tokens->text[names[i].codes[k]] =
					xasprintf("%c", names[i].codes[k]);
		}
	}
	for (unsigned code = 255; code < 256; code--) {
		unsigned pair = tokens->text[code] ? 0 : synth_best_pair(names, symbols->len);

		if (!tokens->text[code] && pair) {
			tokens->text[code] = xasprintf("%s%s", tokens->text[pair >> 8],
						       tokens->text[pair & 255]);
			for (size_t i = 0; i < symbols->len; i++)
				synth_replace_pair(&names[i], pair >> 8, pair & 255, code);
		}
		if (!tokens->text[code])
			tokens->text[code] = xstrdup("");
	}
	return names;
}

static inline void synth_addresses(struct strbuf *out, const struct synth_layout *layout,
				   const struct synth_symbol_vec *symbols)
{
	uint64_t base = SYNTH_TEXT;

	synth_align(out, layout->align);
	vec_foreach(symbols, symbol) {
		uint64_t address = symbol->address;

		switch (layout->encoding) {
		case SYNTH_PERCPU:
			synth_number(out, address < base ? address : base - address - 1, 4);
			break;
		case SYNTH_BASE:
			synth_number(out, address - base, 4);
			break;
		case SYNTH_PLACE:
			synth_number(out, address - (SYNTH_RODATA + out->len), 4);
			break;
		case SYNTH_ABSOLUTE:
			synth_number(out, address, 8);
			break;
		}
	}
	synth_align(out, layout->align);
	if (layout->encoding == SYNTH_PERCPU || layout->encoding == SYNTH_BASE)
		synth_number(out, base, 8);
}

static inline void synth_names(struct strbuf *out, const struct synth_layout *layout,
			       const struct synth_name *names, size_t count)
{
	scope_strbuf markers = STRBUF_INIT;

	synth_align(out, layout->align);
	synth_number(out, count, 4);
	synth_align(out, layout->align);

	size_t start = out->len;

	for (size_t i = 0; i < count; i++) {
		size_t length = names[i].length;

		if (i % 256 == 0)
			synth_number(&markers, out->len - start, layout->marker_width);
		if (layout->two_byte_lengths && length > 127) {
			synth_number(out, (length & 0x7f) | 0x80, 1);
			synth_number(out, length >> 7, 1);
		} else {
			synth_number(out, length, 1);
		}
		strbuf_add(out, names[i].codes, length);
	}
	synth_align(out, layout->align);
	strbuf_add(out, markers.buf, markers.len);
	synth_align(out, layout->align);
}

/*
 * The numbers are not sorted by name, since nothing reads them. The first one looks like another
 * marker.
 */
static inline void synth_seqs(struct strbuf *out, const struct synth_layout *layout, size_t count)
{
	synth_align(out, layout->align);
	for (size_t i = 0; i < count; i++) {
		size_t seq = (i * 7 + 1) % count;

		synth_number(out, seq >> 16 | (seq & 0xff00) | (seq & 0xff) << 16, 3);
	}
	synth_align(out, layout->align);
}

static inline void synth_token_tables(struct strbuf *out, const struct synth_layout *layout,
				      struct synth_tokens *tokens)
{
	scope_strbuf index = STRBUF_INIT;
	size_t start = out->len;

	for (unsigned i = 0; i < 256; i++) {
		synth_number(&index, out->len - start, 2);
		strbuf_add(out, tokens->text[i], strlen(tokens->text[i]) + 1);
		free(tokens->text[i]);
	}
	synth_align(out, layout->align);
	strbuf_add(out, index.buf, index.len);
}

/* Appends the tables to `out`, which becomes .rodata. */
static inline void synth_kallsyms(struct strbuf *out, const struct synth_layout *layout,
				  const struct synth_symbol_vec *symbols)
{
	struct synth_tokens tokens = {};
	scope_free struct synth_name *names = synth_compress(symbols, &tokens);

	if (layout->addresses_first)
		synth_addresses(out, layout, symbols);
	synth_names(out, layout, names, symbols->len);
	if (layout->seqs && layout->addresses_first)
		synth_seqs(out, layout, symbols->len);
	synth_token_tables(out, layout, &tokens);
	if (!layout->addresses_first)
		synth_addresses(out, layout, symbols);
	if (layout->seqs && !layout->addresses_first)
		synth_seqs(out, layout, symbols->len);
}

/* Adds other contents of a kernel's .rodata, some of which look a little like the tables. */
static inline void synth_rodata(struct strbuf *out, const struct synth_layout *layout,
				const struct synth_symbol_vec *symbols)
{
	static const char banner[] = SYNTH_BANNER;
	static const char format[] = "Linux version %s (%s)";

	strbuf_add(out, format, sizeof(format));
	synth_align(out, 64);
	for (unsigned i = 0; i < 256; i++)
		synth_number(out, i, 2);
	for (unsigned i = 0; i < 40; i++)
		synth_number(out, i * 1000, 4);
	strbuf_add(out, banner, sizeof(banner));
	synth_align(out, 64);
	synth_kallsyms(out, layout, symbols);
	synth_align(out, 64);
	strbuf_add(out, "more read-only data", 20);
}

struct synth_section {
	const char *name;
	uint32_t type;
	uint64_t flags, address, size;
	struct bytes bytes;
};

/* Makes an ET_EXEC with those sections and no segments. */
static inline void synth_elf(struct strbuf *out, const struct synth_section *sections, size_t count)
{
	scope_strbuf names = STRBUF_INIT, headers = STRBUF_INIT;
	Elf64_Shdr shdr = {};
	Elf64_Ehdr ehdr = {
		.e_ident = {0x7f, 'E', 'L', 'F', ELFCLASS64, ELFDATA2LSB, EV_CURRENT},
		.e_type = ET_EXEC,
		.e_machine = EM_X86_64,
		.e_version = EV_CURRENT,
		.e_ehsize = sizeof(Elf64_Ehdr),
		.e_shentsize = sizeof(Elf64_Shdr),
		.e_shnum = count + 2,
		.e_shstrndx = count + 1,
	};

	strbuf_add(out, &ehdr, sizeof(ehdr));
	strbuf_add(&headers, &shdr, sizeof(shdr));
	strbuf_addch(&names, '\0');
	for (size_t i = 0; i < count; i++) {
		synth_align(out, 16);
		shdr = (Elf64_Shdr){.sh_name = names.len,
				    .sh_type = sections[i].type,
				    .sh_flags = sections[i].flags,
				    .sh_addr = sections[i].address,
				    .sh_offset = out->len,
				    .sh_size = sections[i].size,
				    .sh_addralign = 16};
		strbuf_add(&headers, &shdr, sizeof(shdr));
		strbuf_add(out, sections[i].bytes.data, sections[i].bytes.size);
		strbuf_add(&names, sections[i].name, strlen(sections[i].name) + 1);
	}
	shdr = (Elf64_Shdr){.sh_name = names.len,
			    .sh_type = SHT_STRTAB,
			    .sh_offset = out->len,
			    .sh_size = names.len + sizeof(".shstrtab"),
			    .sh_addralign = 1};
	strbuf_add(&headers, &shdr, sizeof(shdr));
	strbuf_add(&names, ".shstrtab", sizeof(".shstrtab"));
	strbuf_add(out, names.buf, names.len);
	synth_align(out, 8);
	ehdr.e_shoff = out->len;
	strbuf_add(out, headers.buf, headers.len);
	memcpy(out->buf, &ehdr, sizeof(ehdr));
}

/* Makes a vmlinux around a .rodata. */
static inline void synth_vmlinux(struct strbuf *out, struct bytes rodata)
{
	static const uint8_t text[SYNTH_TEXT_SIZE] = {0xf3, 0x0f, 0x1e, 0xfa};
	static const uint8_t note[] =
		"\4\0\0\0\10\0\0\0\3\0\0\0GNU\0\x01\x23\x45\x67\x89\xab\xcd\xef";
	const struct synth_section sections[] = {
		{".text",
		 SHT_PROGBITS,
		 SHF_ALLOC | SHF_EXECINSTR,
		 SYNTH_TEXT,
		 sizeof(text),
		 {text, sizeof(text)}},
		{".rodata", SHT_PROGBITS, SHF_ALLOC, SYNTH_RODATA, rodata.size, rodata},
		{".notes",
		 SHT_NOTE,
		 SHF_ALLOC,
		 SYNTH_NOTES,
		 sizeof(note) - 1,
		 {note, sizeof(note) - 1}},
		{".data..percpu", SHT_PROGBITS, SHF_ALLOC | SHF_WRITE, 0, 128, {text, 128}},
		{".bss", SHT_NOBITS, SHF_ALLOC | SHF_WRITE, SYNTH_BSS, SYNTH_BSS_SIZE},
		{".comment", SHT_PROGBITS, 0, 0, 256, {text, 256}},
	};

	synth_elf(out, sections, array_size(sections));
}

/* Makes a whole vmlinux with count symbols, and leaves these in `symbols`. */
static inline void synth_kernel(struct strbuf *out, const struct synth_layout *layout, size_t count,
				struct synth_symbol_vec *symbols)
{
	scope_strbuf rodata = STRBUF_INIT;

	synth_symbols(layout, count, symbols);
	synth_rodata(&rodata, layout, symbols);
	synth_vmlinux(out, (struct bytes){(uint8_t *)rodata.buf, rodata.len});
}

/* Makes a bzImage around a compressed kernel, with some real-mode code before and behind it. */
static inline void synth_bzimage(struct strbuf *out, const void *payload, size_t size)
{
	uint8_t setup[3 * 512 + 100] = {};
	uint32_t offset = 100, length = size;

	setup[0x1f1] = 2;
	memcpy(setup + 0x1fe, "\x55\xaa", 2);
	memcpy(setup + 0x202, "HdrS", 4);
	memcpy(setup + 0x206, "\x0f\x02", 2);
	memcpy(setup + 0x248, &offset, 4);
	memcpy(setup + 0x24c, &length, 4);
	strbuf_add(out, setup, sizeof(setup));
	strbuf_add(out, payload, size);
	strbuf_add(out, "a signature", 12);
}

static inline struct bytes synth_bytes(const struct strbuf *sb)
{
	return (struct bytes){(const uint8_t *)sb->buf, sb->len};
}

#endif
