/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Proves that the unpatched code is what was shipped. */
#include "klp/prove.h"

#include <stdlib.h>
#include <string.h>

#include "base/interrupt.h"
#include "klp/layout.h"

/* At most this many differences of a unit are reported, since further ones say nothing new. */
#define MAX_DIFFERENCES 3

/* The remedy if the compiled code differs from the shipped code. */
static const char *unproven_remedy(const struct target *target)
{
	return target->source_gap
		       ? "give the source that the kernel was built from with --source"
		       : "give the source, configuration and compiler that the kernel was built with";
}

/*
 * Compares every function of the unit, not only those to be replaced: a wrong compiler option may
 * show in one function and matter in another.
 */
static struct err *prove_unit(struct piece *piece)
{
	struct klp_report *report = piece->build->report;
	unsigned differences = 0;

	vec_foreach(&layout_object(piece->unit)->symbols, it) {
		const struct elf_symbol *symbol = *it;
		struct match_result result;

		if (symbol->type != STT_FUNC || !symbol->section)
			continue;
		if (interrupt_pending())
			return interrupt_error();
		err_try(match_function(piece->match, symbol, &result));
		report->nr_compared++;
		report->nr_proven += result.proof == MATCH_EXACT;
		if (result.proof == MATCH_OVERRIDE)
			vec_push(&piece->overridden, symbol->name);
		if (result.proof != MATCH_DIFFERENT || differences++ >= MAX_DIFFERENCES)
			continue;
		finding_add(&report->findings, "not-as-shipped", piece->unit->source->source,
			    symbol->name, unproven_remedy(piece->build->spec->target),
			    "its code without the patch differs from what %s contains: %s",
			    piece->owner, result.why ? result.why : "different code");
	}
	return NULL;
}

struct err *piece_prove(struct piece *piece)
{
	err_try(match_new(piece->build->image, piece->module, piece->module ? piece->owner : NULL,
			  layout_object(piece->unit), &piece->match));
	return prove_unit(piece);
}

static const char *const proof_remedies[] = {
	[MATCH_ABSENT] =
		"leave it out of the patch if the kernel does not contain it; otherwise check the source",
	[MATCH_AMBIGUOUS] = "make the change in a function whose name is unique",
	[MATCH_IMPORT] = "patch the module that defines it",
};

struct err *piece_prove_replaced(struct piece *piece, const struct elf_symbol *orig,
				 struct match_result *result)
{
	struct finding_vec *findings = &piece->build->report->findings;
	const char *file = piece->unit->source->source;

	err_try(match_function(piece->match, orig, result));
	if (result->proof == MATCH_EXACT)
		return NULL;
	if (result->proof != MATCH_OVERRIDE)
		finding_add(findings, "not-proven", file, orig->name,
			    result->proof == MATCH_DIFFERENT
				    ? unproven_remedy(piece->build->spec->target)
				    : proof_remedies[result->proof],
			    "its address in %s is not proven (%s)%s%s", piece->owner,
			    match_proof_name(result->proof), result->why ? ": " : "",
			    result->why ? result->why : "");
	return NULL;
}
