/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Findings as JSON, for scripts and for the report beside a module. */
#include "finding/json.h"

#include "base/alloc.h"
#include "base/json.h"

static json_t *finding_json(const struct finding *finding)
{
	scope_free char *where = finding_where(finding);

	return json_pack(
		"{s:s, s:s, s:o, s:o, s:i, s:o, s:o, s:o, s:o, s:o}", "rule", finding->rule,
		"severity", severity_name(finding->severity), "where", printable_json(where),
		"file", printable_json(finding->file), "line", (int)finding->line, "object",
		printable_json(finding->object), "symbol", printable_json(finding->symbol),
		"message", printable_json(finding->message), "remedy",
		printable_json(finding->remedy), "allowed", printable_json(finding->allowed));
}

json_t *findings_json(const struct finding_vec *findings)
{
	json_t *array = json_array();

	vec_foreach(findings, it)
		json_array_append_new(array, finding_json(it));
	return array;
}
