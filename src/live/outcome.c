/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Names and frees the outcomes of loading or unloading patches. */
#include <stdlib.h>

#include "base/alloc.h"
#include "base/strbuf.h"
#include "live/outcome.h"

const char *live_end_name(enum live_end end)
{
	static const char *const names[] = {
		[LIVE_END_DONE] = "done",	  [LIVE_END_GOING_ON] = "going-on",
		[LIVE_END_REVERSED] = "reversed", [LIVE_END_FAILED] = "failed",
		[LIVE_END_STUCK] = "stuck",	  [LIVE_END_ROLLED_BACK] = "rolled-back",
	};

	return names[end];
}

char *live_outcomes_status(const struct live_outcome_vec *outcomes, size_t wanted, bool watched)
{
	size_t loaded = 0;
	bool going_on = false;

	vec_foreach(outcomes, it) {
		loaded += it->end == LIVE_END_DONE || it->end == LIVE_END_GOING_ON;
		going_on |= it->end == LIVE_END_GOING_ON;
	}
	if (!loaded)
		return NULL;
	if (loaded < wanted)
		return xasprintf("%zu of %zu live patches were loaded", loaded, wanted);
	if (going_on)
		return xstrdup("Live patches are loaded; some tasks do not run their code yet");
	return xstrdup(watched ? "Live patches are loaded; watching the machine's health"
			       : "Live patches are loaded");
}

bool live_outcome_changed(const struct live_outcome *outcome)
{
	return !outcome->unchanged &&
	       (outcome->end == LIVE_END_DONE || outcome->end == LIVE_END_GOING_ON);
}

bool live_outcome_is_new(const struct live_outcome *outcome)
{
	return outcome->end == LIVE_END_DONE && !outcome->unchanged;
}

void live_outcomes_free(struct live_outcome_vec *outcomes)
{
	vec_foreach(outcomes, it) {
		free(it->name);
		free(it->path);
		free(it->why);
		live_task_vec_free(&it->blocking);
		str_vec_free(&it->kernel_log);
		str_vec_free(&it->replaced);
		str_vec_free(&it->unloaded);
		str_vec_free(&it->over);
		str_vec_free(&it->instead);
		str_vec_free(&it->cves);
		free(it->note);
	}
	vec_free(outcomes);
}
