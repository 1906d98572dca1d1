/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Handles the guest's answers to verbs that belong to single trials. */
#ifndef SUTURE_VM_SESSION_WORK_H
#define SUTURE_VM_SESSION_WORK_H

#include <jansson.h>
#include <stdbool.h>

#include "vm/session.h"

/* Enters the result of the step that the guest is at. */
void session_take_work(struct session *session, const json_t *event, bool ok);
/* Fails the module if the event has the "stack" of a process that cannot be killed. */
void session_take_hang(struct session *session, const json_t *event, const char *who);
/* Fails or skips the trial, as a patched module could not be loaded below the patch. */
void session_reload_refused(struct session *session, const json_t *event, const char *name);

#endif
