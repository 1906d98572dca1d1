/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Keeps reports below covers/ in the answers of a release, as NUMBER.json and NUMBER.ko. */
#include "cover/kept_report.h"

#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

#include "base/alloc.h"
#include "base/file.h"
#include "base/json.h"
#include "base/strbuf.h"
#include "finding/json.h"

/* ---- the sum of the inputs ---- */

static void kept_inputs_add_file(struct strbuf *inputs, const char *what, const char *path)
{
	scope_file_map map = {};
	struct err *err = path ? file_map(path, &map) : NULL;

	strbuf_addf(inputs, "%s %s %016llx %zu\n", what, !path || err ? "missing" : "file",
		    map.bytes.size ? (unsigned long long)XXH3_64bits(map.bytes.data, map.bytes.size)
				   : 0,
		    map.bytes.size);
	err_free(err);
}

static void kept_inputs_add_change(struct strbuf *inputs, const struct cover_spec *spec,
				   const struct tree_change *change)
{
	scope_free char *before =
		change->before ? xasprintf("%s/%s", spec->target->source, change->path) : NULL;
	scope_free char *after =
		change->after ? xasprintf("%s/%s", spec->source->tree, change->path) : NULL;

	kept_inputs_add_file(inputs, change->path, before);
	kept_inputs_add_file(inputs, change->path, after);
}

static void kept_inputs_list(const struct covering *covering, struct strbuf *inputs)
{
	const struct cover_spec *spec = covering->spec;
	const struct cover_report *report = covering->report;

	/* Another version of the program may judge differently. */
	kept_inputs_add_file(inputs, "program", "/proc/self/exe");
	strbuf_addf(inputs, "%s %s %s %s %d\n", spec->target->release, report->name, report->from,
		    report->to, spec->by_file);
	if (spec->fixes)
		kept_inputs_add_file(inputs, "fixes", spec->fixes);
	vec_foreach(&covering->series, it)
		strbuf_addf(inputs, "commit %s %016llx\n", it->id ? it->id : it->name,
			    (unsigned long long)XXH3_64bits(it->text, strlen(it->text)));
	for (size_t i = 0; i < spec->nr_added; i++)
		kept_inputs_add_file(inputs, "added", spec->added[i]);
	for (size_t i = 0; spec->modules && i < spec->modules->len; i++)
		strbuf_addf(inputs, "module %s\n", spec->modules->data[i]);
	if (spec->modules)
		strbuf_addf(inputs, "for a machine\n");
	vec_foreach(&covering->changes, it)
		kept_inputs_add_change(inputs, spec, it);
}

struct err *kept_report_open(struct covering *covering, struct kept_report *kept)
{
	scope_strbuf inputs = STRBUF_INIT;

	kept_inputs_list(covering, &inputs);

	XXH128_hash_t sum = XXH3_128bits(inputs.buf, inputs.len);
	scope_free char *name = xasprintf("covers/%016llx%016llx", (unsigned long long)sum.high64,
					  (unsigned long long)sum.low64);

	kept->list = xasprintf("%s.json", name);
	kept->module = xasprintf("%s.ko", name);
	kept->kbuild.progress = covering->progress;
	return kbuild_open_cache(covering->spec->target, covering->work, NULL, &kept->kbuild);
}

void kept_report_close(struct kept_report *kept)
{
	kbuild_close(&kept->kbuild);
	free(kept->list);
	free(kept->module);
}

/* ---- what is written ---- */

static json_t *kept_unit(const struct cover_unit *unit)
{
	return json_pack("{s:o, s:i, s:o, s:o, s:I, s:o, s:o, s:o, s:b, s:b}", "name",
			 text_json(unit->name), "state", unit->state, "files",
			 printables_json(&unit->files), "functions",
			 printables_json(&unit->functions), "built", (json_int_t)unit->nr_built,
			 "reasons", findings_json(&unit->reasons), "needs",
			 printables_json(&unit->needs), "cves", printables_json(&unit->cves),
			 "replaced", unit->replaced, "elsewhere", unit->elsewhere);
}

static json_t *kept_state(enum cover_fix_state state, const struct cover_unit_numbers *open)
{
	json_t *numbers = json_array();

	vec_foreach(open, it)
		json_array_append_new(numbers, json_integer(*it));
	return json_pack("{s:i, s:o}", "state", state, "open", numbers);
}

static json_t *kept_commit(const struct cover_commit *commit)
{
	json_t *json = kept_state(commit->state, &commit->open);

	if (commit->id)
		json_object_set_new(json, "id", text_json(commit->id));
	json_object_set_new(json, "name", text_json(commit->name));
	return json;
}

static json_t *kept_counts(const size_t *counts, size_t len)
{
	json_t *array = json_array();

	for (size_t i = 0; i < len; i++)
		json_array_append_new(array, json_integer(counts[i]));
	return array;
}

static json_t *kept_totals(const struct cover_totals *totals)
{
	const size_t numbers[] = {totals->files, totals->functions_changed,
				  totals->functions_patched, totals->rounds};

	return json_pack("[o, o, o, o]", kept_counts(numbers, array_size(numbers)),
			 kept_counts(totals->units, array_size(totals->units)),
			 kept_counts(totals->cves, array_size(totals->cves)),
			 kept_counts(totals->commits, array_size(totals->commits)));
}

struct err *kept_report_add(const struct kept_report *kept, const struct cover_report *report)
{
	json_t *units = json_array(), *fixes = json_array(), *commits = json_array();

	vec_foreach(&report->units, it)
		json_array_append_new(units, kept_unit(it));
	vec_foreach(&report->fixes, it)
		json_array_append_new(fixes, kept_state(it->state, &it->open));
	vec_foreach(&report->commits, it)
		json_array_append_new(commits, kept_commit(it));

	scope_json json =
		json_pack("{s:i, s:b, s:o, s:o, s:o, s:o}", "verdict", report->verdict, "module",
			  report->module != NULL, "units", units, "fixes", fixes, "commits",
			  commits, "totals", kept_totals(&report->totals));
	scope_free char *text = json_dumps(json, JSON_COMPACT);

	if (!text)
		return err_new("%s: the report cannot be written as JSON", report->name);
	if (report->module)
		err_try(kept_copy(&kept->kbuild, report->module, kept->module));
	return kept_write(&kept->kbuild, kept->list, text, strlen(text));
}

/* ---- what is read ---- */

static void kept_read_unit(const json_t *json, struct cover_unit *unit)
{
	unit->name = json_copy_member(json, "name");
	unit->state = json_integer_value(json_object_get(json, "state"));
	json_add_strings(json_object_get(json, "files"), &unit->files);
	json_add_strings(json_object_get(json, "functions"), &unit->functions);
	unit->nr_built = json_integer_value(json_object_get(json, "built"));
	findings_from_json(json_object_get(json, "reasons"), &unit->reasons);
	json_add_strings(json_object_get(json, "needs"), &unit->needs);
	json_add_strings(json_object_get(json, "cves"), &unit->cves);
	unit->replaced = json_is_true(json_object_get(json, "replaced"));
	unit->elsewhere = json_is_true(json_object_get(json, "elsewhere"));
}

static enum cover_fix_state kept_read_state(const json_t *json, struct cover_unit_numbers *open)
{
	const json_t *numbers = json_object_get(json, "open");

	for (size_t i = 0; i < json_array_size(numbers); i++)
		vec_push(open, (size_t)json_integer_value(json_array_get(numbers, i)));
	return json_integer_value(json_object_get(json, "state"));
}

static void kept_read_commits(const json_t *array, struct cover_commit_vec *commits)
{
	for (size_t i = 0; i < json_array_size(array); i++) {
		const json_t *json = json_array_get(array, i);
		struct cover_commit commit = {.id = json_copy_member(json, "id"),
					      .name = json_copy_member(json, "name")};

		commit.state = kept_read_state(json, &commit.open);
		vec_push(commits, commit);
	}
}

static void kept_read_counts(const json_t *array, size_t *counts, size_t len)
{
	for (size_t i = 0; i < len; i++)
		counts[i] = json_integer_value(json_array_get(array, i));
}

static void kept_read_totals(const json_t *json, struct cover_totals *totals)
{
	size_t numbers[4];

	kept_read_counts(json_array_get(json, 0), numbers, array_size(numbers));
	totals->files = numbers[0];
	totals->functions_changed = numbers[1];
	totals->functions_patched = numbers[2];
	totals->rounds = numbers[3];
	kept_read_counts(json_array_get(json, 1), totals->units, array_size(totals->units));
	kept_read_counts(json_array_get(json, 2), totals->cves, array_size(totals->cves));
	kept_read_counts(json_array_get(json, 3), totals->commits, array_size(totals->commits));
}

static void kept_read_report(const json_t *json, struct cover_report *report)
{
	const json_t *units = json_object_get(json, "units"),
		     *fixes = json_object_get(json, "fixes");

	report->verdict = json_integer_value(json_object_get(json, "verdict"));
	for (size_t i = 0; i < json_array_size(units); i++) {
		struct cover_unit unit = {};

		kept_read_unit(json_array_get(units, i), &unit);
		vec_push(&report->units, unit);
	}
	/* The list of fixes was read already; only their states are kept. */
	for (size_t i = 0; i < report->fixes.len; i++)
		report->fixes.data[i].state =
			kept_read_state(json_array_get(fixes, i), &report->fixes.data[i].open);
	kept_read_commits(json_object_get(json, "commits"), &report->commits);
	kept_read_totals(json_object_get(json, "totals"), &report->totals);
}

static struct err *kept_report_place(const struct kept_report *kept, struct covering *covering)
{
	struct cover_report *report = covering->report;
	scope_free char *from = kept_path(&kept->kbuild, kept->module);
	scope_free char *to = xasprintf("%s/%s.ko", covering->spec->out_dir, report->name);

	err_try(dir_make(covering->spec->out_dir));
	err_try(file_copy(from, to));
	report->module = take_ptr(to);
	return NULL;
}

struct err *kept_report_find(const struct kept_report *kept, struct covering *covering, bool *found)
{
	scope_free char *path = kept_path(&kept->kbuild, kept->list);
	bool wanted = covering->spec->out_dir;

	*found = false;
	if (!kept_has(&kept->kbuild, kept->list))
		return NULL;

	scope_json json = json_load_file(path, 0, NULL);
	bool has_module = json_is_true(json_object_get(json, "module"));
	bool nothing = json_integer_value(json_object_get(json, "verdict")) == COVER_NOTHING;

	/* A run that wrote nothing left no module. */
	if (!json || (wanted && !nothing && !has_module) ||
	    (wanted && has_module && !kept_has(&kept->kbuild, kept->module)))
		return NULL;
	kept_read_report(json, covering->report);
	covering->report->kept = take_ptr(json);
	if (wanted && has_module)
		err_try(kept_report_place(kept, covering));
	progress_note(covering->progress,
		      "nothing changed since an earlier run, and its result is used");
	*found = true;
	return NULL;
}
