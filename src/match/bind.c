/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Binds the symbols that compared code refers to, and checks that all bindings agree. */
#include <inttypes.h>
#include <string.h>

#include "base/alloc.h"
#include "base/strbuf.h"
#include "match/bind.h"
#include "match/code.h"

void bind_undo(struct match *match, size_t mark)
{
	while (match->journal.len > mark)
		match->journal.data[--match->journal.len]->known = false;
}

static char *conflict(const struct binding *binding, const char *name, struct place place,
		      const char *by)
{
	scope_free char *here = place_text(place);
	scope_free char *there = place_text(binding->place);

	return xasprintf("%s is at %s for %s, but at %s for %s", name, here, by, there,
			 binding->by);
}

/* Sets a binding, or compares with the one that exists. */
static char *bind(struct match *match, struct binding *binding, const char *name,
		  struct place place, const char *by, bool *fresh)
{
	*fresh = !binding->known;
	if (binding->known)
		return place_equal(binding->place, place) ? NULL
							  : conflict(binding, name, place, by);
	*binding = (struct binding){.known = true, .place = place, .by = by};
	vec_push(&match->journal, binding);
	return NULL;
}

/*
 * kallsyms omits some symbols: its own tables, and some data (is_ignored_symbol() in
 * scripts/kallsyms.c, scripts/mksysmap; 6.1). It never omits functions.
 */
static bool may_be_unlisted(const struct elf_symbol *symbol)
{
	if (!symbol->section)
		return str_starts(symbol->name, "kallsyms_");
	return symbol->type != STT_FUNC;
}

/* Checks that a shipped symbol of that name is at place. */
static char *place_check_name(struct match *match, struct fact *fact, struct place place)
{
	const struct elf_symbol *symbol = fact->symbol;

	if (place.import) {
		if (!strcmp(place.import->name, symbol->name) && !place.address)
			return NULL;
		return xasprintf("refers to %s, but the shipped code refers to %s", symbol->name,
				 place.import->name);
	}

	const struct candidate_vec *candidates = fact_candidates(match, fact);

	vec_foreach(candidates, it)
		if (place_equal(it->place, place) && match_candidate_fits(candidates, it, symbol))
			return NULL;
	/* The linker gives a weak symbol that nobody defines the address 0. */
	if (!candidates->len && !symbol->section && symbol->bind == STB_WEAK && !place.address)
		return NULL;
	if (!candidates->len && may_be_unlisted(symbol))
		return NULL;

	scope_free char *where = place_text(place);

	return xasprintf("refers to %s, but the shipped code refers to %s, where no such symbol is",
			 symbol->name, where);
}

static bool place_is_named(const struct elf_symbol *symbol)
{
	return *symbol->name && !str_starts(symbol->name, ".L") &&
	       !str_starts(symbol->name, PADDING_PREFIX) && symbol->bind != STB_WEAK &&
	       symbol->type != STT_SECTION && symbol->type != STT_FILE;
}

/* tools/bpf/resolve_btfids fills in the numbers of types after the link. */
#define FILLED_LATER ".BTF_ids"

/*
 * Constants cannot change after the build, so they must have the unit's contents; the same is true
 * for unnamed code (.altinstr_aux).
 */
static bool is_told_by_contents(const struct section_fact *known)
{
	const struct elf_section *section = known->section;

	if (section->flags & SHF_WRITE || !(section->flags & SHF_ALLOC) || !section->data ||
	    !strcmp(section->name, FILLED_LATER))
		return false;
	for (struct fact *fact = known->symbols; fact; fact = fact->next)
		if (section->flags & SHF_EXECINSTR && fact->symbol->type == STT_FUNC)
			return false;
	return true;
}

static char *check_contents(const struct match *match, const struct section_fact *known,
			    struct place base)
{
	const struct elf_section *section = known->section;

	if (!is_told_by_contents(known))
		return NULL;

	scope_free char *why = code_compare_bytes(match, section, 0, section->size, base);

	return why ? xasprintf("%s: %s", section->name, why) : NULL;
}

char *bind_section(struct match *match, const struct elf_section *section, struct place base,
		   const char *by)
{
	struct section_fact *known = &match->sections[section->index];
	bool fresh;
	char *why = bind(match, &known->base, section->name, base, by, &fresh);

	if (why || !fresh)
		return why;
	for (struct fact *fact = known->symbols; fact && !why; fact = fact->next)
		if (place_is_named(fact->symbol))
			why = place_check_name(match, fact, place_add(base, fact->symbol->value));
	return why ? why : check_contents(match, known, base);
}

static char *bind_to_symbol(struct match *match, const struct elf_symbol *symbol,
			    struct place place, const char *by)
{
	struct fact *fact = &match->facts[symbol->index];
	bool fresh;
	char *why = bind(match, &fact->binding, symbol->name, place, by, &fresh);

	return why || !fresh ? why : place_check_name(match, fact, place);
}

static uint64_t string_size(struct bytes bytes, uint64_t width)
{
	uint64_t pos = 0;

	for (; pos + width <= bytes.size; pos += width) {
		bool zero = true;

		for (uint64_t i = 0; i < width; i++)
			zero &= !bytes.data[pos + i];
		if (zero)
			return pos + width;
	}
	return bytes.size;
}

/*
 * The linker merges strings and constants with equal ones, so that they are known by content.  Here
 * the addend of a section symbol says which one is meant, so that for PC-relative fields (which
 * assemblers make refer to .LC symbols instead) it is assumed that the field ends its instruction.
 */
static char *check_merged(const struct match *match, const struct elf_rela *rela,
			  struct place place)
{
	const struct elf_section *section = rela->symbol->section;
	uint64_t offset = rela->symbol->value, width = section->entsize ? section->entsize : 1;
	struct bytes ours, theirs;

	if (rela->symbol->type == STT_SECTION) {
		uint64_t bias = rela->addend + (elf_rela_is_relative(rela->type) ? 4ull : 0);

		offset += bias;
		place = place_add(place, bias);
	}
	if (!section->data || offset >= section->size)
		return xasprintf("refers to nothing in %s", section->name);
	ours = (struct bytes){section->data + offset, section->size - offset};
	if (section->flags & SHF_STRINGS)
		ours.size = string_size(ours, width);
	else if (ours.size > width)
		ours.size = width;
	if (match->shipped->ops->read(match->shipped, place, ours.size, &theirs) &&
	    !memcmp(ours.data, theirs.data, ours.size))
		return NULL;
	if (section->flags & SHF_STRINGS && width == 1)
		return xasprintf(
			"refers to the string \"%.*s\", but the shipped code refers to another one",
			ours.size < 40 ? (int)ours.size : 40, (const char *)ours.data);
	return xasprintf("refers to a constant in %s, but the shipped code refers to another one",
			 section->name);
}

char *bind_target(struct match *match, const struct elf_rela *rela, struct place place,
		  const char *by)
{
	const struct elf_symbol *symbol = rela->symbol;

	if (!symbol->section && symbol->shndx != SHN_UNDEF) {
		if (!place.section && !place.import && place.address == symbol->value)
			return NULL;
		return xasprintf("refers to 0x%" PRIx64 ", but the shipped code refers elsewhere",
				 symbol->value);
	}
	/* A weak symbol may mean another unit's definition. */
	if (!symbol->section || symbol->bind == STB_WEAK)
		return bind_to_symbol(match, symbol, place, by);
	if (symbol->section->flags & SHF_MERGE)
		return check_merged(match, rela, place);
	return bind_section(match, symbol->section, place_add(place, -(int64_t)symbol->value), by);
}

char *bind_solved(struct match *match, const struct elf_rela *rela, struct place field,
		  const char *by)
{
	struct place target;
	char *why = match->shipped->ops->solve(match->shipped, field, rela, &target);

	return why ? why : bind_target(match, rela, target, by);
}
