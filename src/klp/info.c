/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Writes the information in a module: .modinfo, the CRCs of its imports, its name. */
#include "klp/info.h"

#include <string.h>

#include "base/alloc.h"
#include "base/strbuf.h"
#include "klp/glue.h"

#define MODULE_NAME_SIZE 56 /* include/linux/moduleparam.h has it as 64 - sizeof(unsigned long) */

/* These are the sizes of struct modversion_info (include/linux/module.h). */
#define VERSION_SIZE 64
#define VERSION_NAME 8

static void add_info(const struct klp_link_spec *spec, struct elf_section *section,
		     const char *info)
{
	elf_section_append(spec->glue, section, info, strlen(info) + 1, 1);
}

static void add_namespaces(const struct klp_link_spec *spec, struct elf_section *section)
{
	scope_str_vec names = {};

	for (size_t i = 0; i < spec->parts.len; i++)
		vec_foreach(&spec->parts.data[i]->bindings, it)
			if (it->kind == KLP_IMPORT && *it->ns)
				vec_push(&names, xasprintf("import_ns=%s", it->ns));
	str_vec_sort_unique(&names);
	vec_foreach(&names, it)
		add_info(spec, section, *it);
}

static struct err *write_modinfo(const struct klp_link_spec *spec)
{
	struct elf_section *section = elf_find_section(spec->glue, ".modinfo");
	scope_str_vec kept = {};

	if (!section)
		return err_new("%s: no .modinfo", spec->glue->name);

	struct cursor cur = cursor_at((struct bytes){section->data, section->size}, 0);

	while (cursor_left(&cur)) {
		const char *info = cursor_string(&cur);

		if (!info)
			return err_new("%s: .modinfo is cut off", spec->glue->name);
		if (*info && !str_starts(info, "name="))
			vec_push(&kept, xstrdup(info));
	}
	section->size = 0;
	vec_foreach(&kept, it)
		add_info(spec, section, *it);

	scope_free char *name = xasprintf("name=%s", spec->name);

	add_info(spec, section, name);
	add_namespaces(spec, section);
	vec_foreach(&spec->modinfo, it)
		add_info(spec, section, *it);
	return NULL;
}

static bool has_version(const struct elf_section *versions, const char *name)
{
	for (uint64_t at = 0; at + VERSION_SIZE <= versions->size; at += VERSION_SIZE)
		if (!strncmp((char *)versions->data + at + VERSION_NAME, name,
			     VERSION_SIZE - VERSION_NAME))
			return true;
	return false;
}

/* Adds the CRCs of the parts' imports; those of the glue's own imports are there already. */
static void write_versions(const struct klp_link_spec *spec)
{
	struct elf_section *versions = elf_find_section(spec->glue, "__versions");

	if (!versions) /* a kernel without MODVERSIONS */
		return;
	for (size_t i = 0; i < spec->parts.len; i++) {
		vec_foreach(&spec->parts.data[i]->bindings, it) {
			uint8_t entry[VERSION_SIZE] = {};

			if (it->kind != KLP_IMPORT || has_version(versions, it->name))
				continue;
			for (int k = 0; k < 4; k++)
				entry[k] = it->crc >> (8 * k);
			memcpy(entry + VERSION_NAME, it->name,
			       strnlen(it->name, VERSION_SIZE - VERSION_NAME - 1));
			elf_section_append(spec->glue, versions, entry, sizeof(entry), 1);
		}
	}
}

/* Overwrites the name in struct module, which is found because it holds the glue's own name. */
static struct err *write_name(const struct klp_link_spec *spec)
{
	struct elf_section *section = elf_find_section(spec->glue, ".gnu.linkonce.this_module");
	uint8_t *field = section && section->data ? memmem(section->data, section->size, GLUE_NAME,
							   sizeof(GLUE_NAME))
						  : NULL;

	if (!field || field + MODULE_NAME_SIZE > section->data + section->size)
		return err_new("%s: struct module does not contain the name of the glue",
			       spec->glue->name);
	memset(field, 0, MODULE_NAME_SIZE);
	memcpy(field, spec->name, strnlen(spec->name, MODULE_NAME_SIZE - 1));
	return NULL;
}

struct err *klp_write_info(const struct klp_link_spec *spec)
{
	err_try(write_modinfo(spec));
	write_versions(spec);
	return write_name(spec);
}
