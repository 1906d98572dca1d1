/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The host's side of one boot.  Takes the guest's lines as they come, whatever is in them, and
 * enters what they say into the result.
 */
#ifndef SUTURE_VM_SESSION_H
#define SUTURE_VM_SESSION_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "vm/plan.h"
#include "vm/vm.h"

/* Where in a module's trials something happened. */
struct session_place {
	unsigned module;
	enum vm_trial trial;
	enum vm_stage stage;
};

/* Where the guest is in its plan.  Times are the host's, but for guest_ms. */
struct session_position {
	const struct plan_step *step; /* the one that the guest is at, or NULL */
	const struct plan_step *last; /* the one before, or NULL */
	int module;		      /* index of the one under trial, or -1 */
	int last_done;		      /* the last module whose trial has ended, or -1 */
	enum vm_trial trial;	      /* of that module */
	unsigned next_line;	      /* of the plan: where the guest has to go on */
	bool strayed;		      /* it went on elsewhere */
	bool booted;		      /* it has said hello */
	bool over;		      /* nothing more can be learnt from this guest */
	uint64_t step_start_ms;
	uint64_t heard_ms; /* when it said something: it does so every second */
	unsigned guest_ms; /* since the guest's boot, by its own clock */
};

/* Where the kernel's log is, which can be ahead of the events, and what it has said. */
struct session_log {
	const struct plan_step *step; /* the one that the log is at, or NULL */
	bool report;	/* the guest asked for what follows: traces in it are no findings */
	bool excused;	/* what follows shows how a check used up the memory */
	char **reasons; /* for each step the first line of its log that says why, or NULL */
	bool *starved;	/* for each step: the memory was used up in it; or NULL */
	/* Why the module failed, when its log had no better words: to be replaced by those. */
	char *weak_why;
	const struct plan_step *weak_step;
};

/* What was done to the guest, and which module it was seen at. */
struct session_damage {
	bool damaged; /* nothing more is to be tried in this guest */
	uint64_t damaged_ms;
	bool spoilt;			 /* no other module is to be tried in this guest */
	struct vm_module_result *victim; /* the module that damage was seen at, or NULL */
	bool victim_ran;		 /* its code can have run by then */
	struct vm_module_result
		*leaker; /* the module that memory as a whole shrank with, or NULL */
};

/* The kernel's taint flags, by which one module's damage is told from the next one's. */
struct session_taint {
	long before; /* the module under trial was loaded */
	long end;    /* at the end of the last module's trial */
	bool ended;  /* that trial has ended, and `end` is known */
};

/* What the module under trial needs. */
struct session_target {
	struct str_vec loaded; /* modules that were loaded for it */
	bool inserted;	       /* its code can have run */
	bool idle;	       /* what it patches could be unloaded once */
};

struct session {
	struct vm_result *result;
	const struct vm_spec *spec;
	const struct vm_plan *plan;
	struct session_position at;
	struct session_log log;
	struct session_damage damage;
	struct session_taint taint;
	struct session_target target;
};

/* A session at its beginning; what it is given has to outlive it. */
struct session session_new(struct vm_result *result, const struct vm_spec *spec,
			   const struct vm_plan *plan);
/* Takes one line of the guest's. */
void session_line(struct session *session, const char *line, size_t size);
/*
 * The guest is gone or given up in the middle of a trial: the module fails.  `console` is what it
 * has printed; `how` says how it ended.
 */
void session_abort(struct session *session, const char *how, const char *console);
void session_free(struct session *session);
#define scope_session __attribute__((cleanup(session_free))) struct session

/* The step of a line of the plan, or NULL. */
const struct plan_step *session_step_at(const struct session *session, long long line);
/* The module under trial, or NULL. */
struct vm_module_result *session_module(struct session *session);
/* The place of a step. */
struct session_place session_place_of(const struct plan_step *step);
/* Where the guest is now. */
struct session_place session_here(const struct session *session);

/* Nothing more is to be tried in this guest. */
void session_damage(struct session *session);
/* The same, for what the module of that place was seen to do, or to suffer. */
void session_hurt(struct session *session, struct session_place place);
/* Fails the module under trial, and the trial that the guest is at. */
void session_fail(struct session *session, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
/* The same for a module and trial of another place. */
void session_fail_at(struct session *session, struct session_place place, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
/* The words for a failure that was told in others, by a step of the same trial. */
void session_fail_anew(struct session *session, struct session_place place, const char *was,
		       const char *why);
/* The trial made no sense; what has failed stays failed. */
void session_skip(struct session *session, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
/* Enters a trial that is a part of another one, and why it was skipped, or NULL. */
void session_end_part(struct session *session, enum vm_trial trial, const char *skipped);

/* A member of an event: its text, or ""; its number, or 0. */
const char *event_text_of(const json_t *event, const char *key);
long long event_num_of(const json_t *event, const char *key);

#endif
