/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Answers from the facts about a unit which candidates a symbol has, and where it is. */
#include "match/facts.h"

const struct candidate_vec *fact_candidates(struct match *match, struct fact *fact)
{
	if (!fact->looked_up && *fact->symbol->name)
		match->shipped->ops->find(match->shipped, fact->symbol->name, &fact->candidates);
	fact->looked_up = true;
	return &fact->candidates;
}

/*
 * A hidden symbol is global between units and local in the linked result, so a local symbol is
 * accepted if there is no global one.
 */
bool match_candidate_fits(const struct candidate_vec *all, const struct candidate *candidate,
			  const struct elf_symbol *symbol)
{
	if (symbol->bind == STB_LOCAL)
		return candidate->local;
	vec_foreach(all, it)
		if (it->global)
			return candidate->global;
	return true;
}

bool fact_place(const struct match *match, const struct fact *fact, struct place *place)
{
	const struct elf_symbol *symbol = fact->symbol;

	if (!symbol->section || symbol->bind == STB_WEAK) {
		*place = fact->binding.place;
		return fact->binding.known;
	}

	const struct binding *base = &match->sections[symbol->section->index].base;

	*place = place_add(base->place, symbol->value);
	return base->known;
}
