/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Writes and reads records of loads: /run/suture/loaded/<name>.json.  A record has the inode of
 * /sys/module/<name>, of which kernfs makes a new one at each load, so that a record is never taken
 * for that of another module of the same name.
 */
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "base/json.h"
#include "live/fixes.h"
#include "live/module.h"
#include "live/paths.h"
#include "live/record.h"
#include "live/state.h"

static char *record_path(const char *name)
{
	return xasprintf(LIVE_RUN "/loaded/%s.json", name);
}

static uint64_t module_inode(const struct root *root, const char *name)
{
	scope_free char *path = xasprintf(LIVE_SYS_MODULE, name);
	struct stat st;

	return root_stat(root, path, &st) ? 0 : st.st_ino;
}

static void record_read_states(const json_t *array, struct live_record *record)
{
	size_t i;
	json_t *state;

	json_array_foreach(array, i, state) vec_push(
		&record->states,
		(struct live_klp_state){json_integer_value(json_object_get(state, "id")),
					json_integer_value(json_object_get(state, "version"))});
}

/* This ignores a record of an earlier load of that name. */
struct err *live_record_read(const struct root *root, const char *name,
			     struct live_record **recordp)
{
	scope_free char *path = record_path(name);
	scope_free char *remedy = xasprintf(
		"the record of this load is lost; unload %s and load it again to get a new one",
		name);
	uint64_t inode = module_inode(root, name);
	scope_json object = NULL;

	*recordp = NULL;
	err_try(live_state_read(root, path, remedy, &object));
	if (!object)
		return NULL;

	const json_t *written = json_object_get(object, "inode");
	struct err *err = NULL;

	if (!json_is_integer(written)) {
		err = live_state_invalid(root, path, remedy);
	} else if (inode && json_integer_value(written) == (json_int_t)inode) {
		struct live_record *record = xcalloc(1, sizeof(*record));

		record->path = json_copy_member(object, "path");
		record->sha256 = json_copy_member(object, "sha256");
		record->digest = json_copy_member(object, "digest");
		record->time = json_copy_member(object, "time");
		record->report = json_copy_member(object, "report");
		record->attested =
			live_attested_find(json_string_value(json_object_get(object, "attested")));
		record->nr_covered = json_integer_value(json_object_get(object, "covered"));
		json_add_strings(json_object_get(object, "uncovered"), &record->uncovered);
		json_add_strings(json_object_get(object, "cves"), &record->cves);
		record->cover = live_cover_parse(json_object_get(object, "cover"));
		record->installed = json_is_true(json_object_get(object, "installed"));
		record_read_states(json_object_get(object, "states"), record);
		*recordp = record;
	}
	return err;
}

struct err *live_record_write(const struct root *root, const struct live_module *module,
			      bool installed)
{
	scope_free char *path = record_path(module->name), *time = clock_utc();
	scope_free char *full = realpath(module->path, NULL);
	scope_free char *report = module->report ? realpath(module->report, NULL) : NULL;
	json_t *states = json_array();
	scope_str_vec cves = {};

	struct live_cover *cover = live_cover_read(module);

	live_module_cves(module, &cves);
	vec_foreach(&module->klp->states, it)
		json_array_append_new(states, json_pack("{s:I, s:i}", "id", (json_int_t)it->id,
							"version", (int)it->version));

	json_t *object = json_pack(
		"{s:o, s:I, s:o, s:s, s:s, s:s, s:o, s:b, s:o, s:s?, s:i, s:o, s:o, s:o}", "name",
		printable_json(module->name), "inode", (json_int_t)module_inode(root, module->name),
		"path", printable_json(full), "sha256", module->sha256, "digest", module->digest,
		"time", time, "report", printable_json(report), "installed", (int)installed,
		"states", states, "attested", live_attested_name(module->attested), "covered",
		(int)module->covered.len, "uncovered", printables_json(&module->uncovered), "cves",
		printables_json(&cves), "cover", live_cover_json(cover));

	live_cover_free(cover);

	return live_state_write(root, path, object);
}

void live_record_drop(const struct root *root, const char *name)
{
	scope_free char *path = record_path(name);

	err_free(root_remove(root, path)); /* if the file stays, its inode does not match later */
}

void live_record_free(struct live_record *record)
{
	if (!record)
		return;
	free(record->path);
	free(record->sha256);
	free(record->digest);
	free(record->time);
	free(record->report);
	vec_free(&record->states);
	str_vec_free(&record->uncovered);
	str_vec_free(&record->cves);
	live_cover_free(record->cover);
	free(record);
}
