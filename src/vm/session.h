/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Keeps the host's view of one boot, and enters failures into the result. */
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

/* What a failure became the reason of; what has failed before keeps its first reason. */
struct session_blame {
	bool module;
	bool trial;
};

/* Where the guest is in its plan.  All times but guest_ms are of the host's clock. */
struct session_position {
	const struct plan_step *step; /* the step that the guest is at, or NULL */
	const struct plan_step *last; /* the step before, or NULL */
	int module;		      /* index of the module under trial, or -1 */
	int last_done;		      /* index of the last module whose trial has ended, or -1 */
	enum vm_trial trial;	      /* the trial of the module under trial */
	unsigned next_line;	      /* the line of the plan where the guest has to go on */
	bool strayed;		      /* the guest went on at another line */
	bool booted;		      /* the guest has sent EVENT_HELLO */
	bool over;		      /* nothing more can be learnt from this guest */
	uint64_t step_start_ms;
	uint64_t heard_ms; /* when the guest sent its last line; it sends one each second */
	unsigned guest_ms; /* the time since the guest's boot, by its own clock */
};

/*
 * Where the kernel's log, which may be ahead of the events, is in the plan, and what it has said.
 */
struct session_log {
	const struct plan_step *step; /* the step that the log is at, or NULL */
	bool report;  /* the guest asked for the lines that follow; their traces are no findings */
	bool excused; /* the lines that follow show how a check used up the memory */
	char **reasons; /* for each step, the first line of its log that gives a reason, or NULL */
	bool *starved;	/* for each step: the memory was used up in it; or NULL */
	/* The first weak line that failed something, by its step, or NULL; a better one replaces
	 * it. */
	const struct plan_step *weak_step;
	struct session_blame weak; /* what has that line as its reason */
};

/* The damage in the guest, and the module that it was seen at. */
struct session_damage {
	bool damaged; /* nothing more is to be tried in this guest */
	uint64_t damaged_ms;
	bool spoilt;			 /* no other module is to be tried in this guest */
	struct vm_module_result *victim; /* the module that damage was seen at, or NULL */
	bool victim_ran;		 /* the victim's code can have run by then */
	struct vm_module_result *leaker; /* the module that free memory shrank with, or NULL */
};

/* Keeps the kernel's taint flags, to tell the damage of one module from that of the next. */
struct session_taint {
	long before; /* the flags when the module under trial was loaded */
	long end;    /* the flags at the end of the last module's trial */
	bool ended;  /* a trial has ended, so that `end` is known */
};

/* What the module under trial needs. */
struct session_target {
	struct str_vec loaded; /* the modules that were loaded for it */
	bool inserted;	       /* its code can have run */
	bool idle;	       /* the modules that it patches could be unloaded before */
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

/* Returns a session before the boot; result, spec and plan must outlive it. */
struct session session_new(struct vm_result *result, const struct vm_spec *spec,
			   const struct vm_plan *plan);
void session_free(struct session *session);
#define scope_session __attribute__((cleanup(session_free))) struct session

/* Returns the step of a line of the plan, or NULL. */
const struct plan_step *session_step_at(const struct session *session, long long line);
/* Returns the module under trial, or NULL. */
struct vm_module_result *session_module(struct session *session);
/* Returns the place that a step belongs to. */
struct session_place session_place_of(const struct plan_step *step);
/* Returns the place where the guest is now. */
struct session_place session_here(const struct session *session);

/* Marks the guest as damaged: nothing more is to be tried in it. */
void session_damage(struct session *session);
/* Marks the guest as damaged, and the module of that place as the one it was seen at. */
void session_hurt(struct session *session, struct session_place place);
/* Fails the module under trial, and the trial that the guest is at. */
void session_fail(struct session *session, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
/* Fails the module and trial of a place; returns which of them had not failed before. */
struct session_blame session_fail_at(struct session *session, struct session_place place,
				     const char *fmt, ...) __attribute__((format(printf, 3, 4)));
/* Replaces the reason of a failure, which session_fail_at() has returned, by a better one. */
void session_fail_anew(struct session *session, struct session_place place,
		       struct session_blame blame, const char *why);
/* Marks the current trial as skipped, unless it has failed. */
void session_skip(struct session *session, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
/* Begins the trial of the current step. */
void session_begin_trial(struct session *session);
/* Ends the current trial, and sets how long it took. */
void session_end_trial(struct session *session);
/* Adds a trial that is a part of another one; skipped says why it was skipped, or is NULL. */
void session_end_part(struct session *session, enum vm_trial trial, const char *skipped);

/* Returns a member of an event if it is a text, else "". */
const char *session_event_text(const json_t *event, const char *key);
/* Returns a member of an event if it is a number, else 0. */
long long session_event_num(const json_t *event, const char *key);

#endif
