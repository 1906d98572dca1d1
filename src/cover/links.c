/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Joins atoms into units by the names that they share. Two atoms belong together if one uses, on a
 * line that changes, what the other declares; if one names anything whose prototype the other
 * changes; and if both change their use of the same member of a structure, which few atoms do. What
 * is added for many users in many folders is needed by each of them, but joins them no more.
 */
#include "cover/links.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/path.h"
#include "base/strbuf.h"
#include "reach/tree_files.h"

/* If more atoms than this change their use of a member, it does not join them. */
#define MAX_SHARED 3

/* If more changed lines than this use a function whose body changes, it does not join them. */
#define MAX_TOUCHED 8

/*
 * If more atoms than this, in at least so many folders, use what another one adds or removes, they
 * are not parts of one fix: each needs what is added, and what is removed needs each.
 */
#define MAX_ONE_FIX 4
#define MANY_FOLDERS 3

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
	/* The lowest number represents the unit, so that units are in the order of files. */
	if (one < two)
		unit[two] = one;
	else
		unit[one] = two;
}

/* Lists, for each name, the atoms that contain it in one particular set. */
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
	struct atom_need_vec *needs;
	struct user_index added, removed, touched, named, members, declared;
	struct name_set *texts; /* for each file: the tags of changed structures that it names */
};

static const char *linking_path(const struct linking *links, size_t atom)
{
	const struct source_atom *one = &links->atoms->atoms.data[atom];

	return links->atoms->files.data[one->file].change->path;
}

/* Other headers lie beside sources and are only included from nearby. */
static bool is_shared_header(const char *path)
{
	return str_starts(path, "include/") || strstr(path, "/include/");
}

/* Returns the length of a path's first `count` folders, or of all if it has fewer. */
static size_t path_top(const char *path, unsigned count)
{
	const char *end = path;

	for (const char *at = path; count && (at = strchr(at, '/')); count--)
		end = ++at;
	return end - path;
}

/* Returns whether a name in atom `two` can refer to a declaration in atom `one`. */
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

static size_t linking_folder(const struct linking *links, size_t atom)
{
	const char *path = linking_path(links, atom);

	return path_base(path) - path;
}

static bool linking_same_folder(const struct linking *links, size_t one, size_t two)
{
	size_t len = linking_folder(links, one);

	return len == linking_folder(links, two) &&
	       !strncmp(linking_path(links, one), linking_path(links, two), len);
}

/* Returns whether the users are too many, in too many folders, to be parts of one fix. */
static bool users_are_many(const struct linking *links, const struct atom_list *users)
{
	size_t folders = 0;

	for (size_t i = 0; i < users->len && users->len > MAX_ONE_FIX; i++) {
		size_t before = 0;

		while (before < i &&
		       !linking_same_folder(links, users->data[before], users->data[i]))
			before++;
		folders += before == i;
		if (folders == MANY_FOLDERS)
			return true;
	}
	return false;
}

/* Lets users need what the atom adds, or lets the atom need the users of what it removes. */
static void link_needs(struct linking *links, size_t atom, const struct atom_list *users, bool adds)
{
	vec_foreach(users, user)
		vec_push(links->needs,
			 adds ? (struct atom_need){*user, atom} : (struct atom_need){atom, *user});
}

/*
 * Links an atom with the users of what it adds, or removes. A declaration alone is no part of a
 * fix; if what it declares is new, the definition is linked, too.
 */
static void link_users(struct linking *links, size_t atom, const struct atom_list *users, bool adds)
{
	bool many = links->atoms->atoms.data[atom].only_declares || users_are_many(links, users);

	if (many)
		link_needs(links, atom, users, adds);
	for (size_t i = 0; i < users->len && !many; i++)
		links_join(links->unit, atom, users->data[i]);
}

/*
 * Links a structure with the users of a member that it gains or loses. Fixes that have nothing else
 * in common may change the same structure, so the member joins its users; join_single() adds the
 * structure if all users are one unit.
 */
static void link_member_users(struct linking *links, size_t atom, const struct atom_list *users,
			      bool adds)
{
	bool many = users_are_many(links, users);

	link_needs(links, atom, users, adds);
	for (size_t i = 1; i < users->len && !many; i++)
		links_join(links->unit, users->data[0], users->data[i]);
}

/* Links an atom with the users of names that it adds, or removes. */
static void link_names(struct linking *links, size_t atom, const struct name_set *names,
		       const struct user_index *index, bool adds)
{
	vec_foreach(names, name) {
		struct atom_list users = {};

		vec_foreach(&index->by_name[*name], user)
			if (*user != atom && can_mean(links, atom, *user))
				vec_push(&users, *user);
		link_users(links, atom, &users, adds);
		vec_free(&users);
	}
}

/* Returns whether the text of a file names a type that the atom defines. */
static bool text_names_type(const struct linking *links, size_t file,
			    const struct source_atom *type)
{
	vec_foreach(&type->declares, it)
		if (name_set_has(&links->texts[file], *it))
			return true;
	return false;
}

/*
 * Joins a structure with the users of members that it gains or loses. Structures may have members
 * of the same name, so a file counts as a user only if it also names this structure.
 */
static void join_fields(struct linking *links, size_t atom)
{
	const struct source_atom *type = &links->atoms->atoms.data[atom];

	vec_foreach(&type->fields, name) {
		struct atom_list users = {};

		vec_foreach(&links->members.by_name[*name], user)
			if (*user != atom && can_mean(links, atom, *user) &&
			    text_names_type(links, links->atoms->atoms.data[*user].file, type))
				vec_push(&users, *user);
		if (type->is_new)
			link_users(links, atom, &users, true);
		else
			link_member_users(links, atom, &users, name_set_has(&type->added, *name));
		vec_free(&users);
	}
}

/*
 * Joins an atom with what uses its names in the same file where the other version lacks it. A macro
 * without a semicolon before a function hides the name that the function declares, so this may be
 * the other version's definition.
 */
static void join_hidden(struct linking *links, size_t atom, const struct name_set *names,
			const struct user_index *index)
{
	size_t file = links->atoms->atoms.data[atom].file;

	vec_foreach(names, name)
		vec_foreach(&index->by_name[*name], user)
			if (links->atoms->atoms.data[*user].file == file)
				links_join(links->unit, atom, *user);
}

static void join_atom(struct linking *links, size_t atom)
{
	const struct source_atom *one = &links->atoms->atoms.data[atom];
	struct name_set stay = {};

	/* A name that is added or removed, or whose prototype changes, affects all its users. */
	link_names(links, atom, &one->brings, &links->added, true);
	link_names(links, atom, &one->takes, &links->removed, false);
	join_hidden(links, atom, &one->takes, &links->added);
	join_hidden(links, atom, &one->brings, &links->removed);
	if (one->interface)
		join_users(links, atom, &one->declares, &links->named, SIZE_MAX);
	join_fields(links, atom);
	if (one->is_type)
		return;
	/* If only the body of what a name means changes, users on changed lines may depend on it.
	 */
	vec_foreach(&one->declares, name)
		if (!name_set_has(&one->brings, *name) && !name_set_has(&one->takes, *name))
			vec_push(&stay, *name);
	join_users(links, atom, &stay, &links->touched, MAX_TOUCHED);
	vec_free(&stay);
	/* A declaration must match its definition. */
	join_users(links, atom, &one->declares, &links->declared, SIZE_MAX);
}

static void join_members(struct linking *links)
{
	for (size_t name = 0; name < links->members.count; name++) {
		const struct atom_list *users = &links->members.by_name[name];

		for (size_t i = 1; i < users->len && users->len <= MAX_SHARED; i++)
			if (linking_same_folder(links, users->data[0], users->data[i]))
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
		/* The text of a file that is not cut was freed; only the names in its changes are
		 * left. */
		for (size_t k = file->first; k < file->end && !file->is_cut; k++)
			vec_foreach(&atoms->atoms.data[k].names, name)
				if (name_set_has(&tags, *name))
					vec_push(&links->texts[i], *name);
		name_set_sort(&links->texts[i]);
	}
	vec_free(&tags);
}

/* Joins a makefile with the files that are added to or removed from its folder. */
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

/* Joins each structure with the unit that has all users of the members that it gains or loses. */
static void join_single(struct linking *links)
{
	size_t count = links->atoms->atoms.len;
	scope_free size_t *user = xcalloc(count + 1, sizeof(*user)); /* the last user plus one */
	scope_free bool *several = xcalloc(count + 1, sizeof(*several));

	vec_foreach(links->needs, it)
		for (unsigned side = 0; side < 2; side++) {
			size_t atom = side ? it->atom : it->needed;
			size_t other = side ? it->needed : it->atom;

			several[atom] |= user[atom] && links_unit(links->unit, user[atom] - 1) !=
							       links_unit(links->unit, other);
			user[atom] = other + 1;
		}
	for (size_t i = 0; i < count; i++)
		if (links->atoms->atoms.data[i].is_type && user[i] && !several[i])
			links_join(links->unit, i, user[i] - 1);
}

void links_find(const struct atoms *atoms, size_t *unit, struct atom_need_vec *needs)
{
	struct linking links = {.atoms = atoms, .unit = unit, .needs = needs};

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
	join_single(&links);
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
