/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Puts the health report together; it has no names of the machine but those that the reader knows.
 */
#include "auto/report.h"

#include "base/json.h"

static json_t *report_effective(const struct auto_effective *effective)
{
	scope_free char *text = auto_effective_text(effective);

	return json_pack("{s:o, s:o, s:o, s:b, s:i, s:i, s:i, s:o}", "version",
			 printable_json(effective->version), "to", printable_json(effective->to),
			 "patch", printable_json(effective->patch), "equivalent",
			 effective->equivalent, "changes_open", effective->changes_open,
			 "cves_carried", effective->cves_carried, "cves_open", effective->cves_open,
			 "text", printable_json(text));
}

static json_t *report_bad(const struct auto_state *state)
{
	json_t *array = json_array();

	vec_foreach(&state->bad, it)
		json_array_append_new(array, json_pack("{s:o, s:o, s:s, s:o}", "version",
						       printable_json(it->level.version), "kernel",
						       printable_json(it->kernel), "result",
						       it->rolled_back ? "rolled-back" : "refused",
						       "why", printable_json(it->why)));
	return array;
}

json_t *auto_report_json(const struct auto_report *report)
{
	const struct auto_state *state = report->state;

	return json_pack(
		"{s:o, s:o, s:s, s:i, s:s, s:I, s:o, s:o, s:o, s:o, s:o, s:i, s:b, s:i, s:I, s:I}",
		"kernel", printable_json(report->effective->kernel), "effective",
		report_effective(report->effective), "mode", auto_mode_name(report->policy->mode),
		"ring", (int)report->ring, "step", auto_step_name(state->step), "since",
		(json_int_t)state->since, "level",
		state->has_level ? auto_level_json(&state->level) : json_null(), "module",
		auto_module_json(&state->module), "why", printable_json(state->why), "hold",
		printable_json(report->hold), "bad", report_bad(state), "rollbacks",
		(int)state->rollbacks, "observe", state->observe, "failures", (int)state->failures,
		"next_try", (json_int_t)state->next_try, "watch_until",
		(json_int_t)state->watch_until);
}
