/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Determines the state of a fix or commit from the units that contain its atoms. */
#include "cover/fix_state.h"

const char *cover_fix_state_name(enum cover_fix_state state)
{
	static const char *const names[] = {
		[COVER_FIX_CARRIED] = "carried",      [COVER_FIX_OPEN] = "open",
		[COVER_FIX_NO_CODE] = "no-code",      [COVER_FIX_NOT_BUILT] = "not-built",
		[COVER_FIX_ABSENT] = "not-in-update",
	};

	return names[state];
}

void fix_state_note(const struct cover_unit *unit, size_t number, enum cover_fix_state *state,
		    struct cover_unit_numbers *open)
{
	static const enum cover_fix_state states[] = {
		[COVER_PATCHED] = COVER_FIX_CARRIED,   [COVER_REFUSED] = COVER_FIX_OPEN,
		[COVER_DROPPED_WITH] = COVER_FIX_OPEN, [COVER_NOT_BUILT] = COVER_FIX_NOT_BUILT,
		[COVER_NO_CODE] = COVER_FIX_NO_CODE,
	};
	enum cover_fix_state now = states[unit->state];

	if (*state < now)
		*state = now;
	if (now != COVER_FIX_OPEN)
		return;
	vec_foreach(open, it)
		if (*it == number)
			return;
	vec_push(open, number);
}
