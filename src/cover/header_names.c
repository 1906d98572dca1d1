/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Lists the names through which a header's carried changes affect the files that include it. */
#include "cover/header_names.h"

#include "base/alloc.h"

static bool atom_reaches_by(const struct source_atom *atom, uint32_t name)
{
	if (name_set_has(&atom->brings, name) || name_set_has(&atom->takes, name))
		return false;
	/* Constants after the first one that was added or removed have other values. */
	if (atom->is_enum)
		return name_set_has(&atom->later, name);
	if (atom->is_type)
		return name_set_has(&atom->touched, name) && !name_set_has(&atom->fields, name);
	return name_set_has(&atom->declares, name);
}

/*
 * A macro that comes or goes may hide what another header declares by the same name: <asm/...>
 * defines pmd_leaf, and include/linux/pgtable.h has another one for architectures that do not.
 */
static bool macro_reaches_by(const struct source_atom *atom, uint32_t name)
{
	return atom->is_macro && name_set_has(&atom->declares, name);
}

void header_names_find(const struct atoms *atoms, size_t number, const bool *carried,
		       struct str_vec *names)
{
	const struct atom_file *file = &atoms->files.data[number];

	for (size_t i = file->first; i < file->end; i++) {
		const struct source_atom *atom = &atoms->atoms.data[i];

		if (carried[i])
			vec_foreach(&atom->names, it)
				if (atom_reaches_by(atom, *it) || macro_reaches_by(atom, *it))
					vec_push(names, xstrdup(atoms->names.text.data[*it]));
	}
	str_vec_sort_unique(names);
}

void header_types_find(const struct atoms *atoms, size_t number, const bool *carried,
		       struct str_vec *names)
{
	const struct atom_file *file = &atoms->files.data[number];

	for (size_t i = file->first; i < file->end; i++) {
		const struct source_atom *atom = &atoms->atoms.data[i];

		if (carried[i] && atom->is_type)
			vec_foreach(&atom->declares, it)
				vec_push(names, xstrdup(atoms->names.text.data[*it]));
	}
	str_vec_sort_unique(names);
}

bool header_atom_reaches(const struct source_atom *atom)
{
	vec_foreach(&atom->names, it)
		if (atom_reaches_by(atom, *it))
			return true;
	return false;
}
