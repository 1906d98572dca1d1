/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A unit's functions lie in the kernel in the order in which the compiler wrote them, whether
 * each has a section of its own or not, and the linker puts the same kind of code of one unit
 * together (TEXT_TEXT in include/asm-generic/vmlinux.lds.h).  So neighbours tell where a function
 * must be.
 */
#include <string.h>

#include "base/strbuf.h"
#include "match/match_internal.h"

/* Kinds of code that the linker sorts apart; the compiler appends the function's name. */
static const char *const code_kinds[] = {".text.unlikely.", ".text.hot.", ".text.startup.",
					 ".text.exit.", ".text."};

static int code_kind(const struct elf_section *section)
{
	if (!(section->flags & SHF_EXECINSTR))
		return -1;
	for (size_t i = 0; i < array_size(code_kinds); i++)
		if (str_starts(section->name, code_kinds[i]))
			return i;
	return -1;
}

void order_link(struct match *match)
{
	struct section_fact *last[array_size(code_kinds)] = {};

	vec_foreach (&match->pre->sections, it) {
		struct section_fact *fact = &match->sections[(*it)->index];
		int kind = code_kind(*it);

		if (kind < 0)
			continue;
		fact->before = last[kind];
		if (last[kind])
			last[kind]->after = fact;
		last[kind] = fact;
	}
}

static uint64_t align_up(uint64_t value, uint64_t align)
{
	return (value + align - 1) & ~(align - 1);
}

/* What lies between a section and the nearest one whose place is known. */
struct gap {
	const struct section_fact *end; /* NULL: none is known */
	uint64_t size, slack;		/* of the sections between, and of their alignments */
};

static struct gap gap_before(const struct section_fact *fact)
{
	struct gap gap = {.slack = fact->section->align};

	for (fact = fact->before; fact && !fact->base.known; fact = fact->before) {
		gap.size += fact->section->size;
		gap.slack += fact->section->align;
	}
	gap.end = fact;
	return gap;
}

static struct gap gap_after(const struct section_fact *fact)
{
	struct gap gap = {};

	for (fact = fact->after; fact; fact = fact->after) {
		gap.slack += fact->section->align;
		if (fact->base.known)
			break;
		gap.size += fact->section->size;
	}
	gap.end = fact;
	return gap;
}

static bool within(uint64_t distance, const struct gap *gap)
{
	return distance >= gap->size && distance - gap->size < gap->slack;
}

enum order_verdict order_check(const struct match *match, const struct elf_section *section,
			       struct place base)
{
	const struct section_fact *fact = &match->sections[section->index];
	struct gap before = gap_before(fact), after = gap_after(fact);

	if (before.end) {
		struct place known = before.end->base.place;
		uint64_t end = known.address + before.end->section->size;

		if (known.section != base.section || !within(base.address - end, &before))
			return ORDER_CONTRADICTS;
	}
	if (after.end) {
		struct place known = after.end->base.place;
		uint64_t end = base.address + section->size;

		if (known.section != base.section || !within(known.address - end, &after))
			return ORDER_CONTRADICTS;
	}
	return before.end || after.end ? ORDER_FITS : ORDER_UNKNOWN;
}

bool order_predict(const struct match *match, const struct elf_section *section, struct place *base)
{
	const struct section_fact *fact = &match->sections[section->index];
	const struct section_fact *known = gap_before(fact).end;

	if (known) {
		*base = place_add(known->base.place, known->section->size);
		for (known = known->after; known != fact; known = known->after)
			base->address = align_up(base->address, known->section->align) +
					known->section->size;
		base->address = align_up(base->address, section->align);
		return true;
	}
	known = gap_after(fact).end;
	if (!known)
		return false;
	*base = known->base.place;
	for (known = known->before;; known = known->before) {
		base->address =
			(base->address - known->section->size) & ~(known->section->align - 1);
		if (known == fact)
			return true;
	}
}
