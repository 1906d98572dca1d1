/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A step of the plan, and the verbs that carry steps out. */
#ifndef SUTURE_VM_GUEST_STEP_H
#define SUTURE_VM_GUEST_STEP_H

#include <stdbool.h>

#include "event.h"
#include "vm/protocol.h"

#define ARGS_MAX 8

struct step {
	unsigned line; /* from 1 */
	unsigned next;
	unsigned limit_ms;
	int argc; /* argv[0] is the verb */
	char *argv[ARGS_MAX + 1];
};

/* Returns true when the step succeeded, and adds what it found to the event. */
typedef bool verb_fn(const struct step *step, struct event *ev);

/* verb_begin() and so on, one for each verb of the protocol. */
#define STEP_VERB(constant, name, args, busy) verb_fn verb_##name;
PROTOCOL_VERBS(STEP_VERB)
#undef STEP_VERB

#endif
