/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Finds the atom that a place of an object belongs to. */
#include "diff/atom.h"

struct atom *side_atom_at(const struct side *side, const struct elf_section *section,
			  uint64_t offset)
{
	const struct atom_vec *atoms = &side->by_section[section->index];
	size_t low = 0, high = atoms->len;

	if (atoms->len == 1) /* references to just before or behind the only atom mean it as well */
		return atoms->data[0];
	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (atoms->data[mid]->start <= offset)
			low = mid + 1;
		else
			high = mid;
	}
	if (!low)
		return NULL;

	struct atom *atom = atoms->data[low - 1];

	return offset <= atom->start + atom->size ? atom : NULL;
}
