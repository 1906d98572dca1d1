/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reads the lines of a guest, which may contain anything, and enters what they say into the result.
 */
#ifndef SUTURE_VM_SESSION_EVENTS_H
#define SUTURE_VM_SESSION_EVENTS_H

#include <stddef.h>

#include "vm/session.h"

/* Handles one line that the guest has sent. */
void session_line(struct session *session, const char *line, size_t size);
/*
 * Fails the module under trial, as the guest has ended or is given up.  `console` is what the guest
 * has printed; `how` says how it ended.
 */
void session_abort(struct session *session, const char *how, const char *console);

#endif
