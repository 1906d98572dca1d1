/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Lists and unblocks modules: those in files, and those of a load during which the machine crashed.
 */
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "live/unlock.h"
#include "live/guard.h"
#include "live/journal.h"
#include "live/name.h"

struct err *live_blocks_read(const struct root *root, struct live_block_vec *blocks)
{
	err_try(live_blocks_list(root, blocks));
	live_guard_suspects(root, blocks);
	return NULL;
}

struct err *live_unlock(const struct root *root, const char *name, struct str_vec *released)
{
	scope_live_blocks blocks = {};
	scope_free char *wanted = name ? live_name_of(name) : NULL;
	struct err *err = live_blocks_read(root, &blocks);

	if (err && !name) { /* --all must also work if the folder itself is damaged */
		err_free(err);
		err = live_block_remove(root, NULL);
	}
	err_try(err);
	err_try(live_guard_release(root, wanted, released));
	vec_foreach(&blocks, it) {
		if (wanted && strcmp(it->name, wanted) && strcmp(it->digest, wanted))
			continue;
		err_try(live_block_remove(root, it->digest));
		if (!str_vec_has(released, it->name))
			vec_push(released, xstrdup(it->name));
		live_journal(root, EVENT_RELEASED, it->name, "%s is no longer blocked", it->name);
	}
	return NULL;
}
