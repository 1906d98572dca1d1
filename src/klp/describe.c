/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads the information in a finished livepatch module. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/file.h"
#include "base/file_kind.h"
#include "base/strbuf.h"
#include "image/image.h"
#include "klp/anchor.h"
#include "klp/describe.h"
#include "klp/glue.h"

#define STATE_SIZE 24
#define THIS_MODULE_NAME 24

const char *klp_module_info(const struct klp_module *module, const char *key)
{
	size_t len = strlen(key);

	vec_foreach(&module->info, it)
		if (!strncmp(*it, key, len) && (*it)[len] == '=')
			return *it + len + 1;
	return NULL;
}

static struct err *describe_info(const struct elf_object *obj, struct str_vec *info)
{
	const struct elf_section *section = elf_find_section(obj, ".modinfo");

	if (!section)
		return err_new("%s: not a kernel module (no .modinfo)", obj->name);

	struct cursor cur = cursor_at((struct bytes){section->data, section->size}, 0);

	while (cursor_left(&cur)) {
		const char *entry = cursor_string(&cur);

		if (!entry)
			return err_new("%s: .modinfo is cut off", obj->name);
		if (*entry)
			vec_push(info, xstrdup(entry));
	}
	return NULL;
}

/* Adds a function by the value of suture_function, "vmlinux fs/pipe.c pipe_release 0 exact". */
static struct err *describe_function(const struct elf_object *obj, const char *line,
				     struct klp_module *module)
{
	scope_free char *object = NULL, *file = NULL, *name = NULL, *proof = NULL;
	unsigned sympos;

	if (sscanf(line, "%ms %ms %ms %u %ms", &object, &file, &name, &sympos, &proof) != 5)
		return err_new("%s: .modinfo: suture_function is not valid: %s", obj->name, line);
	vec_push(&module->functions,
		 (struct klp_module_function){take_ptr(object), take_ptr(file), take_ptr(name),
					      take_ptr(proof), sympos});
	return NULL;
}

/*
 * Counts the symbols that livepatch looks up.  Those of references by distance are in the table as
 * well, but no relocation that is applied uses them.
 */
static size_t count_looked_up(const struct elf_object *obj)
{
	size_t count = 0, highest = 0;

	vec_foreach(&obj->symbols, it)
		if ((*it)->index > highest)
			highest = (*it)->index;

	scope_free bool *counted = xcalloc(highest + 1, sizeof(*counted));

	vec_foreach(&obj->sections, it) {
		if (!(*it)->target)
			continue;
		vec_foreach(&(*it)->relas, rela) {
			const struct elf_symbol *symbol = rela->symbol;

			count += !symbol->section && symbol->shndx == SHN_LIVEPATCH &&
				 !counted[symbol->index];
			counted[symbol->index] = true;
		}
	}
	return count;
}

static void describe_relocations(const struct elf_object *obj, struct klp_module *module)
{
	vec_foreach(&obj->sections, it) {
		if ((*it)->target)
			module->nr_relocations += (*it)->relas.len;
		else if (!strcmp((*it)->name, ANCHOR_TABLE))
			module->nr_anchored = (*it)->size / ANCHOR_ENTRY_SIZE;
	}
	module->nr_livepatch_symbols = count_looked_up(obj);
	vec_foreach(&obj->symbols, it)
		module->nr_imports += !(*it)->section && (*it)->shndx == SHN_UNDEF;
}

/*
 * Reads the states that a patch declares.  struct klp_state begins with the id and the version; an
 * array of them ends with id 0.  A kernel whose structure is longer than that of Linux 5.1 to 6.18
 * has another array size.
 */
static void describe_states(const struct elf_section *section, struct klp_module *module)
{
	if (section->size % STATE_SIZE || !section->data)
		return;

	struct cursor cur = cursor_at((struct bytes){section->data, section->size}, 0);

	while (cursor_left(&cur)) {
		struct klp_module_state state = {cursor_u64(&cur), cursor_u32(&cur)};

		cursor_skip(&cur, STATE_SIZE - 12);
		if (!state.id)
			break;
		vec_push(&module->states, state);
	}
}

/*
 * Reads the module's name from its struct module, which on all 64-bit kernels begins with a state,
 * a list_head, and char name[MODULE_NAME_LEN].
 */
static void describe_name(const struct elf_object *obj, struct klp_module *module)
{
	const struct elf_section *section = elf_find_section(obj, ".gnu.linkonce.this_module");

	if (!section || !section->data)
		return;

	struct cursor cur =
		cursor_at((struct bytes){section->data, section->size}, THIS_MODULE_NAME);
	const char *name = cursor_string(&cur);

	if (name)
		module->name = xstrdup(name);
}

struct err *klp_module_open(const char *path, struct klp_module **modulep)
{
	scope_file_map map = {};

	err_try(file_map(path, &map));
	return klp_module_parse(path, map.bytes, modulep);
}

struct err *klp_module_parse(const char *path, struct bytes bytes, struct klp_module **modulep)
{
	scope_klp_module module = xcalloc(1, sizeof(*module));
	scope_elf obj = NULL;

	err_try(file_kind_not_module(path, bytes));
	err_try(image_module_parse(path, bytes, &obj));
	err_try(describe_info(obj, &module->info));
	describe_name(obj, module);
	if (!klp_module_info(module, "livepatch"))
		return err_new("%s: a kernel module, but not a live patch", path);
	vec_foreach(&module->info, it)
		if (str_starts(*it, "suture_function="))
			err_try(describe_function(obj, *it + strlen("suture_function="), module));

	const struct elf_section *replace = elf_find_section(obj, GLUE_REPLACE_SECTION);

	module->replace = replace && replace->size && replace->data[0];

	const struct elf_section *states = elf_find_section(obj, GLUE_STATES_SECTION);

	if (states)
		describe_states(states, module);
	describe_relocations(obj, module);
	*modulep = take_ptr(module);
	return NULL;
}

void klp_module_free(struct klp_module *module)
{
	if (!module)
		return;
	vec_foreach(&module->functions, it) {
		free(it->object);
		free(it->file);
		free(it->name);
		free(it->proof);
	}
	vec_free(&module->functions);
	vec_free(&module->states);
	str_vec_free(&module->info);
	free(module->name);
	free(module);
}

void klp_module_freep(struct klp_module **modulep)
{
	klp_module_free(*modulep);
}
