/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Writes patches, tasks and outcomes as JSON and text, for the commands on the running kernel. */
#include "cli/live_output.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "base/printable.h"
#include "cli/findings.h"

json_t *cli_json_tasks(const struct live_task_vec *tasks)
{
	json_t *array = json_array();

	vec_foreach(tasks, it) {
		char state[] = {it->state, '\0'};

		json_array_append_new(
			array, json_pack("{s:i, s:i, s:s, s:s, s:s, s:o}", "pid", it->pid, "tid",
					 it->tid, "command", it->command, "state", state, "stack",
					 it->stack, "held_by", printable_json(it->held_by)));
	}
	return array;
}

json_t *cli_json_outcomes(const struct live_outcome_vec *outcomes)
{
	json_t *array = json_array();

	vec_foreach(outcomes, it)
		json_array_append_new(
			array,
			json_pack("{s:o, s:o, s:s, s:b, s:o, s:f, s:o, s:o, s:o, s:o, s:o}", "name",
				  printable_json(it->name), "path", printable_json(it->path),
				  "result", live_end_name(it->end), "changed",
				  live_outcome_changed(it), "why", printable_json(it->why),
				  "seconds", it->seconds, "blocking", cli_json_tasks(&it->blocking),
				  "over", printables_json(&it->over), "replaced",
				  printables_json(&it->replaced), "unloaded",
				  printables_json(&it->unloaded), "kernel_log",
				  printables_json(&it->kernel_log)));
	return array;
}

struct err *cli_names_given(const struct cli_args *args, struct str_vec *names)
{
	for (int i = 0; i < args->argc; i++) {
		char *name = NULL;

		err_try(live_name_given(args->argv[i], &name));
		vec_push(names, name);
	}
	return NULL;
}

bool cli_outcomes_changed(const struct live_outcome_vec *outcomes)
{
	vec_foreach(outcomes, it)
		if (live_outcome_changed(it))
			return true;
	return false;
}

static json_t *cli_json_functions(const struct live_object *object)
{
	json_t *array = json_array();

	vec_foreach(&object->functions, it)
		json_array_append_new(array, json_pack("{s:o, s:i, s:o}", "name",
						       printable_json(it->name), "sympos",
						       it->sympos, "top", printable_json(it->top)));
	return array;
}

static json_t *cli_json_objects(const struct live_patch *patch)
{
	json_t *array = json_array();

	vec_foreach(&patch->objects, it)
		json_array_append_new(
			array,
			json_pack("{s:o, s:o, s:o}", "name", printable_json(it->name), "patched",
				  it->patched < 0 ? json_null() : json_boolean(it->patched),
				  "functions", cli_json_functions(it)));
	return array;
}

json_t *cli_json_patch(const struct live_patch *patch)
{
	const struct live_record *record = patch->record;
	json_t *coverage = record && record->attested == LIVE_ATTESTED_PASS
				   ? json_pack("{s:i, s:o}", "covered", (int)record->nr_covered,
					       "uncovered", printables_json(&record->uncovered))
				   : json_null();

	return json_pack(
		"{s:o, s:s, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:b, s:o, s:o, s:o}",
		"name", printable_json(patch->name), "state", live_state_name(patch->state),
		"replace", patch->replace < 0 ? json_null() : json_boolean(patch->replace), "taint",
		printable_json(patch->taint), "suture",
		patch->record_damaged ? json_null() : json_boolean(record != NULL), "loaded",
		printable_json(record ? record->time : NULL), "path",
		printable_json(record ? record->path : NULL), "sha256",
		printable_json(record ? record->sha256 : NULL), "report",
		printable_json(record ? record->report : NULL), "attested",
		printable_json(record ? live_attested_name(record->attested) : NULL), "coverage",
		coverage, "installed", record && record->installed, "cves",
		record ? printables_json(&record->cves) : json_array(), "objects",
		cli_json_objects(patch), "cover", live_cover_json(record ? record->cover : NULL));
}

void cli_warn_damage(const struct live_patches *patches, struct finding_vec *findings)
{
	vec_foreach(&patches->damage, it)
		finding_add_about(findings, SEVERITY_WARN, "state", NULL, NULL, "%s", *it);
}

void cli_print_findings(const struct finding_vec *findings, int verbosity)
{
	findings_print(stderr, findings,
		       verbosity > 0   ? SEVERITY_NOTE
		       : verbosity < 0 ? SEVERITY_REFUSE
				       : SEVERITY_WARN);
}

void cli_print_tasks(const struct live_task_vec *tasks)
{
	vec_foreach(tasks, it) {
		scope_free char *text = live_task_describe(it);

		cli_print("    blocked by %s", text);
	}
}

int cli_outcomes_status(const struct live_outcome_vec *outcomes)
{
	vec_foreach(outcomes, it)
		if (it->end != LIVE_END_DONE && it->end != LIVE_END_GOING_ON)
			return ERR_FAILED;
	return 0;
}
