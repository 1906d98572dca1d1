/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Binds what compared code refers to, and notices contradictions.
 *
 * Functions that return a reason give NULL when all is well, else a line for people that the
 * caller frees.
 */
#ifndef SUTURE_MATCH_BIND_H
#define SUTURE_MATCH_BIND_H

#include "match/facts.h"

/* Undoes all bindings that were made since the journal was `mark` long. */
void bind_undo(struct match *match, size_t mark);

/* Binds a section to base; `by` is the symbol whose code says so. */
char *bind_section(struct match *match, const struct elf_section *section, struct place base,
		   const char *by);

/* Binds a relocation's target to place, if that has its name or content. */
char *bind_target(struct match *match, const struct elf_rela *rela, struct place place,
		  const char *by);

/* Solves one relocation, whose field was shipped at the given place, and binds its target. */
char *bind_solved(struct match *match, const struct elf_rela *rela, struct place field,
		  const char *by);

#endif
