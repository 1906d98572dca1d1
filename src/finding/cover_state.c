/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Names the states of units, which cover writes into reports, and others read there. */
#include "finding/cover_state.h"

#include <string.h>

static const char *const cover_states[] = {
	[COVER_PATCHED] = "patched",	       [COVER_REFUSED] = "refused",
	[COVER_DROPPED_WITH] = "dropped-with", [COVER_NOT_BUILT] = "not-built",
	[COVER_NO_CODE] = "no-code",
};

const char *cover_state_name(enum cover_state state)
{
	return cover_states[state];
}

enum cover_state cover_state_find(const char *name)
{
	for (unsigned i = 0; name && i < COVER_STATES; i++)
		if (!strcmp(cover_states[i], name))
			return i;
	return COVER_STATES;
}

bool cover_state_is_open(enum cover_state state)
{
	return state == COVER_REFUSED || state == COVER_DROPPED_WITH;
}
