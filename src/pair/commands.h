/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How each reached unit is compiled, on both sides. */
#ifndef SUTURE_PAIR_COMMANDS_H
#define SUTURE_PAIR_COMMANDS_H

#include "pair/pairing.h"

/*
 * Fills in the commands of all units.  A unit that a changed makefile compiles otherwise becomes
 * certain; one that it compiles as before, and that includes nothing that changed, is the same.
 */
struct err *commands_ask(struct pairing *pairing);

#endif
