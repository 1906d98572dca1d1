/* SPDX-License-Identifier: GPL-2.0-or-later */
/* session.c takes events, session_log.c the kernel's log, session_step.c the results of steps. */
#ifndef SUTURE_VM_SESSION_INTERNAL_H
#define SUTURE_VM_SESSION_INTERNAL_H

#include <jansson.h>

#include "vm/vm_internal.h"

/* The step of a line of the plan, or NULL. */
const struct plan_step *session_step_at(const struct session *session, long long line);
/* The module under trial, or NULL. */
struct vm_module_result *session_module(struct session *session);
/* Nothing more is to be tried in this guest. */
void session_damage(struct session *session);
/* The same, for what the step's module was seen to do, or to suffer. */
void session_hurt(struct session *session, const struct plan_step *step);

/* Fails the module under trial, and the trial that the step belongs to. */
void session_fail(struct session *session, const struct plan_step *step, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
/* The words for a failure that was told in others, by a step of the same trial. */
void session_fail_anew(struct session *session, const struct plan_step *step, const char *was,
		       const char *why);
/* The trial made no sense; what has failed stays failed. */
void session_skip(struct session *session, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* What is a part of another trial has been made, or not, and why. */
void session_end_part(struct session *session, enum vm_trial trial, const char *skipped);

const char *event_text_of(const json_t *event, const char *key);
long long event_num_of(const json_t *event, const char *key);

/* `line` is text with its time. */
void session_log_line(struct session *session, const char *line, const char *text);
/* Records that nobody has read are gone: what they said cannot be judged. */
void session_log_lost(struct session *session, long long records);
/* What a dead guest's console has of the log and the events have not. */
void session_add_console(struct session *session, const char *console);

/* The result of the step that the guest is at. */
void session_take_step(struct session *session, const json_t *event);
/* The same for the verbs of trials. */
void session_take_work(struct session *session, const json_t *event, bool ok);
/* A process of the guest that does not let itself be ended, if the event has its "stack". */
void session_take_hang(struct session *session, const json_t *event, const char *who);
/* What the kernel held more of after each round, with the patch and without. */
void session_take_leak(struct session *session, const json_t *event);
/* The same from one load to the next. */
void session_take_level(struct session *session, const json_t *event);
/* A module that the patch is about could not be loaded while the patch is. */
void session_reload_refused(struct session *session, const json_t *event, const char *name);
/* "ENOEXEC (Exec format error)[: the kernel's own words]" of the event's errno; free(). */
char *session_errno(const struct session *session, const json_t *event);
/* The tasks that kept a transition from its end. */
void session_take_blockers(struct session *session, const json_t *event);

#endif
