/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A kernel as it was shipped: the vmlinux inside /boot/vmlinuz with the symbols that
 * its own kallsyms tables hold, and the modules beside it.
 *
 * An image never changes once it is open, so several threads may read the same one.
 * Everything handed out (names, symbols, bytes) belongs to the image and lives as
 * long as it does.  Addresses are link-time addresses, before KASLR.
 */
#ifndef SUTURE_IMAGE_IMAGE_H
#define SUTURE_IMAGE_IMAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/cursor.h"
#include "base/err.h"
#include "elf/elf.h"

struct image;

struct image_symbol {
	const char *name;
	uint64_t address;
	char type; /* as nm and /proc/kallsyms print it: 'T', 'd', ... */
};

/* A vmlinuz (x86 bzImage) or a vmlinux (x86-64 ELF), with its symbols decoded. */
struct err *image_open(const char *path, struct image **image);

/* The same from memory; name is for messages, `bytes` may go away afterwards. */
struct err *image_parse(const char *name, struct bytes bytes, struct image **image);

void image_free(struct image *image);
void image_freep(struct image **imagep);
#define scope_image __attribute__((cleanup(image_freep))) struct image *

/* What image_open() was given. */
const char *image_name(const struct image *image);

/* The ELF file itself, for a cache of the unpacked vmlinux: image_open() takes it too. */
struct bytes image_elf(const struct image *image);

/* "Linux version 6.1.0-54-amd64 (...) ...", without the newline; "" when there is none. */
const char *image_banner(const struct image *image);

/* The banner's third word, "6.1.0-54-amd64"; "" without a banner. */
const char *image_release(const struct image *image);

/* The GNU build id in hexadecimal, or NULL. */
const char *image_build_id(const struct image *image);

/* All symbols in the order of kallsyms: by address; equal addresses as the kernel has them. */
const struct image_symbol *image_symbols(const struct image *image, size_t *count);

/*
 * How many symbols have exactly that name; *matches is the array of them in the order
 * of kallsyms, so that (*matches)[n - 1] is the one that the kernel's livepatch code
 * calls sympos n.  With none, 0 and NULL.
 */
size_t image_find(const struct image *image, const char *name,
		  const struct image_symbol *const **matches);

/* The first of the *count symbols at exactly that address, or NULL and 0. */
const struct image_symbol *image_symbol_at(const struct image *image, uint64_t address,
					   size_t *count);

/*
 * size bytes at a virtual address, when a single section of the running kernel (SHF_ALLOC)
 * has them all in the file; else false and no bytes.
 */
bool image_read(const struct image *image, uint64_t address, uint64_t size, struct bytes *bytes);

/*
 * Whether code is there: a section that can be executed and not written.  The letters of symbols do
 * not say so: since Linux 7.0 .data has the flag for executing, and nm calls all in it 'T'.
 */
bool image_is_code(const struct image *image, uint64_t address);

/* The first section by that name; no bytes for SHT_NOBITS.  address, bytes may be NULL. */
bool image_section(const struct image *image, const char *name, uint64_t *address,
		   struct bytes *bytes);

/*
 * A module file, plain or compressed (.xz, .gz, .zst: told by content), as an object whose
 * symbols are in file order, which is the order of the kernel's kallsyms for modules.
 * Without a symbol table that is an error.
 */
struct err *image_module_open(const char *path, struct elf_object **obj);

/* Does the same with the file's bytes; path is for messages. */
struct err *image_module_parse(const char *path, struct bytes bytes, struct elf_object **obj);

/*
 * Decompresses gzip, xz, zstd, lz4 (legacy frames, as kernels use), bzip2 or lzma, told by
 * their magic; bytes behind the compressed stream are ignored.  The result is owned by the
 * caller (free()) and at most 1 GiB.  Bytes in none of the formats are an error that says
 * "not compressed".
 */
struct err *image_decompress(const char *name, struct bytes in, uint8_t **data, size_t *size);

/* The same for a module, at most 256 MiB: with debug data the largest have some 100. */
struct err *image_decompress_module(const char *name, struct bytes in, uint8_t **data,
				    size_t *size);

#endif
