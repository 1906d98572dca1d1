/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Writes findings as JSON, for scripts and for the report beside a module, and reads them back. */
#include "finding/json.h"

#include <string.h>

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

static enum severity severity_from_json(const json_t *object)
{
	const char *name = json_string_value(json_object_get(object, "severity"));

	for (int i = SEVERITY_NOTE; name && i <= SEVERITY_REFUSE; i++)
		if (!strcmp(name, severity_name(i)))
			return i;
	return SEVERITY_NOTE;
}

void findings_from_json(const json_t *array, struct finding_vec *findings)
{
	size_t index;
	json_t *it;

	json_array_foreach(array, index, it)
	{
		const char *rule = json_string_value(json_object_get(it, "rule"));
		char *message = json_copy_member(it, "message");

		if (!rule || !message) {
			free(message);
			continue;
		}
		vec_push(findings, (struct finding){
					   .rule = rule,
					   .severity = severity_from_json(it),
					   .file = json_copy_member(it, "file"),
					   .line = json_integer_value(json_object_get(it, "line")),
					   .object = json_copy_member(it, "object"),
					   .symbol = json_copy_member(it, "symbol"),
					   .message = message,
					   .remedy = json_copy_member(it, "remedy"),
					   .allowed = json_copy_member(it, "allowed"),
				   });
	}
}
