/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Notes damage whose cause is in doubt, as several modules were tried in the same guest. */
#ifndef SUTURE_VM_DOUBTS_H
#define SUTURE_VM_DOUBTS_H

struct run;
struct session;

/*
 * To be called after each boot.  A module that damage was seen at, after others were tried, is set
 * to be tried once more in a fresh guest, with those behind it.
 */
void doubts_note(struct run *run, const struct session *session);
void doubts_free(struct run *run);

#endif
