/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Runs the loop until nothing more is due.  What it sees of the world and does to it goes through
 * an interface, so that tests can drive many machines without any.
 */
#ifndef SUTURE_AUTO_DRIVE_H
#define SUTURE_AUTO_DRIVE_H

#include "auto/decide.h"
#include "auto/policy.h"
#include "auto/state.h"
#include "base/root.h"

/* How an action ended. */
struct auto_result {
	enum auto_event event; /* AUTO_EV_DONE, _REFUSED, _FAILED or _BAD */
	char *why;	       /* what happened; NULL if it is as planned */
};

struct auto_world {
	void *data;
	/* Finds the facts out; the state says about which module.  Facts are zero at first. */
	struct err *(*look)(void *data, const struct auto_policy *policy,
			    const struct auto_state *state, struct auto_facts *facts);
	/*
	 * Does an action; it may change the state's module and watch.  Each action can be begun
	 * again after it was cut off.  An error is AUTO_EV_FAILED, except for an interrupt.
	 */
	struct err *(*act)(void *data, const struct auto_policy *policy, enum auto_action action,
			   struct auto_state *state, struct auto_result *result);
	/* Unloads the level's module and blocks it for `why`. */
	struct err *(*undo)(void *data, struct auto_state *state, const char *why);
	/* Keeps or removes the mark by which the next boot sees that the machine went down. */
	struct err *(*mark)(void *data, const struct auto_state *state, bool there);
	/* Notifies others about a new step; a failure of that does not reach the loop. */
	void (*tell)(void *data, const struct auto_policy *policy, const struct auto_state *state,
		     const struct auto_facts *facts, enum auto_step from);
	/* Begins a reboot; *why says why it cannot be now, or is NULL. */
	struct err *(*reboot)(void *data, char **why);
};

struct auto_run {
	const struct root *root; /* where the state is */
	const struct auto_policy *policy;
	const struct auto_world *world;
	bool dry_run; /* decide once, and change nothing */
};

/* The result of a run. */
struct auto_outcome {
	unsigned events;      /* how many steps it made */
	enum auto_action due; /* with dry_run: what would be done */
	int64_t until;	      /* when to look again; 0: with the next update */
	char *why;	      /* the last decision */
	char *reboot;	      /* what is to be said of a reboot; or NULL */
	bool rebooting;
};

void auto_outcome_free(struct auto_outcome *outcome);
#define scope_auto_outcome __attribute__((cleanup(auto_outcome_free))) struct auto_outcome

/*
 * Does all that is due, one step after the other; the state is on the disk after each.  Sets *state
 * to what it is in the end.
 */
struct err *auto_run(const struct auto_run *run, struct auto_state *state,
		     struct auto_outcome *outcome);

/*
 * Changes a state by an event that can happen at its step: *level is the new one, for
 * AUTO_EV_UPDATE and AUTO_EV_SUPERSEDED.
 */
void auto_apply(struct auto_state *state, enum auto_event event, const struct auto_level *level,
		const struct auto_facts *facts, const char *why);

#endif
