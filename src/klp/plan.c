/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Writes the tables from which the glue builds struct klp_patch. */
#include "klp/plan.h"

#include <string.h>

#include "base/alloc.h"
#include "base/strbuf.h"
#include "diff/diff.h"
#include "klp/fields.h"
#include "klp/glue.h"
#include "klp/guard.h"

struct glue_plan {
	const struct klp_link_spec *spec;
	const struct klp_symbol_map *map;
	struct elf_object *out;
	struct elf_section *objects, *funcs;
};

static uint64_t put_funcs(struct glue_plan *plan, const char *owner, const struct klp_part *part)
{
	if (strcmp(part->owner, owner))
		return 0;
	vec_foreach(&part->funcs, func) {
		uint64_t at = elf_section_append(plan->out, plan->funcs, NULL, GLUE_FUNC_SIZE, 8);

		field_put_string(plan->out, plan->funcs, at + GLUE_FUNC_OLD_NAME, func->old_name);
		field_put_pointer(plan->funcs, at + GLUE_FUNC_NEW,
				  klp_map_symbol(plan->map, part, func->new_func), 0);
		field_put_number(plan->funcs, at + GLUE_FUNC_SYMPOS, func->sympos);
	}
	return part->funcs.len;
}

/* The callbacks, in the order of the members of struct suture_object. */
static const char *const callback_names[] = {"pre_patch", "post_patch", "pre_unpatch",
					     "post_unpatch"};

/* Returns the pointer in a part's callback section. */
static struct err *put_callback(struct glue_plan *plan, const struct klp_part *part, size_t which,
				uint64_t object)
{
	uint64_t place = object + GLUE_OBJECT_CALLBACKS + 8 * which;
	scope_free char *name = xasprintf(DIFF_CALLBACK_SECTION "%s", callback_names[which]);
	const struct elf_section *section = elf_find_section(part->object, name);

	if (!section)
		return NULL;
	vec_foreach(&plan->objects->relas, it)
		if (it->offset == place)
			return err_new("%s: %s already has a %s callback", part->file, part->owner,
				       callback_names[which]);
	if (section->relas.len != 1 || section->size != 8)
		return err_new("%s: there is more than one %s callback", part->file,
			       callback_names[which]);

	const struct elf_rela *rela = &section->relas.data[0];

	field_put_pointer(plan->objects, place, klp_map_symbol(plan->map, part, rela->symbol),
			  rela->addend);
	return NULL;
}

static struct err *put_object(struct glue_plan *plan, const char *owner)
{
	const struct klp_part_vec *parts = &plan->spec->parts;
	uint64_t first = plan->funcs->size, count = 0;
	uint64_t at = elf_section_append(plan->out, plan->objects, NULL, GLUE_OBJECT_SIZE, 8);

	for (size_t i = 0; i < parts->len; i++)
		count += put_funcs(plan, owner, parts->data[i]);
	if (!count) /* an object may have callbacks only, but the glue expects a pointer here */
		elf_section_append(plan->out, plan->funcs, NULL, GLUE_FUNC_SIZE, 8);
	if (strcmp(owner, "vmlinux"))
		field_put_string(plan->out, plan->objects, at + GLUE_OBJECT_NAME, owner);
	field_put_pointer(plan->objects, at + GLUE_OBJECT_FUNCS,
			  elf_section_symbol(plan->out, plan->funcs), first);
	field_put_number(plan->objects, at + GLUE_OBJECT_NR_FUNCS, count);
	for (size_t i = 0; i < parts->len; i++)
		for (size_t k = 0;
		     !strcmp(parts->data[i]->owner, owner) && k < array_size(callback_names); k++)
			err_try(put_callback(plan, parts->data[i], k, at));
	return NULL;
}

static void resize_symbol(struct elf_object *out, const char *name, uint64_t size)
{
	struct elf_symbol *symbol = elf_find_symbol(out, name);

	if (symbol)
		symbol->size = size;
}

/* Puts the states that the parts declare in front of the zero entry that ends the glue's array. */
static struct err *put_states(struct glue_plan *plan)
{
	struct elf_section *states = elf_find_section(plan->out, GLUE_STATES_SECTION);
	uint64_t size = states ? states->size : 0;

	if (!size)
		return err_new("%s: the compiled glue lacks its states", plan->out->name);
	states->size = 0;
	for (size_t i = 0; i < plan->spec->parts.len; i++) {
		const struct elf_section *from = elf_find_section(plan->spec->parts.data[i]->object,
								  DIFF_CALLBACK_SECTION "states");

		if (!from)
			continue;
		if (from->size % size || from->relas.len)
			return err_new("%s: a state must be a plain struct klp_state",
				       plan->spec->parts.data[i]->file);
		elf_section_append(plan->out, states, from->data, from->size, 1);
	}
	elf_section_append(plan->out, states, NULL, size, 1);
	resize_symbol(plan->out, "suture_states", states->size);
	return NULL;
}

struct err *klp_write_plan(const struct klp_link_spec *spec, const struct klp_symbol_map *map)
{
	struct elf_object *out = spec->glue;
	struct glue_plan plan = {.spec = spec, .map = map, .out = out};
	struct elf_section *replace = elf_find_section(out, GLUE_REPLACE_SECTION);
	scope_str_vec owners = {};

	plan.objects = elf_find_section(out, GLUE_OBJECTS_SECTION);
	if (!plan.objects || plan.objects->size < GLUE_OBJECT_SIZE || !replace || !replace->size)
		return err_new("%s: the compiled glue lacks its tables", out->name);
	plan.objects->size = 0; /* the table is written again, with a zero entry at its end */
	plan.funcs = elf_add_section(out, ".suture.funcs", SHT_PROGBITS, SHF_ALLOC | SHF_WRITE, 8);
	replace->data[0] = spec->replace;

	for (size_t i = 0; i < spec->parts.len; i++)
		vec_push(&owners, xstrdup(spec->parts.data[i]->owner));
	str_vec_sort_unique(&owners);
	vec_foreach(&owners, owner)
		err_try(put_object(&plan, *owner));
	elf_section_append(out, plan.objects, NULL, GLUE_OBJECT_SIZE, 8);
	resize_symbol(out, "suture_objects", plan.objects->size);
	err_try(guard_write(out, &spec->guard));
	return put_states(&plan);
}
