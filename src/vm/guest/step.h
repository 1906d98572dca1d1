/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Defines a step of the plan, and declares the verbs that carry steps out. */
#ifndef SUTURE_VM_GUEST_STEP_H
#define SUTURE_VM_GUEST_STEP_H

#include <stdbool.h>

#include "event.h"
#include "vm/protocol.h"

#define ARGS_MAX 8

struct step {
	unsigned line; /* counted from 1 */
	unsigned next; /* the line to go on at if the step fails; 0: the following one */
	unsigned limit_ms;
	int argc; /* counts argv[0], which is the verb, too */
	char *argv[ARGS_MAX + 1];
};

/* Returns true when the step succeeded, and adds what it found to the event. */
typedef bool verb_fn(const struct step *step, struct event *ev);

/* Each verb of the protocol has a function: verb_begin() and so on. */
#define STEP_VERB(constant, name, args, busy) verb_fn verb_##name;
PROTOCOL_VERBS(STEP_VERB)
#undef STEP_VERB

#endif
