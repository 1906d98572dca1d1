/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Defines the options, JSON and text that the commands on the running kernel share. */
#include "cli/live_common.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/printable.h"
#include "base/strbuf.h"
#include "cli/findings.h"

struct err *cli_ms(const struct cli_args *args, const char *name, int *ms)
{
	const char *text = cli_option(args, name);
	char *end;

	if (!text)
		return NULL;

	long seconds = strtol(text, &end, 10);

	if (end == text || *end || seconds < 0 || seconds > DAY_SECONDS)
		return err_code_new(ERR_USAGE, "--%s: '%s' is not a number of seconds from 0 to %d",
				    name, text, DAY_SECONDS);
	*ms = seconds * 1000;
	return NULL;
}

struct err *cli_root(const struct cli_args *args, struct root **root)
{
	return err_wrap(root_open(cli_option(args, "root"), root), "--root");
}

json_t *live_json_tasks(const struct live_task_vec *tasks)
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

static bool live_outcome_changed(const struct live_outcome *outcome)
{
	return !outcome->unchanged &&
	       (outcome->end == LIVE_END_DONE || outcome->end == LIVE_END_GOING_ON);
}

json_t *live_json_outcomes(const struct live_outcome_vec *outcomes)
{
	json_t *array = json_array();

	vec_foreach(outcomes, it)
		json_array_append_new(
			array, json_pack("{s:o, s:o, s:s, s:b, s:o, s:f, s:o, s:o, s:o, s:o}",
					 "name", printable_json(it->name), "path",
					 printable_json(it->path), "result", live_end_name(it->end),
					 "changed", live_outcome_changed(it), "why",
					 printable_json(it->why), "seconds", it->seconds,
					 "blocking", live_json_tasks(&it->blocking), "replaced",
					 printables_json(&it->replaced), "unloaded",
					 printables_json(&it->unloaded), "kernel_log",
					 printables_json(&it->kernel_log)));
	return array;
}

bool live_changed(const struct live_outcome_vec *outcomes)
{
	vec_foreach(outcomes, it)
		if (live_outcome_changed(it))
			return true;
	return false;
}

static json_t *live_json_functions(const struct live_object *object)
{
	json_t *array = json_array();

	vec_foreach(&object->functions, it)
		json_array_append_new(array, json_pack("{s:o, s:i, s:o}", "name",
						       printable_json(it->name), "sympos",
						       it->sympos, "top", printable_json(it->top)));
	return array;
}

static json_t *live_json_objects(const struct live_patch *patch)
{
	json_t *array = json_array();

	vec_foreach(&patch->objects, it)
		json_array_append_new(
			array,
			json_pack("{s:o, s:o, s:o}", "name", printable_json(it->name), "patched",
				  it->patched < 0 ? json_null() : json_boolean(it->patched),
				  "functions", live_json_functions(it)));
	return array;
}

json_t *live_json_patch(const struct live_patch *patch)
{
	const struct live_record *record = patch->record;
	json_t *coverage = record && record->attested == LIVE_ATTESTED_PASS
				   ? json_pack("{s:i, s:o}", "covered", (int)record->nr_covered,
					       "uncovered", printables_json(&record->uncovered))
				   : json_null();

	return json_pack(
		"{s:o, s:s, s:o, s:o, s:b, s:o, s:o, s:o, s:o, s:o, s:o, s:b, s:o, s:o, s:o}",
		"name", printable_json(patch->name), "state", live_state_name(patch->state),
		"replace", patch->replace < 0 ? json_null() : json_boolean(patch->replace), "taint",
		printable_json(patch->taint), "suture", record != NULL, "loaded",
		printable_json(record ? record->time : NULL), "path",
		printable_json(record ? record->path : NULL), "sha256",
		printable_json(record ? record->sha256 : NULL), "report",
		printable_json(record ? record->report : NULL), "attested",
		printable_json(record ? live_attested_name(record->attested) : NULL), "coverage",
		coverage, "installed", record && record->installed, "cves",
		record ? printables_json(&record->cves) : json_array(), "objects",
		live_json_objects(patch), "cover", live_cover_json(record ? record->cover : NULL));
}

void live_warn_damage(const struct live_patches *patches, struct finding_vec *findings)
{
	vec_foreach(&patches->damage, it)
		finding_add_about(findings, SEVERITY_WARN, "state", NULL, NULL, "%s", *it);
}

void live_print_findings(const struct finding_vec *findings, int verbosity)
{
	findings_print(stderr, findings,
		       verbosity > 0   ? SEVERITY_NOTE
		       : verbosity < 0 ? SEVERITY_REFUSE
				       : SEVERITY_WARN);
}

void live_print_tasks(const struct live_task_vec *tasks)
{
	vec_foreach(tasks, it) {
		scope_free char *text = live_task_describe(it);

		cli_print("    blocked by %s", text);
	}
}

struct err *cli_write_metrics(const struct cli *cli, const char *path, const struct strbuf *text)
{
	if (!strcmp(path, "-")) {
		if (cli->json)
			return err_code_new(
				ERR_USAGE,
				"--prometheus - and --json: only one of them can be printed on standard output");
		cli_block(stdout, text->buf);
		return NULL;
	}
	err_try(file_write(path, text->buf, text->len));
	if (!str_ends(path, ".prom") && cli->verbosity >= 0)
		cli_fprintf(stderr, "%s: node_exporter reads only files whose names end in .prom\n",
			    path);
	return NULL;
}

int live_status_of(const struct live_outcome_vec *outcomes)
{
	vec_foreach(outcomes, it)
		if (it->end != LIVE_END_DONE && it->end != LIVE_END_GOING_ON)
			return ERR_FAILED;
	return 0;
}
