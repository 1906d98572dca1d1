/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Judges the kernel's log of a guest, line by line. */
#ifndef SUTURE_VM_SESSION_LOG_H
#define SUTURE_VM_SESSION_LOG_H

#include "vm/session.h"

/* Judges one line of the log; `line` is the text with its time. */
void session_log_line(struct session *session, const char *line, const char *text);
/* Fails what is under trial, as the kernel overwrote records that were not read. */
void session_log_lost(struct session *session, long long records);
/* Judges the lines on a dead guest's console that no event has brought. */
void session_log_console(struct session *session, const char *console);

#endif
