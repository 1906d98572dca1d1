/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Finds the cause of damage that was seen while a module was tried, and that modules tried before
 * it in the same guest may have done.
 */
#ifndef SUTURE_VM_SUSPECTS_H
#define SUTURE_VM_SUSPECTS_H

#include <stdbool.h>

#include "base/err.h"
#include "base/vec.h"
#include "vm/vm.h"

struct run;
struct session;

struct doubt {
	unsigned victim;
	bool victim_ran; /* the victim's code may have run by then */
	enum vm_stage stage;
	enum vm_trial trial;
	char *why;				/* why the victim failed */
	struct str_vec lines;			/* the lines of the log that are findings */
	struct suspects VEC(unsigned) suspects; /* the modules that had passed before */
	bool settled;
};

struct doubts VEC(struct doubt);

/*
 * To be called after each boot.  A module that damage was seen at, after others were tried, is set
 * to be tried once more in a fresh guest, with those behind it.
 */
void suspects_note(struct run *run, const struct session *session);
/*
 * To be called after all boots.  Tries each suspect alone, and waits for what it leaves behind;
 * fails one module for each doubt.
 */
struct err *suspects_settle(struct run *run);
/* Takes the passes of the suspects back, if they could not be tried alone. */
void suspects_give_up(struct run *run, const char *why);
void suspects_free(struct run *run);

#endif
