/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Frees the report, and derives facts from it. */
#include "klp/report.h"

#include <stdlib.h>

#include "base/alloc.h"

const char *klp_function_proof(const struct klp_function *function)
{
	return function->sought ? match_proof_name(function->proof) : NULL;
}

bool klp_report_is_empty(const struct klp_report *report)
{
	return !report->nr_replaced && !report->nr_callbacks;
}

void klp_report_free(struct klp_report *report)
{
	if (!report)
		return;
	vec_foreach(&report->functions, it) {
		free(it->object);
		free(it->file);
		free(it->name);
		function_facts_free(&it->facts);
		code_pair_vec_free(&it->code);
	}
	vec_free(&report->functions);
	type_view_vec_free(&report->types);
	settled_units_free(&report->settled);
	findings_free(&report->findings);
	str_vec_free(&report->cves);
	vec_foreach(&report->failures, it) {
		free(it->source);
		free(it->output);
	}
	vec_free(&report->failures);
	free(report->name);
	free(report->module);
	free(report);
}

void klp_report_freep(struct klp_report **reportp)
{
	klp_report_free(*reportp);
}
