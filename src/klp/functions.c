/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reports the functions of a patch: how each was proven, what it calls, who uses it now. */
#include "klp/functions.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/file.h"
#include "klp/check.h"
#include "klp/plain.h"

static void functions_describe(const struct build *build, const struct unit *unit,
			       const struct diff_item *item, struct klp_function *function)
{
	struct safety_unit input = unit_safety(unit);

	safety_function_facts(build->checked, &input, item, &function->facts);
	if (build->spec->listings)
		safety_compare_code(item->orig, item->patched, &function->code);
}

static void report_function(struct build *build, const struct piece *piece,
			    const struct diff_item *item, const struct match_result *result)
{
	struct klp_function function = {
		.object = xstrdup(piece->owner),
		.file = xstrdup(piece->unit->source->source),
		.name = xstrdup(item->name),
		.change = item->change,
		.sought = item->orig != NULL,
		.proof = result->proof,
		.sympos = result->sympos,
	};

	functions_describe(build, piece->unit, item, &function);
	vec_push(&build->report->functions, function);
}

struct err *functions_report(struct build *build, struct piece *piece)
{
	size_t count;
	const struct diff_item *items = diff_items(unit_diff(piece->unit), &count);

	for (size_t i = 0; i < count; i++) {
		const struct diff_item *item = &items[i];
		struct match_result result = {};

		if (item->kind != DIFF_FUNCTION || item->change == DIFF_SAME ||
		    item->flags & DIFF_COLD)
			continue;
		if (item->orig) {
			const struct elf_symbol *orig = unit_shipped(piece->unit, item->orig);

			if (!orig)
				continue;
			err_try(match_function(piece->match, orig, &result));
		}
		if (item->orig && result.proof == MATCH_OVERRIDE)
			finding_add(
				&build->report->findings, "overridden", piece->unit->source->source,
				item->name, NULL,
				"is weak, and the kernel uses the definition of %s, so there is nothing to replace",
				piece->owner);
		report_function(build, piece, item, &result);
	}
	return NULL;
}

/* Returns the object that a source file is linked into; NULL if there are none or several. */
static char *object_of(const struct build *build, const char *file)
{
	vec_foreach(&build->compiled->units, it)
		if (file && it->owners.len == 1 && !strcmp(it->source, file))
			return xstrdup(it->owners.data[0]);
	return NULL;
}

void functions_place_findings(struct build *build)
{
	vec_foreach(&build->report->findings, finding) {
		vec_foreach(&build->report->functions, it)
			if (!finding->line && finding_is_at(finding, it->file, it->name))
				finding->line = it->facts.line;
		if (!finding->object)
			finding->object = object_of(build, finding->file);
	}
}

/* Returns NULL if the file cannot be read, which needs root and a mounted file system. */
static char *functions_read_optional(const char *path)
{
	char *text = NULL;

	err_free(file_read(path, &text, NULL));
	return text;
}

void functions_check_running(struct build *build)
{
	if (!target_runs_here(build->spec->target))
		return;

	scope_free char *kprobes = functions_read_optional("/sys/kernel/debug/kprobes/list");
	scope_free char *traced = functions_read_optional("/sys/kernel/tracing/enabled_functions");

	vec_foreach(&build->report->functions, it)
		if (it->change == DIFF_CHANGED)
			safety_check_in_use(kprobes, traced, it->file, it->name,
					    &build->report->findings);
}
