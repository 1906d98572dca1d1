/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads a module file of the kernel, compressed or not, as an ELF object. */
#include <stdlib.h>

#include "base/alloc.h"
#include "base/file.h"
#include "image/decompress.h"
#include "image/image.h"

struct err *image_module_open(const char *path, struct elf_object **result)
{
	scope_file_map map = {};

	err_try(file_map(path, &map));
	return image_module_parse(path, map.bytes, result);
}

struct err *image_module_parse(const char *path, struct bytes bytes, struct elf_object **result)
{
	scope_free uint8_t *unpacked = NULL;
	scope_elf obj = NULL;

	if (image_is_compressed(bytes)) {
		size_t size;

		err_try(image_decompress_module(path, bytes, &unpacked, &size));
		bytes = (struct bytes){unpacked, size};
	}
	err_try(elf_object_parse(path, bytes, &obj));
	if (obj->type != ET_REL)
		return err_new("%s: not a kernel module: not a relocatable object", path);
	if (!obj->symbols.len)
		return err_new(
			"%s: the module has no symbol table: it was stripped, and the kernel cannot be asked for its symbols either",
			path);
	*result = take_ptr(obj);
	return NULL;
}
