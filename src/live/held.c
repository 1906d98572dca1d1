/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Modules that are held back: /var/lib/suture/held/<digest>.json. */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "live/live_internal.h"

#define HELD_DIR LIVE_STATE "/held"

static char *copy_member(const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));

	return xstrdup(text ? text : "");
}

/* A file that is not whole still holds back what its name says: better once too often. */
static struct err *read_one(const struct root *root, const char *file, struct live_held_vec *held)
{
	scope_free char *path = xasprintf(HELD_DIR "/%s", file), *text = NULL;

	err_try(root_read(root, path, &text));

	json_t *object = json_loads(text, 0, NULL);

	vec_push(held, (struct live_held){
			       .name = copy_member(object, "name"),
			       .digest = xstrndup(file, strcspn(file, ".")),
			       .release = copy_member(object, "kernel"),
			       .why = copy_member(object, "why"),
			       .time = copy_member(object, "time"),
		       });
	json_decref(object);
	return NULL;
}

struct err *live_held_read(const struct root *root, struct live_held_vec *held)
{
	scope_str_vec files = {};

	err_try(root_list(root, HELD_DIR, &files));
	vec_foreach(&files, it)
		if (str_ends(*it, ".json") && **it != '.')
			err_try(read_one(root, *it, held));
	return NULL;
}

const struct live_held *live_held_find(const struct live_held_vec *held, const char *digest)
{
	vec_foreach(held, it)
		if (!strcmp(it->digest, digest))
			return it;
	return NULL;
}

struct err *live_hold(const struct root *root, const char *name, const char *digest,
		      const char *release, const char *why)
{
	scope_free char *path = xasprintf(HELD_DIR "/%s.json", digest), *time = clock_utc();
	json_t *object = json_pack("{s:s, s:s, s:s, s:s, s:s}", "name", name, "digest", digest,
				   "kernel", release, "why", why, "time", time);

	err_try(live_write_json(root, path, object));
	live_journal(root, EVENT_HELD, name, "%s is held back: %s; 'suture unlock %s' lets it in",
		     name, why, name);
	return NULL;
}

struct err *live_unlock(const struct root *root, const char *name, struct str_vec *released)
{
	scope_live_held held = {};
	scope_free char *wanted = name ? live_name_of(name) : NULL;

	err_try(live_held_read(root, &held));
	vec_foreach(&held, it) {
		if (wanted && strcmp(it->name, wanted) && strcmp(it->digest, wanted))
			continue;

		scope_free char *path = xasprintf(HELD_DIR "/%s.json", it->digest);

		err_try(root_remove(root, path));
		vec_push(released, xstrdup(*it->name ? it->name : it->digest));
		live_journal(root, EVENT_RELEASED, it->name, "%s is no longer held back", it->name);
	}
	if (name && !released->len)
		return err_new("%s: not held back; 'suture status' tells what is", name);
	return NULL;
}

void live_held_free(struct live_held_vec *held)
{
	vec_foreach(held, it) {
		free(it->name);
		free(it->digest);
		free(it->release);
		free(it->why);
		free(it->time);
	}
	vec_free(held);
}
