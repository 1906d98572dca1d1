/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Damage that was seen in a module's time, and that modules tried before it in the same guest may
 * have done.
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
	bool victim_ran; /* its code may have run by then */
	enum vm_stage stage;
	enum vm_trial trial;
	char *why;				/* what was seen */
	struct str_vec lines;			/* the lines of the log that say it */
	struct suspects VEC(unsigned) suspects; /* modules that had passed */
	bool settled;
};

struct doubts VEC(struct doubt);

/*
 * After a boot: a module that was damaged, or seen damaged, after others were tried is tried once
 * more in a fresh guest, and so is what followed it.
 */
void suspects_note(struct run *run, const struct session *session);
/* After all boots: each suspect is tried alone, and waited for; one of them has failed then. */
struct err *suspects_settle(struct run *run);
/* The suspects cannot be tried alone: none of them has passed. */
void suspects_give_up(struct run *run, const char *why);
void suspects_free(struct run *run);

#endif
