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
#include "base/strbuf.h"
#include "reach/tree_files.h"

/* A member that more atoms than this use anew is no sign that they belong together. */
#define MAX_SHARED 3

/* So many may use, on lines that change, what changes within; more use it for reasons of theirs. */
#define MAX_TOUCHED 8

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
	struct name_set *texts; /* of each file: the tags of changed structures that it names */
};

static const char *linking_path(const struct linking *links, size_t atom)
{
	const struct source_atom *one = &links->atoms->atoms.data[atom];

	return links->atoms->files.data[one->file].change->path;
}

/* Headers that lie beside sources are included from nearby. */
static bool is_shared_header(const char *path)
{
	return str_starts(path, "include/") || strstr(path, "/include/");
}

/* The length of a path's first folders, at most so many. */
static size_t path_top(const char *path, unsigned count)
{
	const char *end = path;

	for (const char *at = path; count && (at = strchr(at, '/')); count--)
		end = ++at;
	return end - path;
}

/* Whether what one atom declares can be meant where the other names it. */
static bool can_mean(const struct linking *links, size_t one, size_t two)
{
	const struct source_atom *first = &links->atoms->atoms.data[one];
	const struct source_atom *second = &links->atoms->atoms.data[two];
	const char *path = linking_path(links, one), *other = linking_path(links, two);
	size_t top = path_top(path, 2);

	if (first->file == second->file)
		return true;
	if (first->is_local)
		return false;
	return !str_ends(path, ".h") || is_shared_header(path) || !strncmp(path, other, top);
}

static void join_users(struct linking *links, size_t atom, const struct name_set *names,
		       const struct user_index *users, size_t limit)
{
	vec_foreach(names, name) {
		const struct atom_list *list = &users->by_name[*name];

		for (size_t i = 0; i < list->len && list->len <= limit; i++)
			if (can_mean(links, atom, list->data[i]))
				links_join(links->unit, atom, list->data[i]);
	}
}

/* Whether the text of a file names a type that the atom defines. */
static bool text_names_type(const struct linking *links, size_t file,
			    const struct source_atom *type)
{
	vec_foreach(&type->declares, it)
		if (name_set_has(&links->texts[file], *it))
			return true;
	return false;
}

/* Members have no names of their own: who uses one must name the structure somewhere. */
static void join_fields(struct linking *links, size_t atom)
{
	const struct source_atom *type = &links->atoms->atoms.data[atom];

	vec_foreach(&type->fields, name)
		vec_foreach(&links->members.by_name[*name], user)
			if (can_mean(links, atom, *user) &&
			    text_names_type(links, links->atoms->atoms.data[*user].file, type))
				links_join(links->unit, atom, *user);
}

static void join_atom(struct linking *links, size_t atom)
{
	const struct source_atom *one = &links->atoms->atoms.data[atom];

	/* What is new or gone, and what its interface changes of, concerns all who name it. */
	join_users(links, atom, &one->brings, &links->added, SIZE_MAX);
	join_users(links, atom, &one->takes, &links->removed, SIZE_MAX);
	if (one->interface)
		join_users(links, atom, &one->declares, &links->named, SIZE_MAX);
	join_fields(links, atom);
	if (one->is_type)
		return;
	/* It changes within, and is used on lines that change. */
	join_users(links, atom, &one->declares, &links->touched, MAX_TOUCHED);
	/* A declaration and its definition. */
	join_users(links, atom, &one->declares, &links->declared, SIZE_MAX);
}

static bool in_one_folder(const struct linking *links, size_t one, size_t two)
{
	const char *first = linking_path(links, one), *second = linking_path(links, two);
	size_t folder = path_base(first) - first;

	return folder == (size_t)(path_base(second) - second) && !strncmp(first, second, folder);
}

static void join_members(struct linking *links)
{
	for (size_t name = 0; name < links->members.count; name++) {
		const struct atom_list *users = &links->members.by_name[name];

		for (size_t i = 1; i < users->len && users->len <= MAX_SHARED; i++)
			if (in_one_folder(links, users->data[0], users->data[i]))
				links_join(links->unit, users->data[0], users->data[i]);
	}
}

/* Notes which tags of changed structures each file names, in either version. */
static void texts_read(struct linking *links)
{
	const struct atoms *atoms = links->atoms;
	struct name_set tags = {};

	vec_foreach(&atoms->atoms, it)
		for (size_t i = 0; it->fields.len && i < it->declares.len; i++)
			vec_push(&tags, it->declares.data[i]);
	name_set_sort(&tags);
	links->texts = xcalloc(atoms->files.len + 1, sizeof(*links->texts));
	for (size_t i = 0; i < atoms->files.len; i++) {
		const struct atom_file *file = &atoms->files.data[i];

		for (unsigned side = 0; side < 2; side++)
			names_among(&atoms->names, &file->text[side].tokens, &tags,
				    &links->texts[i]);
		/* The text of a file that is not cut is not kept; what changes of it is known. */
		for (size_t k = file->first; k < file->end && !file->is_cut; k++)
			vec_foreach(&atoms->atoms.data[k].names, name)
				if (name_set_has(&tags, *name))
					vec_push(&links->texts[i], *name);
		name_set_sort(&links->texts[i]);
	}
	vec_free(&tags);
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
	texts_read(&links);
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
	for (size_t i = 0; i < atoms->files.len; i++)
		vec_free(&links.texts[i]);
	free(links.texts);
}
