/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Joins atoms by the names that they share.  Whoever uses what changes on a line that changes
 * belongs to it; whoever uses something whose interface changes, too; and what two places do anew
 * with the same member of a structure, when few places do.
 */
#include "cover/links.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/path.h"
#include "reach/tree_files.h"

/* A member that more atoms than this use anew is no sign that they belong together. */
#define MAX_SHARED 3

size_t links_unit(size_t *unit, size_t atom)
{
	while (unit[atom] != atom) {
		unit[atom] = unit[unit[atom]];
		atom = unit[atom];
	}
	return atom;
}

void links_join(size_t *unit, size_t one, size_t two)
{
	one = links_unit(unit, one);
	two = links_unit(unit, two);
	/* The first in the order of files stands for all. */
	if (one < two)
		unit[two] = one;
	else
		unit[one] = two;
}

struct atom_list VEC(size_t);

/* For each name, the atoms that have it in one of their sets. */
struct user_index {
	struct atom_list *by_name;
	size_t count;
};

static void index_fill(const struct atoms *atoms, size_t set, struct user_index *index)
{
	index->count = atoms->names.text.len;
	index->by_name = xcalloc(index->count + 1, sizeof(*index->by_name));
	for (size_t i = 0; i < atoms->atoms.len; i++) {
		const struct name_set *names =
			(const void *)((const char *)&atoms->atoms.data[i] + set);

		vec_foreach(names, it)
			vec_push(&index->by_name[*it], i);
	}
}

static void index_clear(struct user_index *index)
{
	for (size_t i = 0; i < index->count; i++)
		vec_free(&index->by_name[i]);
	free(index->by_name);
}

struct linking {
	const struct atoms *atoms;
	size_t *unit;
	struct user_index added, removed, touched, named, members, declared;
};

/* Whether what one atom declares can be meant where the other names it. */
static bool can_mean(const struct source_atom *one, const struct source_atom *two)
{
	return !one->is_local || one->file == two->file;
}

static void join_users(struct linking *links, size_t atom, const struct name_set *names,
		       const struct user_index *users)
{
	const struct source_atom *one = &links->atoms->atoms.data[atom];

	vec_foreach(names, name)
		vec_foreach(&users->by_name[*name], user)
			if (can_mean(one, &links->atoms->atoms.data[*user]))
				links_join(links->unit, atom, *user);
}

static void join_atom(struct linking *links, size_t atom)
{
	const struct source_atom *one = &links->atoms->atoms.data[atom];

	/* New, gone or changed, and used on lines that change. */
	join_users(links, atom, &one->declares, &links->touched);
	join_users(links, atom, &one->brings, &links->added);
	join_users(links, atom, &one->takes, &links->removed);
	if (one->interface)
		join_users(links, atom, &one->declares, &links->named);
	/* A declaration and its definition. */
	join_users(links, atom, &one->declares, &links->declared);
}

static void join_members(struct linking *links)
{
	for (size_t name = 0; name < links->members.count; name++) {
		const struct atom_list *users = &links->members.by_name[name];

		for (size_t i = 1; i < users->len && users->len <= MAX_SHARED; i++)
			links_join(links->unit, users->data[0], users->data[i]);
	}
}

/* A makefile goes with the files that come or go in its folder. */
static void join_makefiles(struct linking *links)
{
	const struct atoms *atoms = links->atoms;

	for (size_t i = 0; i < atoms->atoms.len; i++) {
		const struct tree_change *one = atoms->files.data[atoms->atoms.data[i].file].change;
		size_t folder = path_base(one->path) - one->path;

		if (!tree_is_makefile(one->path) || !folder)
			continue;
		for (size_t k = 0; k < atoms->atoms.len; k++) {
			const struct tree_change *two =
				atoms->files.data[atoms->atoms.data[k].file].change;

			if (two->before != two->after && !strncmp(one->path, two->path, folder))
				links_join(links->unit, i, k);
		}
	}
}

void links_find(const struct atoms *atoms, size_t *unit)
{
	struct linking links = {.atoms = atoms, .unit = unit};

	index_fill(atoms, offsetof(struct source_atom, added), &links.added);
	index_fill(atoms, offsetof(struct source_atom, removed), &links.removed);
	index_fill(atoms, offsetof(struct source_atom, touched), &links.touched);
	index_fill(atoms, offsetof(struct source_atom, names), &links.named);
	index_fill(atoms, offsetof(struct source_atom, members), &links.members);
	index_fill(atoms, offsetof(struct source_atom, declares), &links.declared);
	for (size_t i = 0; i < atoms->atoms.len; i++)
		unit[i] = i;
	for (size_t i = 0; i < atoms->atoms.len; i++)
		join_atom(&links, i);
	join_members(&links);
	join_makefiles(&links);
	index_clear(&links.added);
	index_clear(&links.removed);
	index_clear(&links.touched);
	index_clear(&links.named);
	index_clear(&links.members);
	index_clear(&links.declared);
}
