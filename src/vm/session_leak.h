/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whether what the guest has counted is a leak. */
#ifndef SUTURE_VM_SESSION_LEAK_H
#define SUTURE_VM_SESSION_LEAK_H

#include <jansson.h>

#include "vm/session.h"

/* What the kernel held more of after each round, with the patch and without. */
void session_take_leak(struct session *session, const json_t *event);
/* The same from one load to the next. */
void session_take_level(struct session *session, const json_t *event);

#endif
