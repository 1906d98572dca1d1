/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the loop does to this machine; each function is one action, and can be begun again. */
#ifndef SUTURE_AUTO_ACTIONS_H
#define SUTURE_AUTO_ACTIONS_H

#include "auto/drive.h"

/* Does an action on the machine itself; see struct auto_world. */
struct err *auto_action_do(const struct root *root, const struct auto_policy *policy,
			   enum auto_action action, struct auto_state *state,
			   struct auto_result *result);

/* Unloads the level's module, blocks it, and loads what is installed in its place. */
struct err *auto_action_undo(const struct root *root, struct auto_state *state, const char *why);

/* Begins a reboot unless an inhibitor of systemd is against it; *why says so then. */
struct err *auto_action_reboot(char **why);

/*
 * Fetches what building for the running kernel takes, while the archive has it; does nothing if it
 * is in the cache.
 */
struct err *auto_action_keep_sources(const struct auto_policy *policy, const char *kernel);

#endif
