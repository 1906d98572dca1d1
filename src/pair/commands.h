/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Asks for the commands by which both sides of each reached unit are compiled. */
#ifndef SUTURE_PAIR_COMMANDS_H
#define SUTURE_PAIR_COMMANDS_H

#include "pair/pairing.h"

/*
 * Fills in the commands of all units. If a changed makefile changes a unit's command, the unit
 * becomes certain; if it does not, and the unit includes nothing that changed, the unit is the
 * same.
 */
struct err *commands_ask(struct pairing *pairing);

#endif
