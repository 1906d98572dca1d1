/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads what the answers to several verbs have in common. */
#ifndef SUTURE_VM_SESSION_ANSWER_H
#define SUTURE_VM_SESSION_ANSWER_H

#include <jansson.h>

#include "vm/session.h"

/* Returns the first line of the current step's log that gives a reason, or NULL. */
const char *session_reason(const struct session *session);
/*
 * Returns the event's errno as "ENOEXEC (Exec format error)[: REASON]", where the reason is from
 * the kernel's log; free().
 */
char *session_errno(const struct session *session, const json_t *event);
/* Notes the tasks that block a transition. */
void session_take_blockers(struct session *session, const json_t *event);

#endif
