/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Resolves relocations to the atoms that they point at. */
#ifndef SUTURE_DIFF_REFS_H
#define SUTURE_DIFF_REFS_H

#include "diff/atom.h"

/* Fills the refs of every atom. */
struct err *refs_read(struct side *side);

/*
 * Resolves one relocation of a field behind start. tail is the number of bytes of the instruction
 * behind the field, or 0 outside code.
 */
void ref_resolve(const struct side *side, const struct elf_section *section,
		 const struct elf_rela *rela, uint64_t start, unsigned tail, struct ref *ref);

#endif
