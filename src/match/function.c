/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Decides which shipped candidate, if any, is a function of the unit. */
#include <inttypes.h>
#include <string.h>

#include "base/alloc.h"
#include "base/strbuf.h"
#include "match/bind.h"
#include "match/code.h"
#include "match/evidence.h"
#include "match/function.h"
#include "match/order.h"

/* Solves and binds all symbols that the function refers to. */
static char *try_relas(struct match *match, const struct elf_symbol *symbol, struct place place,
		       const struct code_map *map)
{
	const struct elf_rela *rela;
	size_t count = shipped_relas_between(symbol->section, symbol->value, symbol->size, &rela);
	const struct short_jump *jump = map->jumps.data;
	const struct short_jump *jumps_end = jump + map->jumps.len;

	for (size_t i = 0; i < count; i++) {
		uint64_t distance = rela[i].offset - symbol->value;
		scope_free char *why = NULL;

		if (jump < jumps_end && jump->rela == &rela[i]) {
			/* The removed field ended its instruction, 4 bytes further. */
			struct place target = place_add(place, jump->target - rela[i].addend - 4);

			why = bind_target(match, &rela[i], target, symbol->name);
			jump++;
		} else {
			struct place field = place_add(place, code_map_offset(map, distance));

			why = bind_solved(match, &rela[i], field, symbol->name);
		}
		if (why)
			return xasprintf("byte 0x%" PRIx64 ": %s", distance, why);
	}
	return NULL;
}

/* Compares the function with the code of a candidate and binds what it refers to. */
static char *try_candidate(struct match *match, struct fact *fact,
			   const struct candidate *candidate)
{
	const struct elf_symbol *symbol = fact->symbol;
	scope_code_map map = {};
	char *why;

	if (!symbol->size || !symbol->section->data)
		return xasprintf("has no size or no code, so it cannot be compared");
	why = code_compare(match, symbol, candidate->place, &map);
	if (why)
		return why;
	fact->shipped_size = code_map_offset(&map, symbol->size);
	if (candidate->size && candidate->size != fact->shipped_size)
		return xasprintf("%" PRIu64 " bytes long, shipped %" PRIu64, fact->shipped_size,
				 candidate->size);
	why = bind_section(match, symbol->section,
			   place_add(candidate->place, -(int64_t)symbol->value), symbol->name);
	return why ? why : try_relas(match, symbol, candidate->place, &map);
}

/* Accepts a candidate finally, if it matches. */
static char *take_candidate(struct match *match, struct fact *fact,
			    const struct candidate *candidate)
{
	struct section_fact *section = &match->sections[fact->symbol->section->index];
	size_t mark = match->journal.len;
	char *why = try_candidate(match, fact, candidate);

	if (why) {
		bind_undo(match, mark);
		return why;
	}
	section->size = section->section->size - (fact->symbol->size - fact->shipped_size);
	section->shrink = 0;
	return NULL;
}

static void fact_conclude(struct fact *fact, enum match_proof proof, char *why)
{
	free(fact->why);
	fact->judged = true;
	fact->proof = proof;
	fact->why = why;
}

static size_t count_fitting(struct match *match, struct fact *fact, const struct candidate **only)
{
	const struct candidate_vec *all = fact_candidates(match, fact);
	size_t count = 0;

	vec_foreach(all, it) {
		if (!match_candidate_fits(all, it, fact->symbol))
			continue;
		*only = it;
		count++;
	}
	return count;
}

static void judge_only(struct match *match, struct fact *fact, const struct candidate *only)
{
	char *why = take_candidate(match, fact, only);

	fact->place = only->place;
	fact_conclude(fact, why ? MATCH_DIFFERENT : MATCH_EXACT, why);
}

/* Returns whether there is evidence for this candidate besides its own bytes. */
static enum order_verdict corroborate(const struct match *match, const struct elf_symbol *symbol,
				      struct place place)
{
	const struct section_fact *section = &match->sections[symbol->section->index];
	struct place base = place_add(place, -(int64_t)symbol->value);

	if (section->base.known)
		return place_equal(section->base.place, base) ? ORDER_FITS : ORDER_CONTRADICTS;
	return order_check(match, symbol->section, base);
}

/* Lists the evidence that can be demanded to choose one of several candidates. */
enum effort {
	EFFORT_CORROBORATED, /* it alone matches, and other evidence in the unit agrees */
	EFFORT_ALONE,	     /* it alone matches */
	EFFORT_LAST,	     /* no more evidence will come, so a decision is made */
};

static void judge_several(struct match *match, struct fact *fact, enum effort effort)
{
	const struct candidate_vec *all = fact_candidates(match, fact);
	const struct candidate *found = NULL;
	enum order_verdict verdict = ORDER_UNKNOWN;
	scope_free char *why = NULL;
	size_t left = 0;

	vec_foreach(all, it) {
		enum order_verdict order = corroborate(match, fact->symbol, it->place);
		size_t mark = match->journal.len;

		if (!match_candidate_fits(all, it, fact->symbol) || order == ORDER_CONTRADICTS)
			continue;

		char *differs = try_candidate(match, fact, it);

		bind_undo(match, mark);
		if (!differs) {
			found = it;
			verdict = order;
			left++;
		}
		if (!why)
			why = differs;
		else
			free(differs);
	}
	if (left == 1 && (verdict == ORDER_FITS || effort >= EFFORT_ALONE))
		judge_only(match, fact, found);
	else if (!left)
		fact_conclude(fact, MATCH_DIFFERENT,
			      xasprintf("none of %zu shipped symbols of that name matches: %s",
					all->len,
					why ? why : "all of them are in other files' code"));
	else if (effort == EFFORT_LAST)
		fact_conclude(fact, MATCH_AMBIGUOUS,
			      xasprintf("%zu shipped functions of that name match", left));
}

/*
 * If another file's definition wins, the linker keeps a weak function's code at its place, but
 * without the name.
 */
static void judge_override(struct match *match, struct fact *fact)
{
	const struct elf_symbol *symbol = fact->symbol;
	struct candidate nameless = {};

	if (!symbol->size || !order_predict(match, symbol->section, &nameless.place))
		return;
	nameless.place = place_add(nameless.place, symbol->value);

	scope_free char *why = take_candidate(match, fact, &nameless);

	if (!why)
		fact_conclude(fact, MATCH_OVERRIDE,
			      xasprintf("is weak, and the kernel uses another file's definition"));
}

static bool is_padding(const struct fact *fact)
{
	return str_starts(fact->symbol->name, PADDING_PREFIX);
}

static bool is_defined_function(const struct fact *fact)
{
	return fact->symbol && fact->symbol->type == STT_FUNC && fact->symbol->section &&
	       !is_padding(fact);
}

/* Judges padding like the function that follows it. */
static void judge_padding(struct match *match, struct fact *fact)
{
	const struct elf_symbol *symbol = fact->symbol;
	struct fact *behind = match->sections[symbol->section->index].symbols;

	while (behind && (behind->symbol->value != symbol->value + symbol->size ||
			  strcmp(behind->symbol->name, symbol->name + strlen(PADDING_PREFIX))))
		behind = behind->next;
	if (!behind || !is_defined_function(behind)) {
		fact_conclude(fact, MATCH_DIFFERENT,
			      xasprintf("padding without a function behind it"));
		return;
	}
	function_judge(match, behind);
	fact->place = place_add(behind->place, -(int64_t)symbol->size);
	fact_conclude(fact, behind->proof, behind->why ? xstrdup(behind->why) : NULL);
}

static bool is_weak_and_different(const struct fact *fact)
{
	return fact->judged && fact->proof == MATCH_DIFFERENT && fact->symbol->bind == STB_WEAK;
}

/*
 * Tries once all functions that are not judged yet; returns true if any was proven. A function
 * proven with little evidence may be evidence for others, so a round ends after one of them.
 */
static bool settle_round(struct match *match, enum effort effort)
{
	bool progress = false;

	for (size_t i = 0; i < match->nr_facts; i++) {
		struct fact *fact = &match->facts[i];

		if (!is_defined_function(fact) || fact->judged)
			continue;
		judge_several(match, fact, effort);
		progress |= fact->judged && fact->proof == MATCH_EXACT;
		if (progress && effort == EFFORT_ALONE)
			break;
	}
	return progress;
}

void match_settle(struct match *match)
{
	const struct candidate *unused;

	if (match->settled)
		return;
	match->settled = true;
	for (size_t i = 0; i < match->nr_facts; i++) {
		struct fact *fact = &match->facts[i];

		if (is_defined_function(fact) && !fact->judged &&
		    count_fitting(match, fact, &unused) < 2)
			function_judge(match, fact);
	}
	do {
		while (evidence_explore(match) | settle_round(match, EFFORT_CORROBORATED))
			;
	} while (settle_round(match, EFFORT_ALONE));
	settle_round(match, EFFORT_LAST);
	for (size_t i = 0; i < match->nr_facts; i++)
		if (is_defined_function(&match->facts[i]) &&
		    is_weak_and_different(&match->facts[i]))
			judge_override(match, &match->facts[i]);
}

void function_judge(struct match *match, struct fact *fact)
{
	const struct candidate *only = NULL;
	size_t count;

	if (fact->judged)
		return;
	if (is_padding(fact)) {
		judge_padding(match, fact);
		return;
	}
	count = count_fitting(match, fact, &only);
	if (count == 0)
		fact_conclude(fact, MATCH_ABSENT, xasprintf("no shipped symbol of that name"));
	else if (count == 1)
		judge_only(match, fact, only);
	if (!fact->judged || is_weak_and_different(fact))
		match_settle(match);
}
