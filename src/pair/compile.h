/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Both sides of every reached unit, compiled at the same time. */
#ifndef SUTURE_PAIR_COMPILE_H
#define SUTURE_PAIR_COMPILE_H

#include "pair/pairing.h"

/* Compiles what has to be, and fills in the units' object_file and same. */
struct err *compile_units(struct pairing *pairing);

#endif
