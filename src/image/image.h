/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A kernel as it was shipped: the vmlinux inside /boot/vmlinuz with the symbols of its own kallsyms
 * tables, and the modules beside it.
 *
 * An image never changes once it is open, so that several threads may read it. It owns all names,
 * symbols and bytes that it returns, which are valid as long as it exists. Addresses are link-time
 * addresses, before KASLR.
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

/* Opens a vmlinuz (x86 bzImage) or a vmlinux (x86-64 ELF) and decodes its symbols. */
struct err *image_open(const char *path, struct image **image);

/* Does the same as image_open() from memory; name is for messages, and `bytes` need not outlive the
 * call. */
struct err *image_parse(const char *name, struct bytes bytes, struct image **image);

void image_free(struct image *image);
void image_freep(struct image **imagep);
#define scope_image __attribute__((cleanup(image_freep))) struct image *

/* Finds the part of a vmlinuz that runs first, before the kernel is unpacked; false without one. */
bool image_real_mode(struct bytes file, struct bytes *part);

/* Returns the path or name that the image was opened with. */
const char *image_name(const struct image *image);

/*
 * Returns the ELF file itself, to keep the unpacked vmlinux in a cache: image_open() accepts it,
 * too.
 */
struct bytes image_elf(const struct image *image);

/* Returns "Linux version 6.1.0-54-amd64 (...) ...", without the newline; "" if there is none. */
const char *image_banner(const struct image *image);

/* Returns the banner's third word, such as "6.1.0-54-amd64"; "" without a banner. */
const char *image_release(const struct image *image);

/* Returns the GNU build id in hexadecimal, or NULL. */
const char *image_build_id(const struct image *image);

/* The note that holds the build id, from its header to the end of the id; false without one. */
bool image_build_id_note(const struct image *image, uint64_t *address, struct bytes *note);

/*
 * Returns all symbols in the order of kallsyms: by address, and those with equal addresses as the
 * kernel has them.
 */
const struct image_symbol *image_symbols(const struct image *image, size_t *count);

/*
 * Returns how many symbols have exactly that name. *matches is the array of them in the order of
 * kallsyms, so that (*matches)[n - 1] is the one that the kernel's livepatch code calls sympos n.
 * It returns 0 and NULL if there is none.
 */
size_t image_find(const struct image *image, const char *name,
		  const struct image_symbol *const **matches);

/*
 * Sets *address to that of the symbol that the kernel's livepatch code calls sympos, or, for 0, of
 * the only one of that name. Returns whether there is such a symbol.
 */
bool image_address(const struct image *image, const char *name, unsigned sympos, uint64_t *address);

/* Returns the first of the *count symbols at exactly that address, or NULL and 0. */
const struct image_symbol *image_symbol_at(const struct image *image, uint64_t address,
					   size_t *count);

/*
 * Reads size bytes at a virtual address. Returns false and no bytes unless a single section of the
 * running kernel (SHF_ALLOC) contains all of them in the file.
 */
bool image_read(const struct image *image, uint64_t address, uint64_t size, struct bytes *bytes);

/*
 * Returns whether the address is in a section that is executable and not writable. The letters of
 * symbols do not say this: since Linux 7.0, .data has the flag for execution, and nm marks all
 * symbols in it 'T'.
 */
bool image_is_code(const struct image *image, uint64_t address);

/*
 * The name of the section of the running kernel (SHF_ALLOC) that has this address, or NULL.  Where
 * per-CPU data begins at address 0 (before Linux 6.15), ".data..percpu" has the lowest addresses.
 */
const char *image_section_at(const struct image *image, uint64_t address);

/*
 * Whether the image has a section for a function alone, as for randomisation of single functions.
 */
bool image_is_granular(const struct image *image);

/* Finds the first section of that name; SHT_NOBITS has no bytes. address and bytes may be NULL. */
bool image_section(const struct image *image, const char *name, uint64_t *address,
		   struct bytes *bytes);

/*
 * Opens a module file, plain or compressed (.xz, .gz, .zst, recognised by its content), as an
 * object whose symbols are in file order, which is the order of the kernel's kallsyms for modules.
 * A module without a symbol table is an error.
 */
struct err *image_module_open(const char *path, struct elf_object **obj);

/* Opens a module from the file's bytes; path is for messages. */
struct err *image_module_parse(const char *path, struct bytes bytes, struct elf_object **obj);

/*
 * Decompresses gzip, xz, zstd, lz4 (legacy frames, as kernels use), bzip2 or lzma, recognised by
 * their magic numbers. Bytes after the compressed stream are ignored. The caller owns the result
 * (free()), which is at most 1 GiB. If the bytes have none of these formats, the error says "not
 * compressed".
 */
struct err *image_decompress(const char *name, struct bytes in, uint8_t **data, size_t *size);

/*
 * Does the same as image_decompress() for a module, with a limit of 256 MiB: with debug data, the
 * largest have about 100.
 */
struct err *image_decompress_module(const char *name, struct bytes in, uint8_t **data,
				    size_t *size);

#endif
