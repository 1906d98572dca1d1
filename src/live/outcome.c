/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Names and frees the outcomes of loading or unloading patches. */
#include <stdlib.h>

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
		str_vec_free(&it->instead);
		free(it->note);
	}
	vec_free(outcomes);
}
