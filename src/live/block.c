/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads and writes which modules are blocked from loading: /var/lib/suture/held/<digest>.json. */
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "base/json.h"
#include "base/strbuf.h"
#include "live/block.h"
#include "live/journal.h"
#include "live/paths.h"
#include "live/state.h"

#define BLOCKS_DIR LIVE_STATE "/held"

#define SUFFIX ".json"

static char *block_member_or(const json_t *object, const char *key, const char *other)
{
	const char *text = json_string_value(json_object_get(object, key));

	return xstrdup(text && *text ? text : other);
}

static void block_read_one(const struct root *root, const char *file, struct live_block_vec *blocks)
{
	scope_free char *path = xasprintf(BLOCKS_DIR "/%s", file);
	scope_free char *digest = xstrndup(file, strlen(file) - strlen(SUFFIX));
	scope_json object = NULL;
	struct err *err = live_state_read(root, path,
					  "the reason why the module is blocked is lost", &object);

	vec_push(blocks, (struct live_block){
				 .name = block_member_or(object, "name", digest),
				 .digest = xstrdup(digest),
				 .release = block_member_or(object, "kernel", "unknown"),
				 .why = err ? xstrdup(err_message(err))
					    : block_member_or(object, "why", "unknown"),
				 .time = block_member_or(object, "time", "unknown"),
			 });
	err_free(err);
}

struct err *live_blocks_list(const struct root *root, struct live_block_vec *blocks)
{
	scope_str_vec files = {};

	scope_free char *option = live_root_option(root);

	err_try(live_state_trusted(root, BLOCKS_DIR));

	struct err *err = root_list(root, BLOCKS_DIR, &files);

	if (err) {
		err_free(err);

		scope_free char *remedy = xasprintf(
			"which patches are blocked is unknown; 'suture unlock --all%s' removes it",
			option);

		return live_state_damaged(root, BLOCKS_DIR, "it cannot be listed", remedy);
	}
	vec_foreach(&files, it)
		if (str_ends(*it, SUFFIX) && **it != '.')
			block_read_one(root, *it, blocks);
	return NULL;
}

const struct live_block *live_blocks_find(const struct live_block_vec *blocks, const char *digest)
{
	vec_foreach(blocks, it)
		if (!strcmp(it->digest, digest))
			return it;
	return NULL;
}

struct err *live_block_add(const struct root *root, const char *name, const char *digest,
			   const char *release, const char *why)
{
	scope_free char *path = xasprintf(BLOCKS_DIR "/%s" SUFFIX, digest), *time = clock_utc();
	json_t *object = json_pack("{s:o, s:s, s:o, s:o, s:s}", "name", printable_json(name),
				   "digest", digest, "kernel", printable_json(release), "why",
				   printable_json(why), "time", time);

	err_try(live_state_write(root, path, object));
	live_journal(root, EVENT_BLOCKED, name, "%s is blocked: %s; 'suture unlock %s' unblocks it",
		     name, why, name);
	return NULL;
}

struct err *live_block_remove(const struct root *root, const char *digest)
{
	scope_free char *path =
		digest ? xasprintf(BLOCKS_DIR "/%s" SUFFIX, digest) : xstrdup(BLOCKS_DIR);

	return root_remove(root, path);
}

void live_blocks_free(struct live_block_vec *blocks)
{
	vec_foreach(blocks, it) {
		free(it->name);
		free(it->digest);
		free(it->release);
		free(it->why);
		free(it->time);
	}
	vec_free(blocks);
}
