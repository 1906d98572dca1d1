/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads what the files of a systemd unit, and its open files, say about restarting it. */
#ifndef SUTURE_ADVISE_UNIT_FILE_H
#define SUTURE_ADVISE_UNIT_FILE_H

#include <stdbool.h>

#include "base/root.h"

struct unit_facts {
	bool found;	 /* a file of the unit was read */
	bool restarts;	 /* Restart=always or on-failure: systemd starts it again by itself */
	bool oneshot;	 /* Type=oneshot: it does its work once */
	bool refuses;	 /* RefuseManualStop= or RefuseManualStart= */
	bool delegates;	 /* Delegate=: the processes below it are managed by others */
	bool session;	 /* PAMName=, UtmpIdentifier= or a terminal: users are logged in by it */
	bool guests;	 /* Slice=machine.slice, or registered as a machine */
	bool connection; /* StandardInput=socket: an instance for one connection */
	bool keeps_rest; /* KillMode=process or none: a restart ends only the main process */
};

/*
 * Reads the unit's file, or its template's, and the drop-ins, with systemd's precedence.  name must
 * be one that owner_is_unit_name() accepts.  A unit without a readable file has no facts.
 */
void unit_facts_read(const struct root *root, const char *name, struct unit_facts *facts);

/* Says why these facts do not show that a restart is safe; NULL if they do. */
const char *unit_facts_obstacle(const struct unit_facts *facts);

/*
 * Says what a process serves that others lose if it ends ("it serves a file system", "it runs
 * virtual machines"), by the links of /proc/PID/fd; NULL if it serves nothing of the kind.
 */
const char *advise_process_holding(const struct root *root, int pid);

/*
 * Returns whether a process of the unit was started by an earlier run of it: its INVOCATION_ID
 * differs from the unit's.  Returns false if either is unknown.
 */
bool advise_process_outlived_unit(const struct root *root, int pid, const char *unit);

#endif
