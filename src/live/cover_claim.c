/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads what cumulative live patches say about themselves. */
#include "live/cover_claim.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/file.h"
#include "base/json.h"
#include "base/path.h"
#include "finding/cover_state.h"
#include "live/module.h"

#define EQUIVALENT "equivalent"

static void cover_add_open(struct live_cover *cover, const json_t *unit)
{
	enum cover_state state =
		cover_state_find(json_string_value(json_object_get(unit, "state")));
	const char *name = json_string_value(json_object_get(unit, "name"));

	if (!cover_state_is_open(state))
		return;
	cover->nr_open++;
	if (name && cover->open.len < LIVE_COVER_UNITS)
		vec_push(&cover->open, xstrdup(name));
}

bool live_cover_owns(const struct live_cover *cover, const json_t *list)
{
	const char *from = json_string_value(json_object_get(list, "from"));
	const char *to = json_string_value(json_object_get(list, "to"));

	return from && to && !strcmp(from, cover->from) && !strcmp(to, cover->to);
}

/* The list may be that of another run of the same name: then it says nothing. */
static void cover_read_list(const struct live_module *module, struct live_cover *cover)
{
	scope_free uint8_t *text = NULL;
	size_t size = 0, i;
	json_t *unit;

	if (!module->cover)
		return;
	err_free(file_load(module->cover, &text, &size));

	scope_json list = text ? json_loadb((const char *)text, size, 0, NULL) : NULL;
	const char *verdict = json_string_value(json_object_get(list, "verdict"));

	if (!live_cover_owns(cover, list))
		return;
	cover->equivalent &= verdict && !strcmp(verdict, EQUIVALENT);
	cover->nr_open = 0;
	json_array_foreach(json_object_get(list, "units"), i, unit) cover_add_open(cover, unit);
}

/* "6.1.192-2 6.1.192-3 equivalent" */
struct live_cover *live_cover_read(const struct live_module *module)
{
	const char *claim = klp_module_info(module->klp, "suture_cover");
	const char *to = claim ? strchr(claim, ' ') : NULL;
	const char *verdict = to ? strchr(to + 1, ' ') : NULL;

	if (!verdict || to == claim || verdict == to + 1)
		return NULL;

	struct live_cover *cover = xcalloc(1, sizeof(*cover));

	cover->from = xstrndup(claim, to - claim);
	cover->to = xstrndup(to + 1, verdict - to - 1);
	cover->equivalent = !strcmp(verdict + 1, EQUIVALENT);
	cover->nr_open = cover->equivalent ? 0 : -1;
	cover_read_list(module, cover);
	return cover;
}

json_t *live_cover_json(const struct live_cover *cover)
{
	if (!cover)
		return json_null();
	return json_pack("{s:o, s:o, s:s, s:o, s:o}", "from", printable_json(cover->from), "to",
			 printable_json(cover->to), "verdict",
			 cover->equivalent ? EQUIVALENT : "partial", "nr_open",
			 cover->nr_open < 0 ? json_null() : json_integer(cover->nr_open), "open",
			 printables_json(&cover->open));
}

struct live_cover *live_cover_parse(const json_t *object)
{
	const char *from = json_string_value(json_object_get(object, "from"));
	const char *to = json_string_value(json_object_get(object, "to"));
	const char *verdict = json_string_value(json_object_get(object, "verdict"));
	const json_t *nr_open = json_object_get(object, "nr_open");

	if (!from || !to || !verdict)
		return NULL;

	struct live_cover *cover = xcalloc(1, sizeof(*cover));

	cover->from = xstrdup(from);
	cover->to = xstrdup(to);
	cover->equivalent = !strcmp(verdict, EQUIVALENT);
	cover->nr_open = json_is_integer(nr_open) ? (int)json_integer_value(nr_open) : -1;
	json_add_strings(json_object_get(object, "open"), &cover->open);
	return cover;
}

struct live_cover *live_cover_copy(const struct live_cover *cover)
{
	struct live_cover *copy = xcalloc(1, sizeof(*copy));

	copy->from = xstrdup(cover->from);
	copy->to = xstrdup(cover->to);
	copy->equivalent = cover->equivalent;
	copy->nr_open = cover->nr_open;
	vec_foreach(&cover->open, it)
		vec_push(&copy->open, xstrdup(*it));
	return copy;
}

void live_cover_free(struct live_cover *cover)
{
	if (!cover)
		return;
	free(cover->from);
	free(cover->to);
	str_vec_free(&cover->open);
	free(cover);
}
