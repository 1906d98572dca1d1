/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tells from the neighbours of a section of code where the section must be. */
#ifndef SUTURE_MATCH_ORDER_H
#define SUTURE_MATCH_ORDER_H

#include "match/facts.h"

enum order_verdict { ORDER_UNKNOWN, ORDER_FITS, ORDER_CONTRADICTS };

/* Links the sections of code that the linker puts next to each other. */
void order_link(struct match *match);

/* Returns whether the neighbours allow the section to be at base. */
enum order_verdict order_check(const struct match *match, const struct elf_section *section,
			       struct place base);

/* Returns where the section must be, if its neighbours leave only one place. */
bool order_predict(const struct match *match, const struct elf_section *section,
		   struct place *base);

#endif
