/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The loop as a table: at which step a machine is with a level of its kernel, and to which one an
 * event leads.  Nothing here looks at a machine.
 */
#ifndef SUTURE_AUTO_STEP_H
#define SUTURE_AUTO_STEP_H

#include <stdbool.h>

/* A step says what is done with state.level so far. */
enum auto_step {
	AUTO_IDLE,	  /* there is no level */
	AUTO_SEEN,	  /* an update was seen */
	AUTO_GOT,	  /* what building takes, or the package, is on this machine */
	AUTO_BUILT,	  /* the module is there */
	AUTO_TESTED,	  /* its trial passed */
	AUTO_LOADED,	  /* every task runs its code */
	AUTO_WATCHING,	  /* the time in which a problem rolls it back has begun */
	AUTO_SETTLED,	  /* that time is over, and the next boot loads it, too */
	AUTO_REFUSED,	  /* it cannot or must not be loaded here */
	AUTO_FAILED,	  /* something did not work, and will be tried again */
	AUTO_ROLLED_BACK, /* it was unloaded because of a problem */
	AUTO_HELD,	  /* the machine went down with it: nothing is done until `release` */
	AUTO_STEPS
};

enum auto_event {
	AUTO_EV_UPDATE,	    /* a level is offered that this machine has not had */
	AUTO_EV_DONE,	    /* the action of the step ended well */
	AUTO_EV_REFUSED,    /* it ended with a sound "no" */
	AUTO_EV_FAILED,	    /* it could not be done */
	AUTO_EV_BAD,	    /* the patch was rolled back */
	AUTO_EV_DOWN,	    /* the machine went down while it was loaded or watched */
	AUTO_EV_SUPERSEDED, /* a later level is offered in its place */
	AUTO_EV_GONE,	    /* the kernel has it otherwise, or nobody offers it any more */
	AUTO_EV_REBOOTED,   /* the machine was shut down cleanly during the watch */
	AUTO_EV_AGAIN,	    /* the time to try a failed step again has come */
	AUTO_EV_KERNEL,	    /* another kernel runs */
	AUTO_EV_RELEASED,   /* the administrator said `release` */
	AUTO_EVENTS
};

/* What is done at a step. */
enum auto_action {
	AUTO_DO_NOTHING,
	AUTO_DO_GET,  /* fetch what building takes, or the package */
	AUTO_DO_MAKE, /* build the module, or take it out of the package */
	AUTO_DO_TRY,  /* test it, or check the trial that it came with */
	AUTO_DO_LOAD,
	AUTO_DO_WATCH,	/* note what the machine's health is compared with from now on */
	AUTO_DO_SETTLE, /* install it for the next boot */
};

/* AUTO_EV_AGAIN leads to the step whose action failed, which the table cannot know. */
#define AUTO_STEP_RESUME (-2)

/*
 * Returns the step that an event leads to, AUTO_STEP_RESUME, or -1 if the event cannot happen at
 * that step.
 */
int auto_step_next(enum auto_step step, enum auto_event event);

/* Returns what brings a level from this step to the next one. */
enum auto_action auto_step_action(enum auto_step step);

/* Returns whether the level's module runs, as far as the step says. */
bool auto_step_runs(enum auto_step step);

/* Returns whether work on a level is under way, which a later level replaces. */
bool auto_step_is_before_load(enum auto_step step);

/* Returns names such as "rolled-back"; auto_step_find() returns -1 for other words. */
const char *auto_step_name(enum auto_step step);
int auto_step_find(const char *name);
const char *auto_action_name(enum auto_action action);
int auto_action_find(const char *name);

#endif
