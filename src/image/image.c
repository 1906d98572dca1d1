/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Opens a shipped kernel and answers what its symbols, sections and bytes are. */
#include "image/image.h"

#include <gelf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/file.h"
#include "base/lower_bound.h"
#include "image/bzimage.h"
#include "image/decompress.h"
#include "image/kallsyms.h"
#include "image/name_index.h"
#include "image/part.h"

struct image {
	char *name;
	struct file_map map; /* contains the ELF bytes unless they had to be unpacked */
	uint8_t *unpacked;   /* contains the ELF bytes if they had to be unpacked */
	struct bytes elf;
	struct image_part_vec parts;
	struct kallsyms kallsyms;
	struct name_index by_name;
	char *banner, *release, *build_id;
	uint64_t note_address; /* of the note that holds the build id */
	struct bytes note;
};

static struct err *read_parts(struct image *image, Elf *elf)
{
	const Elf64_Ehdr *ehdr = elf64_getehdr(elf);
	size_t count, shstrndx;
	struct bytes unused;

	if (!ehdr || ehdr->e_machine != EM_X86_64 || ehdr->e_ident[EI_DATA] != ELFDATA2LSB ||
	    (ehdr->e_type != ET_EXEC && ehdr->e_type != ET_DYN))
		return err_new("%s: not an x86-64 vmlinux", image->name);
	/* For libelf, a file that ends before its section headers has no sections. */
	if (elf_getshdrnum(elf, &count) || !count || elf_getshdrstrndx(elf, &shstrndx) ||
	    !bytes_slice(image->elf, ehdr->e_shoff, count * sizeof(Elf64_Shdr), &unused))
		return err_new("%s: vmlinux: no section headers (truncated?)", image->name);

	for (Elf_Scn *scn = elf_nextscn(elf, NULL); scn; scn = elf_nextscn(elf, scn)) {
		const Elf64_Shdr *shdr = elf64_getshdr(scn);
		const char *name = shdr ? elf_strptr(elf, shstrndx, shdr->sh_name) : NULL;

		if (!name)
			return err_new("%s: vmlinux: section %zu has no valid header or name",
				       image->name, elf_ndxscn(scn));

		struct image_part part = {.type = shdr->sh_type,
					  .flags = shdr->sh_flags,
					  .address = shdr->sh_addr,
					  .size = shdr->sh_size};

		if (part.type != SHT_NOBITS &&
		    !bytes_slice(image->elf, shdr->sh_offset, shdr->sh_size, &part.bytes))
			return err_new("%s: vmlinux: %s lies outside the file (truncated?)",
				       image->name, name);
		if (part.address + part.size < part.address)
			return err_new("%s: vmlinux: %s has no valid address", image->name, name);
		part.name = xstrdup(name);
		vec_push(&image->parts, part);
	}
	return NULL;
}

/* Finds the first note "GNU" of type NT_GNU_BUILD_ID. */
static char *find_build_id(struct image *image, Elf *elf)
{
	for (Elf_Scn *scn = elf_nextscn(elf, NULL); scn; scn = elf_nextscn(elf, scn)) {
		const Elf64_Shdr *shdr = elf64_getshdr(scn);
		Elf_Data *data = shdr && shdr->sh_type == SHT_NOTE ? elf_getdata(scn, NULL) : NULL;
		size_t start = 0, next, name, desc;
		GElf_Nhdr note;

		for (; data && (next = gelf_getnote(data, start, &note, &name, &desc));
		     start = next) {
			const char *bytes = data->d_buf;

			if (note.n_type != NT_GNU_BUILD_ID || note.n_namesz != sizeof("GNU") ||
			    memcmp(bytes + name, "GNU", sizeof("GNU")) || !note.n_descsz)
				continue;

			char *hex = xmalloc((size_t)note.n_descsz * 2 + 1);

			for (size_t i = 0; i < note.n_descsz; i++)
				sprintf(hex + 2 * i, "%02x", (uint8_t)bytes[desc + i]);
			image->note_address = shdr->sh_addr + start;
			bytes_slice(image->elf, shdr->sh_offset + start,
				    desc + note.n_descsz - start, &image->note);
			return hex;
		}
	}
	return NULL;
}

/* Reads what follows an address in its section. */
static bool read_rest(const struct image *image, uint64_t address, struct bytes *bytes)
{
	vec_foreach(&image->parts, part)
		if (part->flags & SHF_ALLOC && address >= part->address &&
		    address - part->address < part->bytes.size)
			return bytes_slice(part->bytes, address - part->address,
					   part->bytes.size - (address - part->address), bytes);
	return false;
}

#define BANNER_START "Linux version "

/*
 * Reads linux_banner by its symbol.  Since Linux 6.1, the image may hold another text that looks
 * like it, but lacks the number of the build (init/version-timestamp.c).
 */
static const char *named_banner(const struct image *image, size_t *size)
{
	uint64_t address;
	struct bytes bytes;

	if (!image_address(image, "linux_banner", 0, &address) ||
	    !read_rest(image, address, &bytes))
		return NULL;
	*size = strnlen((const char *)bytes.data, bytes.size);
	return *size < bytes.size && str_starts((const char *)bytes.data, BANNER_START)
		       ? (const char *)bytes.data
		       : NULL;
}

/* Finds linux_banner by its text where symbols do not tell. */
static const char *find_banner(const struct image *image, size_t *size)
{
	static const char start[] = BANNER_START;
	size_t prefix = sizeof(start) - 1;

	vec_foreach(&image->parts, part) {
		struct bytes left = part->bytes;

		if (!(part->flags & SHF_ALLOC))
			continue;
		while (left.size > prefix) {
			const uint8_t *found = memmem(left.data, left.size, start, prefix);

			if (!found)
				break;
			left.size -= found - left.data;
			left.data = found;
			if (left.size > prefix && found[prefix] >= '0' && found[prefix] <= '9') {
				*size = strnlen((const char *)found, left.size);
				return (const char *)found;
			}
			left.data += prefix;
			left.size -= prefix;
		}
	}
	*size = 0;
	return "";
}

static void read_banner(struct image *image)
{
	size_t size;
	const char *banner = named_banner(image, &size);

	if (!banner)
		banner = find_banner(image, &size);
	image->banner = xstrndup(banner, size);
	image->banner[strcspn(image->banner, "\n")] = '\0';

	const char *release = image->banner;

	for (int word = 0; word < 2; word++) {
		release += strcspn(release, " ");
		release += strspn(release, " ");
	}
	image->release = xstrndup(release, strcspn(release, " "));
}

/* Fills in everything that follows from image->elf. */
static struct err *image_load(struct image *image)
{
	elf_version(EV_CURRENT);

	Elf *elf = elf_memory((char *)image->elf.data, image->elf.size);

	if (!elf || elf_kind(elf) != ELF_K_ELF) {
		elf_end(elf);
		return err_new("%s: neither a bzImage nor an ELF file", image->name);
	}

	struct err *err = read_parts(image, elf);

	if (!err)
		image->build_id = find_build_id(image, elf);
	elf_end(elf);
	err_try(err);
	err_try(kallsyms_decode(image->name, &image->parts, &image->kallsyms));
	name_index_build(&image->by_name, image->kallsyms.symbols, image->kallsyms.count);
	read_banner(image);
	return NULL;
}

/* Unpacks the kernel in a boot image. */
static struct err *unpack_bzimage(struct image *image, struct bytes file)
{
	struct bytes payload;
	size_t size;

	err_try(bzimage_payload(image->name, file, &payload));
	err_try(image_decompress(image->name, payload, &image->unpacked, &size));
	image->elf = (struct bytes){image->unpacked, size};
	return NULL;
}

static struct image *new_image(const char *name)
{
	struct image *image = xcalloc(1, sizeof(*image));

	image->name = xstrdup(name);
	return image;
}

struct err *image_open(const char *path, struct image **result)
{
	scope_image image = new_image(path);

	err_try(file_map(path, &image->map));
	if (bzimage_is(image->map.bytes)) {
		err_try(unpack_bzimage(image, image->map.bytes));
		file_unmap(&image->map);
	} else {
		image->elf = image->map.bytes;
	}
	err_try(image_load(image));
	*result = take_ptr(image);
	return NULL;
}

struct err *image_parse(const char *name, struct bytes bytes, struct image **result)
{
	scope_image image = new_image(name);

	if (bzimage_is(bytes)) {
		err_try(unpack_bzimage(image, bytes));
	} else {
		image->unpacked = xmemdup(bytes.data, bytes.size);
		image->elf = (struct bytes){image->unpacked, bytes.size};
	}
	err_try(image_load(image));
	*result = take_ptr(image);
	return NULL;
}

void image_free(struct image *image)
{
	if (!image)
		return;
	vec_foreach(&image->parts, part)
		free(part->name);
	vec_free(&image->parts);
	kallsyms_free(&image->kallsyms);
	name_index_free(&image->by_name);
	file_unmap(&image->map);
	free(image->unpacked);
	free(image->banner);
	free(image->release);
	free(image->build_id);
	free(image->name);
	free(image);
}

void image_freep(struct image **imagep)
{
	image_free(*imagep);
}

const char *image_name(const struct image *image)
{
	return image->name;
}

struct bytes image_elf(const struct image *image)
{
	return image->elf;
}

const char *image_banner(const struct image *image)
{
	return image->banner;
}

const char *image_release(const struct image *image)
{
	return image->release;
}

const char *image_build_id(const struct image *image)
{
	return image->build_id;
}

bool image_build_id_note(const struct image *image, uint64_t *address, struct bytes *note)
{
	*address = image->note_address;
	*note = image->note;
	return image->note.size;
}

const struct image_symbol *image_symbols(const struct image *image, size_t *count)
{
	*count = image->kallsyms.count;
	return image->kallsyms.symbols;
}

size_t image_find(const struct image *image, const char *name,
		  const struct image_symbol *const **matches)
{
	return name_index_find(&image->by_name, name, matches);
}

bool image_address(const struct image *image, const char *name, unsigned sympos, uint64_t *address)
{
	const struct image_symbol *const *symbols;
	size_t count = image_find(image, name, &symbols);

	if (sympos ? sympos > count : count != 1)
		return false;
	*address = symbols[sympos ? sympos - 1 : 0]->address;
	return true;
}

const struct image_symbol *image_symbol_at(const struct image *image, uint64_t address,
					   size_t *count)
{
	const struct kallsyms *kallsyms = &image->kallsyms;
	size_t first = lower_bound(kallsyms->symbols, kallsyms->count, it, it->address < address);
	size_t end = first;

	while (end < kallsyms->count && kallsyms->symbols[end].address == address)
		end++;
	*count = end - first;
	return *count ? &kallsyms->symbols[first] : NULL;
}

bool image_read(const struct image *image, uint64_t address, uint64_t size, struct bytes *bytes)
{
	*bytes = (struct bytes){};
	vec_foreach(&image->parts, part) {
		if (part->flags & SHF_ALLOC && address >= part->address && part->bytes.size &&
		    bytes_slice(part->bytes, address - part->address, size, bytes))
			return true;
	}
	return false;
}

bool image_is_code(const struct image *image, uint64_t address)
{
	vec_foreach(&image->parts, part)
		if (part->flags & SHF_ALLOC && address >= part->address &&
		    address - part->address < part->size)
			return (part->flags & (SHF_EXECINSTR | SHF_WRITE)) == SHF_EXECINSTR;
	return false;
}

const char *image_section_at(const struct image *image, uint64_t address)
{
	vec_foreach(&image->parts, part)
		if (part->flags & SHF_ALLOC && address >= part->address &&
		    address - part->address < part->size)
			return part->name;
	return NULL;
}

bool image_is_granular(const struct image *image)
{
	vec_foreach(&image->parts, part)
		if (part->flags & SHF_EXECINSTR && str_starts(part->name, ".text."))
			return true;
	return false;
}

bool image_section(const struct image *image, const char *name, uint64_t *address,
		   struct bytes *bytes)
{
	vec_foreach(&image->parts, part) {
		if (strcmp(part->name, name))
			continue;
		if (address)
			*address = part->address;
		if (bytes)
			*bytes = part->bytes;
		return true;
	}
	return false;
}
