/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads what the files of a systemd unit say about restarting it. */
#ifndef SUTURE_ADVISE_UNIT_FILE_H
#define SUTURE_ADVISE_UNIT_FILE_H

#include <stdbool.h>

#include "base/root.h"
#include "base/vec.h"

struct unit_facts {
	bool found;	 /* a file of the unit was read */
	bool masked;	 /* its file is a link to /dev/null */
	bool restarts;	 /* Restart=always or on-failure: systemd starts it again by itself */
	bool oneshot;	 /* Type=oneshot: it does its work once */
	bool refuses;	 /* RefuseManualStop= or RefuseManualStart= */
	bool delegates;	 /* Delegate=: the processes below it are managed by others */
	bool session;	 /* PAMName=, UtmpIdentifier= or a terminal: users are logged in by it */
	bool guests;	 /* Slice=machine.slice, or registered as a machine */
	bool connection; /* StandardInput=socket: an instance for one connection */
	bool keeps_rest; /* KillMode=process: a restart ends only the main process */
	bool keeps_all;	 /* KillMode=none: a restart ends no process by itself */
};

/* Lists the folders of unit files that exist, by precedence; most of them usually do not. */
void unit_folders_list(const struct root *root, struct str_vec *folders);

/*
 * Reads the unit's file, or its template's, and the drop-ins, with systemd's precedence.  name must
 * be one that owner_is_unit_name() accepts.  A unit without a readable file has no facts.
 */
void unit_facts_read(const struct root *root, const struct str_vec *folders, const char *name,
		     struct unit_facts *facts);

/* Says why systemd would not do it, or why that would change nothing; NULL if a restart works. */
const char *unit_facts_refusal(const struct unit_facts *facts);

/* Says why these facts do not show that a restart is safe; NULL if they do. */
const char *unit_facts_obstacle(const struct unit_facts *facts);

/*
 * Returns the id of the unit's current run, or NULL; free().  Without one, *inactive says whether
 * the unit does not run, as systemd has such ids, but none of this unit.
 */
char *unit_invocation(const struct root *root, const char *unit, bool *inactive);

/* Returns whether a process is of another run than the current one; false if that is not known. */
bool unit_process_is_earlier(const struct root *root, int pid, const char *invocation);

#endif
