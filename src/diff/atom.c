/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Finds the atom that a place of an object belongs to. */
#include "diff/atom.h"

#include "base/lower_bound.h"

struct atom *side_atom_at(const struct side *side, const struct elf_section *section,
			  uint64_t offset)
{
	const struct atom_vec *atoms = &side->by_section[section->index];

	if (atoms->len == 1) /* references to just before or behind the only atom mean it as well */
		return atoms->data[0];

	size_t next = lower_bound(atoms->data, atoms->len, it, (*it)->start <= offset);

	if (!next)
		return NULL;

	struct atom *atom = atoms->data[next - 1];

	return offset <= atom->start + atom->size ? atom : NULL;
}
