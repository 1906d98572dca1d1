/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Determines the state of a fix or commit from the units that contain its atoms. */
#ifndef SUTURE_COVER_FIX_STATE_H
#define SUTURE_COVER_FIX_STATE_H

#include "cover/cover.h"

/* Notes what one unit, with its number in the report, means for a fix that may be part of it. */
void fix_state_note(const struct cover_unit *unit, size_t number, enum cover_fix_state *state,
		    struct cover_unit_numbers *open);

#endif
