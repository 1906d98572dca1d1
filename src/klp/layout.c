/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Finds the counterpart of each symbol in the object that has the kernel's layout. */
#include "klp/layout.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"

struct layout {
	struct elf_object *object;
	const struct elf_symbol **twins; /* by the index of unit->orig's symbol */
	size_t nr_twins;
};

/* Orders symbols by name, and those of one name as in the file. */
static int layout_compare(const void *a, const void *b)
{
	const struct elf_symbol *left = *(struct elf_symbol *const *)a;
	const struct elf_symbol *right = *(struct elf_symbol *const *)b;
	int order = strcmp(left->name, right->name);

	return order ? order : (left->index > right->index) - (left->index < right->index);
}

static void layout_sorted(const struct elf_object *object, struct elf_symbol_vec *symbols)
{
	vec_foreach(&object->symbols, it)
		if ((*it)->type != STT_SECTION && *(*it)->name)
			vec_push(symbols, *it);
	if (symbols->len)
		qsort(symbols->data, symbols->len, sizeof(*symbols->data), layout_compare);
}

/*
 * Finds the twin of each symbol.  Both objects come from one text, so they have the same symbols,
 * in different sections.
 */
static struct err *layout_pair(const struct unit *unit, struct layout *layout)
{
	struct elf_symbol_vec left = {}, right = {};
	struct err *err = NULL;

	layout_sorted(unit->orig, &left);
	layout_sorted(layout->object, &right);
	for (size_t i = 0; !err && i < left.len; i++) {
		const struct elf_symbol *from = left.data[i];
		const struct elf_symbol *to = i < right.len ? right.data[i] : NULL;

		if (!to || left.len != right.len || strcmp(from->name, to->name) ||
		    from->type != to->type || !from->section != !to->section)
			err = err_new("%s: symbol %s is not in %s", unit->orig->name, from->name,
				      layout->object->name);
		else
			layout->twins[from->index] = to;
	}
	vec_free(&left);
	vec_free(&right);
	return err;
}

/*
 * Returns the symbol of the section with the same name in the kernel's layout; not for code, whose
 * sections are named after functions here.
 */
static const struct elf_symbol *layout_section_symbol(const struct unit *unit,
						      const struct elf_section *section)
{
	const struct elf_section *twin;

	vec_foreach(&unit->orig->symbols, it)
		if ((*it)->section == section && (*it)->type == STT_FUNC && !(*it)->value)
			return unit->layout->twins[(*it)->index];
	twin = elf_find_section(unit->layout->object, section->name);
	return twin ? twin->symbol : NULL;
}

struct err *layout_open(struct unit *unit)
{
	uint32_t last = 0;

	if (!unit->source->layout)
		return NULL;
	unit->layout = xcalloc(1, sizeof(*unit->layout));
	err_try(elf_object_open(unit->source->layout, &unit->layout->object));
	vec_foreach(&unit->orig->symbols, it)
		last = (*it)->index > last ? (*it)->index : last;
	unit->layout->nr_twins = last + 1;
	unit->layout->twins = xcalloc(unit->layout->nr_twins, sizeof(*unit->layout->twins));
	return layout_pair(unit, unit->layout);
}

void layout_free(struct layout *layout)
{
	if (!layout)
		return;
	elf_object_free(layout->object);
	free(layout->twins);
	free(layout);
}

const struct elf_object *layout_object(const struct unit *unit)
{
	return unit->layout ? unit->layout->object : unit->orig;
}

const struct elf_symbol *layout_symbol(const struct unit *unit, const struct elf_symbol *orig)
{
	if (!unit->layout || !orig)
		return orig;
	if (orig->type == STT_SECTION)
		return layout_section_symbol(unit, orig->section);
	return orig->index < unit->layout->nr_twins ? unit->layout->twins[orig->index] : NULL;
}
