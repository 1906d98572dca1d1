/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the files of a systemd unit say about restarting it. */
#ifndef SUTURE_ADVISE_UNIT_FILE_H
#define SUTURE_ADVISE_UNIT_FILE_H

#include <stdbool.h>

#include "base/root.h"

struct unit_facts {
	bool found;	 /* a file of the unit was read */
	bool restarts;	 /* Restart=always or on-failure: systemd starts it again by itself */
	bool oneshot;	 /* Type=oneshot: it does its work once */
	bool refuses;	 /* RefuseManualStop= or RefuseManualStart= */
	bool delegates;	 /* Delegate=: others manage processes below it, such as containers */
	bool keeps_rest; /* KillMode=process or none: a restart ends the main process alone */
};

/*
 * Reads the unit's file, or its template's, and the drop-ins, with systemd's precedence.  name is
 * one that owner_is_unit_name() accepts.  A unit without a readable file has no facts.
 */
void unit_facts_read(const struct root *root, const char *name, struct unit_facts *facts);

/* Why these facts do not show that a restart is safe; NULL when they do. */
const char *unit_facts_obstacle(const struct unit_facts *facts);

/*
 * What a process holds open that others lose when it ends ("a file system in user space", "a
 * virtual machine"), by the links of /proc/PID/fd; NULL when it holds nothing of the kind.
 */
const char *process_holding(const struct root *root, int pid);

/*
 * Whether a process of the unit was started by an earlier run of it: its INVOCATION_ID is another
 * than the unit's now.  False when either is unknown.
 */
bool process_outlived_unit(const struct root *root, int pid, const char *unit);

#endif
