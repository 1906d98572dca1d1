/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Names what becomes of the changes between two versions, as the report of `suture cover` does. */
#ifndef SUTURE_FINDING_COVER_STATE_H
#define SUTURE_FINDING_COVER_STATE_H

#include <stdbool.h>

enum cover_state {
	COVER_PATCHED,	    /* the module contains it */
	COVER_REFUSED,	    /* a part of it cannot be live-patched; cover_unit.reasons say why */
	COVER_DROPPED_WITH, /* nothing refuses it, but a change that it needs was left out */
	COVER_NOT_BUILT,    /* this kernel contains none of its files */
	COVER_NO_CODE,	    /* it changes no code of this kernel */
	COVER_STATES
};

/* Returns the state in lower case with hyphens, such as "dropped-with". */
const char *cover_state_name(enum cover_state state);

/* Returns the state of a name, or COVER_STATES if the name is NULL or none of them. */
enum cover_state cover_state_find(const char *name);

/* Returns whether it changes code of this kernel, and the module does not contain it. */
bool cover_state_is_open(enum cover_state state);

#endif
