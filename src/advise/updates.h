/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Judges updates that are pending, or that a package manager is about to install. */
#ifndef SUTURE_ADVISE_UPDATES_H
#define SUTURE_ADVISE_UPDATES_H

#include "advise/advise.h"
#include "advise/services.h"

/*
 * Decides every update's action and appends pending services.  With fetch, pending kernels are
 * downloaded to see what they fix.
 */
struct err *updates_decide(struct service_judge *judge, bool fetch, struct advice *advice);

#endif
