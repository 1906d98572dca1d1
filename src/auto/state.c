/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads and writes the state of `suture auto`, and keeps the levels that are not tried again. */
#include "auto/state.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/json.h"
#include "live/state.h"

#define STATE_FILE AUTO_DIR "/state.json"

/* Levels that are remembered; older ones were superseded long ago. */
#define BAD_MOST 50

/* The members that are whole numbers, which the file has as they are. */
static const struct {
	const char *key;
	size_t offset;
} state_numbers[] = {
	{"since", offsetof(struct auto_state, since)},
	{"seen_at", offsetof(struct auto_state, seen_at)},
	{"next_try", offsetof(struct auto_state, next_try)},
	{"watch_until", offsetof(struct auto_state, watch_until)},
	{"taint", offsetof(struct auto_state, taint)},
	{"log_from", offsetof(struct auto_state, log_from)},
};

static const char remedy[] = "run 'suture auto release' to start over";

void auto_module_clear(struct auto_module *module)
{
	free(module->path);
	free(module->name);
	free(module->digest);
	*module = (struct auto_module){};
}

static void bad_clear(struct auto_bad *bad)
{
	auto_level_clear(&bad->level);
	free(bad->kernel);
	free(bad->why);
}

void auto_state_drop_level(struct auto_state *state)
{
	auto_level_clear(&state->level);
	auto_module_clear(&state->module);
	state->has_level = false;
	state->seen_at = state->watch_until = state->next_try = state->taint = state->log_from = 0;
	state->failures = 0;
}

void auto_state_free(struct auto_state *state)
{
	auto_state_drop_level(state);
	auto_level_clear(&state->settled);
	vec_foreach(&state->bad, it)
		bad_clear(it);
	vec_free(&state->bad);
	free(state->kernel);
	free(state->boot_id);
	free(state->why);
	*state = (struct auto_state){};
}

void auto_state_begin(struct auto_state *state, const char *kernel, const char *boot_id,
		      int64_t now)
{
	*state = (struct auto_state){.since = now,
				     .kernel = xstrdup(kernel),
				     .boot_id = xstrdup(boot_id),
				     .why = xstrdup("nothing was decided yet")};
}

void auto_state_set_why(struct auto_state *state, const char *why)
{
	char *copy = xstrdup(why);

	free(state->why);
	state->why = copy;
}

void auto_state_add_bad(struct auto_state *state, const char *why, bool rolled_back)
{
	struct auto_bad bad = {auto_level_copy(&state->level), xstrdup(state->kernel), xstrdup(why),
			       rolled_back};

	if (state->bad.len == BAD_MOST) {
		bad_clear(&state->bad.data[0]);
		memmove(state->bad.data, state->bad.data + 1,
			--state->bad.len * sizeof(*state->bad.data));
	}
	vec_push(&state->bad, bad);
}

const struct auto_bad *auto_state_bars(const struct auto_state *state, const char *kernel,
				       const struct auto_level *level)
{
	vec_foreach(&state->bad, it) {
		if (strcmp(it->kernel, kernel))
			continue;
		if (it->rolled_back ? !auto_level_is_later(level, &it->level)
				    : auto_level_is_same(level, &it->level))
			return it;
	}
	return NULL;
}

enum auto_step auto_state_at(const struct auto_state *state)
{
	return state->step == AUTO_FAILED ? state->resume : state->step;
}

static json_t *state_bad_json(const struct auto_state *state)
{
	json_t *array = json_array();

	vec_foreach(&state->bad, it)
		json_array_append_new(array, json_pack("{s:o, s:o, s:o, s:b}", "level",
						       auto_level_json(&it->level), "kernel",
						       printable_json(it->kernel), "why",
						       printable_json(it->why), "rolled_back",
						       it->rolled_back));
	return array;
}

json_t *auto_module_json(const struct auto_module *module)
{
	if (!module->path)
		return json_null();
	return json_pack("{s:o, s:o, s:o, s:b, s:i, s:i}", "path", printable_json(module->path),
			 "name", printable_json(module->name), "digest",
			 printable_json(module->digest), "equivalent", module->equivalent,
			 "functions_changed", (int)module->changed, "functions_patched",
			 (int)module->patched);
}

static int64_t *state_number(struct auto_state *state, size_t i)
{
	return (int64_t *)((char *)state + state_numbers[i].offset);
}

struct err *auto_state_write(const struct root *root, const struct auto_state *state)
{
	json_t *object = json_pack(
		"{s:s, s:s, s:o, s:o, s:o, s:o, s:s, s:s, s:i, s:o, s:i, s:b, s:o, s:o}", "schema",
		"suture.auto-state/1", "step", auto_step_name(state->step), "kernel",
		printable_json(state->kernel), "boot_id", printable_json(state->boot_id), "level",
		state->has_level ? auto_level_json(&state->level) : json_null(), "module",
		auto_module_json(&state->module), "doing", auto_action_name(state->doing), "resume",
		auto_step_name(state->resume), "failures", (int)state->failures, "bad",
		state_bad_json(state), "rollbacks", (int)state->rollbacks, "observe",
		state->observe, "why", printable_json(state->why), "settled",
		state->has_settled ? auto_level_json(&state->settled) : json_null());

	for (size_t i = 0; i < array_size(state_numbers); i++)
		json_object_set_new(object, state_numbers[i].key,
				    json_integer(*state_number((struct auto_state *)state, i)));
	return live_state_write(root, STATE_FILE, object);
}

static bool state_parse_bad(const json_t *array, struct auto_state *state)
{
	size_t i;
	json_t *item;

	if (!json_is_array(array))
		return false;
	json_array_foreach(array, i, item)
	{
		struct auto_bad bad = {};
		const char *kernel, *why;
		json_t *level;
		int rolled_back;

		if (json_unpack(item, "{s:o, s:s, s:s, s:b}", "level", &level, "kernel", &kernel,
				"why", &why, "rolled_back", &rolled_back) ||
		    !auto_level_parse(level, &bad.level))
			return false;
		bad.kernel = xstrdup(kernel);
		bad.why = xstrdup(why);
		bad.rolled_back = rolled_back;
		vec_push(&state->bad, bad);
	}
	return true;
}

static bool state_parse_module(const json_t *object, struct auto_module *module)
{
	const char *path, *name, *digest;
	int equivalent, changed, patched;

	if (json_is_null(object))
		return true;
	if (json_unpack((json_t *)object, "{s:s, s:s, s:s, s:b, s:i, s:i}", "path", &path, "name",
			&name, "digest", &digest, "equivalent", &equivalent, "functions_changed",
			&changed, "functions_patched", &patched) ||
	    changed < 0 || patched < 0)
		return false;
	*module = (struct auto_module){xstrdup(path), xstrdup(name), xstrdup(digest),
				       equivalent,    changed,	     patched};
	return true;
}

static bool state_parse_numbers(const json_t *object, struct auto_state *state)
{
	for (size_t i = 0; i < array_size(state_numbers); i++) {
		const json_t *value = json_object_get(object, state_numbers[i].key);

		if (!json_is_integer(value))
			return false;
		*state_number(state, i) = json_integer_value(value);
	}
	return true;
}

/* Returns whether the object is a state, in which steps have what they are about. */
static bool state_parse(const json_t *object, struct auto_state *state)
{
	const char *step, *kernel, *boot_id, *doing, *resume, *why;
	json_t *level, *module, *bad, *settled;
	int failures, rollbacks, observe;

	if (json_unpack((json_t *)object,
			"{s:s, s:s, s:s, s:o, s:o, s:s, s:s, s:i, s:o, s:i, s:b, s:s, s:o}", "step",
			&step, "kernel", &kernel, "boot_id", &boot_id, "level", &level, "module",
			&module, "doing", &doing, "resume", &resume, "failures", &failures, "bad",
			&bad, "rollbacks", &rollbacks, "observe", &observe, "why", &why, "settled",
			&settled) ||
	    !state_parse_numbers(object, state))
		return false;

	int found = auto_step_find(step), resumed = auto_step_find(resume);
	int action = auto_action_find(doing);

	if (found < 0 || resumed < 0 || action < 0 || failures < 0 || rollbacks < 0)
		return false;
	state->step = found;
	state->resume = resumed;
	state->doing = action;
	state->failures = failures;
	state->rollbacks = rollbacks;
	state->observe = observe;
	state->kernel = xstrdup(kernel);
	state->boot_id = xstrdup(boot_id);
	state->why = xstrdup(why);
	state->has_level = !json_is_null(level);
	state->has_settled = !json_is_null(settled);
	if ((state->has_level && !auto_level_parse(level, &state->level)) ||
	    (state->has_settled && !auto_level_parse(settled, &state->settled)) ||
	    !state_parse_module(module, &state->module) || !state_parse_bad(bad, state))
		return false;

	enum auto_step at = auto_state_at(state);

	return (state->has_level || at == AUTO_IDLE || at == AUTO_HELD) &&
	       (state->module.path || at < AUTO_BUILT || at > AUTO_SETTLED);
}

struct err *auto_state_read(const struct root *root, struct auto_state *state, bool *there)
{
	scope_json object = NULL;

	*state = (struct auto_state){};
	*there = false;
	err_try(live_state_read(root, STATE_FILE, remedy, &object));
	if (!object)
		return NULL;
	if (!state_parse(object, state)) {
		auto_state_free(state);
		return live_state_invalid(root, STATE_FILE, remedy);
	}
	*there = true;
	return NULL;
}
