/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Decides whether what the guest has counted is a leak. */
#ifndef SUTURE_VM_SESSION_LEAK_H
#define SUTURE_VM_SESSION_LEAK_H

#include <jansson.h>

#include "vm/session.h"

/* Judges how the kernel's memory grew in each round of calls, with the patch and without. */
void session_take_leak(struct session *session, const json_t *event);
/* Judges how the kernel's memory grew from one load of the patch to the next. */
void session_take_level(struct session *session, const json_t *event);

#endif
