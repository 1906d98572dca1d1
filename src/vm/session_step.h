/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the steps of the plan answer. */
#ifndef SUTURE_VM_SESSION_STEP_H
#define SUTURE_VM_SESSION_STEP_H

#include <jansson.h>

#include "vm/session.h"

/* Takes the result of the step that the guest is at. */
void session_take_step(struct session *session, const json_t *event);
/* "ENOEXEC (Exec format error)[: the kernel's own words]" of the event's errno; free(). */
char *session_errno(const struct session *session, const json_t *event);
/* Notes the tasks that kept a transition from its end. */
void session_take_blockers(struct session *session, const json_t *event);

#endif
