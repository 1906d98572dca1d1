/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the verbs answer that belong to single trials. */
#ifndef SUTURE_VM_SESSION_WORK_H
#define SUTURE_VM_SESSION_WORK_H

#include <jansson.h>
#include <stdbool.h>

#include "vm/session.h"

/* Takes the result of the step that the guest is at. */
void session_take_work(struct session *session, const json_t *event, bool ok);
/* A process of the guest that cannot be ended, if the event has its "stack". */
void session_take_hang(struct session *session, const json_t *event, const char *who);
/* A module that the patch is about could not be loaded while the patch is. */
void session_reload_refused(struct session *session, const json_t *event, const char *name);

#endif
