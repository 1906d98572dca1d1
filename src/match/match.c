/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Keeps what is known about a unit, and answers questions from it. */
#include "match/match.h"

#include <inttypes.h>
#include <string.h>

#include "base/alloc.h"
#include "match/bind.h"
#include "match/code.h"
#include "match/facts.h"
#include "match/function.h"
#include "match/order.h"
#include "match/shipped_module.h"
#include "match/shipped_vmlinux.h"

const char *match_proof_name(enum match_proof proof)
{
	static const char *const names[] = {
		[MATCH_EXACT] = "exact",	 [MATCH_OVERRIDE] = "override",
		[MATCH_DIFFERENT] = "different", [MATCH_ABSENT] = "absent",
		[MATCH_AMBIGUOUS] = "ambiguous", [MATCH_IMPORT] = "import",
	};

	return names[proof];
}

static void shipped_free(struct shipped *shipped)
{
	if (shipped)
		shipped->ops->free(shipped);
}

void match_free(struct match *match)
{
	if (!match)
		return;
	for (size_t i = 0; i < match->nr_facts; i++) {
		vec_free(&match->facts[i].candidates);
		free(match->facts[i].why);
	}
	free(match->facts);
	free(match->sections);
	vec_free(&match->journal);
	vec_free(&match->jumps);
	str_vec_free(&match->reasons);
	shipped_free(match->shipped);
	shipped_free(match->imports);
	free(match->object);
	free(match);
}

void match_freep(struct match **matchp)
{
	match_free(*matchp);
}

static void index_sections(struct match *match)
{
	vec_foreach(&match->pre->sections, it)
		if ((*it)->index >= match->nr_sections)
			match->nr_sections = (*it)->index + 1;
	match->sections = xcalloc(match->nr_sections, sizeof(*match->sections));
	vec_foreach(&match->pre->sections, it) {
		struct section_fact *fact = &match->sections[(*it)->index];

		fact->section = *it;
		fact->size = (*it)->size;
		fact->shrink = code_shrinkable(*it);
	}
}

static struct err *index_symbols(struct match *match)
{
	vec_foreach(&match->pre->symbols, it)
		if ((*it)->index >= match->nr_facts)
			match->nr_facts = (*it)->index + 1;
	match->facts = xcalloc(match->nr_facts, sizeof(*match->facts));
	vec_foreach(&match->pre->symbols, it) {
		const struct elf_symbol *symbol = *it;
		struct fact *fact = &match->facts[symbol->index];

		if (fact->symbol)
			return err_new("%s: symbols %s and %s both have number %u",
				       match->pre->name, symbol->name, fact->symbol->name,
				       symbol->index);
		fact->symbol = symbol;
		if (symbol->section) {
			struct section_fact *section = &match->sections[symbol->section->index];

			fact->next = section->symbols;
			section->symbols = fact;
		}
	}
	return NULL;
}

struct err *match_new_shipped(struct shipped *shipped, struct shipped *imports, const char *object,
			      const struct elf_object *pre, struct match **matchp)
{
	scope_match match = xcalloc(1, sizeof(*match));

	match->pre = pre;
	match->shipped = shipped;
	match->imports = imports;
	match->object = xstrdup(object);
	index_sections(match);
	err_try(index_symbols(match));
	order_link(match);
	*matchp = take_ptr(match);
	return NULL;
}

struct err *match_new(const struct image *image, const struct elf_object *module,
		      const char *module_name, const struct elf_object *pre, struct match **match)
{
	if (pre->type != ET_REL)
		return err_new("%s: not a relocatable object", pre->name);
	if (!module)
		return match_new_shipped(shipped_vmlinux_new(image), NULL, "vmlinux", pre, match);
	if (module->type != ET_REL)
		return err_new("%s: not a kernel module", module->name);
	return match_new_shipped(shipped_module_new(module), shipped_vmlinux_new(image),
				 module_name, pre, match);
}

static struct err *find_fact(struct match *match, const struct elf_symbol *symbol,
			     struct fact **fact)
{
	if (symbol->index >= match->nr_facts || match->facts[symbol->index].symbol != symbol)
		return err_new("%s: symbol %s belongs to another object", match->pre->name,
			       symbol->name);
	*fact = &match->facts[symbol->index];
	return NULL;
}

static const char *match_keep_reason(struct match *match, char *why)
{
	vec_push(&match->reasons, why);
	return why;
}

/* Answers that a symbol is this candidate, unless a livepatch module cannot say so. */
static void answer_candidate(struct match *match, const struct candidate_vec *all,
			     const struct candidate *candidate, struct match_result *result)
{
	*result = (struct match_result){
		.proof = MATCH_EXACT,
		.section = candidate->place.section,
		.address = candidate->place.address,
		.sympos = candidate->sympos,
		.count = all->len,
	};
	if (candidate->sympos != SYMPOS_NONE)
		return;
	result->proof = MATCH_AMBIGUOUS;
	result->sympos = 0;
	result->why = match_keep_reason(
		match,
		xasprintf(
			"init code of %s has a symbol of that name too, which shifts its position once init has run",
			match->object));
}

/* Answers that a symbol is at place. */
static void answer_place(struct match *match, struct fact *fact, struct place place,
			 struct match_result *result)
{
	const struct candidate_vec *all = fact_candidates(match, fact);

	vec_foreach(all, it) {
		if (place_equal(it->place, place)) {
			answer_candidate(match, all, it, result);
			return;
		}
	}
	*result = (struct match_result){
		.proof = MATCH_ABSENT,
		.section = place.section,
		.address = place.address,
		.why = match_keep_reason(
			match, xasprintf("the symbols of %s do not list it", match->object)),
	};
}

/* Answers from a name alone. */
static void answer_name(struct match *match, const struct candidate_vec *all,
			const struct elf_symbol *symbol, struct match_result *result)
{
	const struct candidate *found = NULL;
	size_t fitting = 0;

	vec_foreach(all, it) {
		if (match_candidate_fits(all, it, symbol)) {
			found = it;
			fitting++;
		}
	}
	if (fitting == 1) {
		answer_candidate(match, all, found, result);
		return;
	}
	*result = (struct match_result){
		.proof = fitting ? MATCH_AMBIGUOUS : MATCH_ABSENT,
		.count = all->len,
		.why = match_keep_reason(
			match,
			fitting ? xasprintf(
					  "%zu shipped symbols have that name, and no proven code shows which one is meant",
					  fitting)
				: xasprintf("no shipped symbol of that name")),
	};
}

/* Answers for a name that the unit's own module does not define, if the unit belongs to one. */
static void answer_import(struct match *match, const struct elf_symbol *symbol,
			  struct match_result *result)
{
	struct candidate_vec globals = {}, all = {};

	match->imports->ops->find(match->imports, symbol->name, &all);
	vec_foreach(&all, it)
		if (it->global)
			vec_push(&globals, *it);
	if (globals.len) {
		answer_name(match, &globals, symbol, result);
		result->count = all.len;
	} else {
		*result = (struct match_result){
			.proof = MATCH_IMPORT,
			.why = match_keep_reason(
				match,
				xasprintf(
					"is neither in %s nor in vmlinux, so it belongs to another module",
					match->object)),
		};
	}
	vec_free(&globals);
	vec_free(&all);
}

struct err *match_function(struct match *match, const struct elf_symbol *symbol,
			   struct match_result *result)
{
	struct fact *fact = NULL;

	err_try(find_fact(match, symbol, &fact));
	if (symbol->type != STT_FUNC || !symbol->section)
		return err_new("%s: %s is not a function defined there", match->pre->name,
			       symbol->name);
	function_judge(match, fact);
	if (fact->proof == MATCH_EXACT) {
		answer_place(match, fact, fact->place, result);
		return NULL;
	}
	*result = (struct match_result){
		.proof = fact->proof,
		.section = fact->place.section,
		.address = fact->place.address,
		.count = fact_candidates(match, fact)->len,
		.why = fact->why,
	};
	return NULL;
}

struct err *match_symbol(struct match *match, const struct elf_symbol *symbol,
			 struct match_result *result)
{
	struct fact *fact = NULL;
	struct place place;

	err_try(find_fact(match, symbol, &fact));
	if (symbol->type == STT_FUNC && symbol->section)
		return match_function(match, symbol, result);

	const struct candidate_vec *all = fact_candidates(match, fact);

	if (symbol->bind == STB_LOCAL && !fact_place(match, fact, &place))
		match_settle(match);
	if (fact_place(match, fact, &place) && !place.import)
		answer_place(match, fact, place, result);
	else if (!all->len && match->imports && !symbol->section)
		answer_import(match, symbol, result);
	else
		answer_name(match, all, symbol, result);
	return NULL;
}

struct err *match_name(struct match *match, const char *name, struct match_result *result)
{
	const struct elf_symbol symbol = {.name = name, .bind = STB_GLOBAL};
	struct candidate_vec all = {};

	match->shipped->ops->find(match->shipped, name, &all);
	if (!all.len && match->imports)
		answer_import(match, &symbol, result);
	else
		answer_name(match, &all, &symbol, result);
	vec_free(&all);
	return NULL;
}
