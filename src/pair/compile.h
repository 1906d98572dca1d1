/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Compiles both sides of every reached unit, in parallel. */
#ifndef SUTURE_PAIR_COMPILE_H
#define SUTURE_PAIR_COMPILE_H

#include "pair/pairing.h"

/* Compiles what must be compiled, and fills in object_file and same of the units. */
struct err *compile_units(struct pairing *pairing);

#endif
