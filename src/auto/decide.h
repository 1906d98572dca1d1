/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Decides what is due: from the policy, the state and facts about the machine follows one event,
 * one action, or until when to wait, always with the reason.  Nothing here looks at a machine.
 */
#ifndef SUTURE_AUTO_DECIDE_H
#define SUTURE_AUTO_DECIDE_H

#include "auto/level.h"
#include "auto/policy.h"
#include "auto/state.h"

struct auto_facts {
	int64_t now; /* in seconds since 1970 */
	char *kernel, *boot_id;
	char *version;		      /* of the kernel's package */
	char *effective;	      /* the version that the kernel is at, live patches included */
	struct auto_level_vec offers; /* the newest one of each source */
	char *offers_unknown; /* why nobody could be asked, so that nothing vanished; or NULL */
	unsigned ring;
	bool loaded;	 /* the level's module is enabled, and no transition goes on */
	char *blocked;	 /* why the level's module is blocked from loading; or NULL */
	bool went_down;	 /* the machine went down while a level was loaded or watched */
	char *hold;	 /* the administrator said `hold`, for this reason; or NULL */
	bool damaged;	 /* hold is the error with which its file or the mark was read */
	char *sick;	 /* what is wrong with the machine's health; or NULL */
	int64_t window;	 /* when the policy's window opens; `now` or before: it is open */
	bool reboot_due; /* the next boot would bring fixes that live patches do not have */
	int open;	 /* how many fixes those are; -1: unknown */
	int64_t reboot_window;
};

void auto_facts_free(struct auto_facts *facts);
#define scope_auto_facts __attribute__((cleanup(auto_facts_free))) struct auto_facts

struct auto_decision {
	int event;		 /* enum auto_event, which has happened; -1: none */
	enum auto_action action; /* what is due */
	bool undo;		 /* the level's module is to be unloaded and blocked */
	const struct auto_level
		*level; /* the new level of AUTO_EV_UPDATE and _SUPERSEDED; part of the facts */
	int64_t until;	/* when to look again, if nothing is due; 0: with the next update */
	char *why;	/* a sentence without a full stop; free() */
};

void auto_decide(const struct auto_policy *policy, const struct auto_state *state,
		 const struct auto_facts *facts, struct auto_decision *decision);

/*
 * Returns whether a reboot is to begin now; *why says why or why not, and is NULL if none is due.
 */
bool auto_decide_reboot(const struct auto_policy *policy, const struct auto_state *state,
			const struct auto_facts *facts, char **why);

/* Returns when an action that failed so often in a row is tried again. */
int64_t auto_next_try(int64_t now, unsigned failures);

/* Returns "2026-11-30 02:00 UTC"; free(). */
char *auto_time_text(int64_t time);

#endif
