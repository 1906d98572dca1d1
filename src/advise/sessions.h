/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tells whether logging out would end a session's processes, by the state that logind keeps. */
#ifndef SUTURE_ADVISE_SESSIONS_H
#define SUTURE_ADVISE_SESSIONS_H

#include <stdbool.h>

#include "base/root.h"

/*
 * Returns whether the user of "session-3.scope" has logged out already, and left processes behind.
 */
bool session_is_left_behind(const struct root *root, const char *scope);

/*
 * Returns the first process of an open session, whose other processes logind leaves alone when the
 * user logs out (KillUserProcesses=no, as distributions have it); 0 if it ends them, or if that is
 * not known.
 */
int session_leader_left_alone(const struct root *root, const char *scope);

/*
 * Returns whether the manager "user@1000.service" stays when its user logs out (loginctl
 * enable-linger), as far as that is known of users who are not in /etc/passwd.
 */
bool session_user_lingers(const struct root *root, const char *manager);

#endif
