/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Finds out what auto_decide() needs to know of this machine. */
#ifndef SUTURE_AUTO_MACHINE_H
#define SUTURE_AUTO_MACHINE_H

#include "auto/decide.h"

/*
 * Reads the facts; what is slow is only looked at if the step or the policy asks for it.  Facts
 * that cannot be read without which nothing can be decided are an error.
 */
struct err *auto_machine_look(const struct root *root, const struct auto_policy *policy,
			      const struct auto_state *state, struct auto_facts *facts);

/* Runs the policy's probes; *why is what is wrong, or NULL; free(). */
struct err *auto_machine_probe(const struct auto_policy *policy, char **why);

/* Returns the ring that the policy says, or the one of the machine's id. */
unsigned auto_machine_ring(const struct root *root, const struct auto_policy *policy);

#endif
