/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Handles the guest's answers to the steps of the plan. */
#ifndef SUTURE_VM_SESSION_STEP_H
#define SUTURE_VM_SESSION_STEP_H

#include <jansson.h>

#include "vm/session.h"

/* Enters the result of the step that the guest is at. */
void session_take_step(struct session *session, const json_t *event);
#endif
