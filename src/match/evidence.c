/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Gathers evidence that code does not give: data that was found refers to functions and other
 * data (an ops table names static functions), and static keys are known from the kernel's jump
 * table only.  This is evidence of where things are; it never makes code count as different.
 */
#include <string.h>

#include "base/alloc.h"
#include "match/bind.h"
#include "match/code.h"
#include "match/evidence.h"

static bool try_bind(struct match *match, const struct elf_rela *rela, struct place field,
		     const char *by)
{
	size_t mark = match->journal.len;
	scope_free char *why = bind_solved(match, rela, field, by);

	if (why)
		bind_undo(match, mark);
	return match->journal.len > mark;
}

static bool explore_data(struct match *match)
{
	bool progress = false;

	for (size_t i = 0; i < match->nr_sections; i++) {
		struct section_fact *fact = &match->sections[i];

		if (!fact->section || !fact->base.known || fact->explored ||
		    fact->section->flags & SHF_EXECINSTR)
			continue;
		fact->explored = true;
		vec_foreach(&fact->section->relas, rela)
			progress |= try_bind(match, rela, place_add(fact->base.place, rela->offset),
					     fact->section->name);
	}
	return progress;
}

static const struct candidate *only_candidate(struct match *match, struct fact *fact)
{
	const struct candidate_vec *all = fact_candidates(match, fact);
	const struct candidate *only = NULL;

	vec_foreach(all, it) {
		if (!match_candidate_fits(all, it, fact->symbol))
			continue;
		if (only)
			return NULL;
		only = it;
	}
	return only;
}

/* Returns whether the data has a name that nothing else in the kernel has. */
static bool explore_names(struct match *match)
{
	bool progress = false;

	for (size_t i = 0; i < match->nr_facts; i++) {
		struct fact *fact = &match->facts[i];
		const struct elf_symbol *symbol = fact->symbol;

		if (!symbol || symbol->type != STT_OBJECT || symbol->bind == STB_WEAK ||
		    !symbol->section || symbol->section->flags & SHF_MERGE ||
		    match->sections[symbol->section->index].base.known)
			continue;

		const struct candidate *only = only_candidate(match, fact);
		size_t mark = match->journal.len;

		if (!only)
			continue;

		scope_free char *why =
			bind_section(match, symbol->section,
				     place_add(only->place, -(int64_t)symbol->value), symbol->name);

		if (why)
			bind_undo(match, mark);
		progress |= match->journal.len > mark;
	}
	return progress;
}

/* struct jump_entry (include/linux/jump_label.h) has code, target and key, all relative. */
#define JUMP_TABLE "__jump_table"
#define JUMP_FIELDS 3

static int compare_jumps(const void *a, const void *b)
{
	const struct jump *x = a, *y = b;

	if (x->code.section != y->code.section)
		return x->code.section < y->code.section ? -1 : 1;
	return x->code.address < y->code.address ? -1 : x->code.address > y->code.address;
}

/* Fills match->jumps with all shipped jump entries, by the place of their code. */
static void read_jumps(struct match *match, const struct elf_section *ours)
{
	struct jump_vec *jumps = &match->jumps;
	uint64_t size, entry = ours->size / (ours->relas.len / JUMP_FIELDS);
	struct elf_rela code = ours->relas.data[0];
	struct jump jump;

	code.addend = 0;
	if (entry < JUMP_FIELDS * sizeof(uint32_t) ||
	    !match->shipped->ops->section(match->shipped, JUMP_TABLE, &jump.entry, &size))
		return;
	for (uint64_t pos = 0; size - pos >= entry; pos += entry) {
		scope_free char *why =
			match->shipped->ops->solve(match->shipped, jump.entry, &code, &jump.code);

		if (!why)
			vec_push(jumps, jump);
		jump.entry = place_add(jump.entry, entry);
	}
	if (jumps->len)
		qsort(jumps->data, jumps->len, sizeof(*jumps->data), compare_jumps);
}

/* Finds the shipped code that an entry is about; functions with short jumps are left out. */
static bool code_place(const struct match *match, const struct elf_rela *code, struct place *place)
{
	const struct elf_section *section = code->symbol->section;

	if (!section)
		return false;

	const struct section_fact *fact = &match->sections[section->index];

	*place = place_add(fact->base.place, code->symbol->value + code->addend);
	return fact->base.known && fact->size == section->size;
}

static bool explore_jumps(struct match *match)
{
	const struct elf_section *ours = elf_find_section(match->pre, JUMP_TABLE);
	struct jump_vec *jumps = &match->jumps;
	bool progress = false;

	if (!ours || !ours->relas.len || ours->relas.len % JUMP_FIELDS)
		return false;
	if (!match->jumps_read)
		read_jumps(match, ours);
	match->jumps_read = true;
	for (size_t i = 0; jumps->len && i < ours->relas.len; i += JUMP_FIELDS) {
		const struct elf_rela *code = &ours->relas.data[i], *key = code + JUMP_FIELDS - 1;
		struct jump wanted;

		if (!code_place(match, code, &wanted.code))
			continue;

		const struct jump *found = bsearch(&wanted, jumps->data, jumps->len,
						   sizeof(*jumps->data), compare_jumps);

		if (found)
			progress |= try_bind(match, key,
					     place_add(found->entry, key->offset - code->offset),
					     JUMP_TABLE);
	}
	return progress;
}

bool evidence_explore(struct match *match)
{
	bool jumps = explore_jumps(match), names = explore_names(match);

	return explore_data(match) || jumps || names;
}
