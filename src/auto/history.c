/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The decisions of `suture auto`, as one file that is replaced as a whole.  A damaged history must
 * not stop the loop, so that adding to one begins a new one.
 */
#include "auto/history.h"

#include "base/alloc.h"
#include "base/json.h"
#include "live/state.h"

#define HISTORY_FILE AUTO_DIR "/history.json"
#define HISTORY_MOST 400

struct err *auto_history_read(const struct root *root, json_t **entries)
{
	scope_json object = NULL;

	*entries = NULL;
	err_try(live_state_read(root, HISTORY_FILE, "remove it; it contains only the history",
				&object));

	json_t *array = object ? json_object_get(object, "entries") : NULL;

	*entries = json_is_array(array) ? json_incref(array) : json_array();
	return NULL;
}

struct err *auto_history_add(const struct root *root, enum auto_step from,
			     const struct auto_state *state, int64_t now)
{
	scope_json entries = NULL;

	err_free(auto_history_read(root, &entries));
	if (!entries)
		entries = json_array();
	json_array_append_new(
		entries,
		json_pack("{s:I, s:s, s:s, s:o, s:o, s:o}", "time", (json_int_t)now, "from",
			  auto_step_name(from), "step", auto_step_name(state->step), "level",
			  state->has_level ? printable_json(state->level.version) : json_null(),
			  "kernel", printable_json(state->kernel), "why",
			  printable_json(state->why)));
	while (json_array_size(entries) > HISTORY_MOST)
		json_array_remove(entries, 0);
	return live_state_write(
		root, HISTORY_FILE,
		json_pack("{s:s, s:O}", "schema", "suture.auto-history/1", "entries", entries));
}
