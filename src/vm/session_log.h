/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The kernel's log of a guest, judged line by line. */
#ifndef SUTURE_VM_SESSION_LOG_H
#define SUTURE_VM_SESSION_LOG_H

#include "vm/session.h"

/* One line of the log; `line` is the text with its time. */
void session_log_line(struct session *session, const char *line, const char *text);
/* Records that nobody has read are gone: what they said cannot be judged. */
void session_log_lost(struct session *session, long long records);
/* What a dead guest's console has of the log and the events have not. */
void session_log_console(struct session *session, const char *console);

#endif
