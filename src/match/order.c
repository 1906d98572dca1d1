/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A unit's functions lie in the kernel in the order in which the compiler wrote them, whether
 * each has a section of its own or not, and the linker puts the same kind of code of one unit
 * together (TEXT_TEXT in include/asm-generic/vmlinux.lds.h).  So neighbours tell where a function
 * must be.
 */
#include <string.h>

#include "base/strbuf.h"
#include "match/code.h"
#include "match/order.h"

/* The linker sorts these kinds of code apart; the compiler appends the function's name. */
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

	vec_foreach(&match->pre->sections, it) {
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

/*
 * The least and the most that can lie between a section and the nearest section whose place is
 * known.
 */
struct gap {
	const struct section_fact *end; /* NULL: none is known */
	uint64_t least, most;
};

static void gap_widen(struct gap *gap, const struct section_fact *fact)
{
	gap->least += fact->size - fact->shrink;
	gap->most += fact->size + fact->section->align;
}

/* Measures from the start of the known section to that of this one. */
static struct gap gap_before(const struct section_fact *fact)
{
	struct gap gap = {.most = fact->section->align};

	for (fact = fact->before; fact; fact = fact->before) {
		gap_widen(&gap, fact);
		if (fact->base.known)
			break;
	}
	gap.end = fact;
	return gap;
}

/* Measures from the start of this section to that of the known one. */
static struct gap gap_after(const struct section_fact *fact)
{
	struct gap gap = {};

	do {
		gap_widen(&gap, fact);
		fact = fact->after;
	} while (fact && !fact->base.known);
	gap.end = fact;
	if (fact)
		gap.most += fact->section->align;
	return gap;
}

static bool is_apart(struct place low, struct place high, const struct gap *gap)
{
	uint64_t distance = high.address - low.address;

	return low.section == high.section && distance >= gap->least && distance <= gap->most;
}

enum order_verdict order_check(const struct match *match, const struct elf_section *section,
			       struct place base)
{
	const struct section_fact *fact = &match->sections[section->index];
	struct gap before = gap_before(fact), after = gap_after(fact);

	if (before.end && !is_apart(before.end->base.place, base, &before))
		return ORDER_CONTRADICTS;
	if (after.end && !is_apart(base, after.end->base.place, &after))
		return ORDER_CONTRADICTS;
	return before.end || after.end ? ORDER_FITS : ORDER_UNKNOWN;
}

bool order_predict(const struct match *match, const struct elf_section *section, struct place *base)
{
	const struct section_fact *fact = &match->sections[section->index];
	const struct section_fact *known = fact->base.known ? fact : gap_before(fact).end;

	if (known) {
		*base = known->base.place;
		for (; known != fact; known = known->after)
			base->address =
				align_up(base->address + known->size, known->after->section->align);
		return true;
	}
	known = gap_after(fact).end;
	if (!known)
		return false;
	*base = known->base.place;
	for (; known != fact; known = known->before)
		base->address = (base->address - known->before->size) &
				~(known->before->section->align - 1);
	return true;
}
