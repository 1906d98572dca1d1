/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads a module file: unpacks it, and takes from .modinfo and its symbols what a trial needs. */
#include "vm/module_file.h"

#include <string.h>

#include "base/file_kind.h"
#include "base/path.h"
#include "elf/elf.h"
#include "image/image.h"
#include "vm/vm.h"

#define ELF_MAGIC "\177ELF"

size_t module_name_length(const char *path)
{
	return strlen(path) - strlen(path_module_ending(path) ?: "");
}

char *module_name_of_path(const char *path)
{
	const char *file = path_base(path);
	char *name = xstrndup(file, module_name_length(file));

	for (char *c = name; *c; c++) {
		if (*c == '-')
			*c = '_';
	}
	return name;
}

/* Splits a list at commas, which modpost uses for "depends", and klp/ for "suture_objects". */
static void add_list(struct str_vec *vec, const char *list)
{
	while (*list) {
		size_t size = strcspn(list, ",");

		scope_free char *item = xstrndup(list, size);

		if (size && strcmp(item, "vmlinux"))
			vec_push(vec, module_name_of_path(item));
		list += size + (list[size] == ',');
	}
}

/* Takes a and b of "pre: a b post: c", since only modules to be loaded before matter here. */
static void add_wishes(struct str_vec *wishes, const char *softdep)
{
	scope_free char *copy = xstrdup(softdep);
	char *save = NULL;
	bool before = false;

	for (char *word = strtok_r(copy, " ", &save); word; word = strtok_r(NULL, " ", &save)) {
		if (str_ends(word, ":"))
			before = !strcmp(word, "pre:");
		else if (before)
			vec_push(wishes, xstrdup(word));
	}
}

static void set_string(char **string, const char *value)
{
	free(*string);
	*string = xstrndup(value, strcspn(value, " ")); /* vermagic goes on with options */
}

/* Takes the object of "OBJECT FILE FUNCTION ...". */
static void modinfo_add_function(struct vm_module_file *file, const char *value)
{
	file->functions++;
	vec_push(&file->replaced, xstrndup(value, strcspn(value, " ")));
}

static void modinfo_read_field(struct vm_module_file *file, const char *field)
{
	const char *value = strchr(field, '=');

	if (!value++)
		return;
	if (str_starts(field, "name="))
		set_string(&file->name, value);
	else if (str_starts(field, "vermagic="))
		set_string(&file->release, value);
	else if (str_starts(field, "depends="))
		add_list(&file->depends, value);
	else if (str_starts(field, "softdep="))
		add_wishes(&file->wishes, value);
	else if (str_starts(field, "alias="))
		vec_push(&file->aliases, xstrdup(value));
	else if (str_starts(field, "suture_objects="))
		add_list(&file->objects, value);
	else if (str_starts(field, "suture_function="))
		modinfo_add_function(file, value);
	else if (!strcmp(field, "livepatch=Y"))
		file->livepatch = true;
}

static void read_modinfo(struct vm_module_file *file, struct bytes info)
{
	struct cursor cur = cursor_at(info, 0);
	const char *field;

	while (cursor_left(&cur) && (field = cursor_string(&cur)))
		modinfo_read_field(file, field);
}

/* Finds the object in ".klp.rela.<object>.<section>" or ".klp.sym.<object>.<name>,<pos>". */
static void add_object(struct vm_module_file *file, const char *name, const char *prefix)
{
	if (!str_starts(name, prefix))
		return;
	name += strlen(prefix);

	const char *dot = strchr(name, '.');
	scope_free char *object = dot ? xstrndup(name, dot - name) : xstrdup("");

	add_list(&file->objects, object);
}

/* Other tools' modules do not list what they replace: it is less than what they have. */
static void count_work(struct vm_module_file *file, const struct elf_object *obj)
{
	bool listed = file->functions;

	vec_foreach(&obj->symbols, it)
		file->functions += !listed && (*it)->section && (*it)->type == STT_FUNC;
	vec_foreach(&obj->sections, it)
		if ((*it)->target)
			file->relocations += (*it)->relas.len;
}

/* Reads a module from bytes, which the caller keeps; path is for messages. */
static struct err *module_file_parse(const char *path, struct bytes bytes,
				     struct vm_module_file *file)
{
	scope_elf obj = NULL;

	file->bytes = bytes;
	file->name = module_name_of_path(path);
	err_try(file_kind_not_module(path, bytes));
	err_try(elf_object_parse(path, bytes, &obj));

	const struct elf_section *info = elf_find_section(obj, ".modinfo");

	if (!info || !info->data)
		return err_new("%s: this is not a kernel module: it has no .modinfo section", path);
	read_modinfo(file, (struct bytes){info->data, info->size});
	vec_foreach(&obj->sections, section)
		add_object(file, (*section)->name, ".klp.rela.");
	vec_foreach(&obj->symbols, symbol)
		add_object(file, (*symbol)->name, ".klp.sym.");
	str_vec_sort_unique(&file->objects);
	count_work(file, obj);
	return NULL;
}

struct err *module_file_open(const char *path, struct vm_module_file *file)
{
	*file = (struct vm_module_file){};
	err_try(file_map(path, &file->map));

	struct bytes bytes = file->map.bytes;

	if (bytes.size >= 4 && memcmp(bytes.data, ELF_MAGIC, 4)) {
		size_t size;

		err_try(image_decompress_module(path, bytes, &file->unpacked, &size));
		bytes = (struct bytes){file->unpacked, size};
	}
	return module_file_parse(path, bytes, file);
}

void module_file_close(struct vm_module_file *file)
{
	file_unmap(&file->map);
	free(file->unpacked);
	free(file->name);
	free(file->release);
	str_vec_free(&file->depends);
	str_vec_free(&file->wishes);
	str_vec_free(&file->aliases);
	str_vec_free(&file->objects);
	str_vec_free(&file->replaced);
	*file = (struct vm_module_file){};
}

struct err *vm_module_release(const char *path, char **release)
{
	scope_module_file file = {};

	err_try(module_file_open(path, &file));
	if (!file.release)
		return err_new("%s: its .modinfo has no vermagic", path);
	*release = take_ptr(file.release);
	return NULL;
}
