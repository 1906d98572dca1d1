/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Finds the units that systemd stops together with another one, by all unit files. */
#ifndef SUTURE_ADVISE_UNIT_LINKS_H
#define SUTURE_ADVISE_UNIT_LINKS_H

#include <stdbool.h>

#include "base/root.h"

struct unit_links;

/* The unit files are read at the first question. */
struct unit_links *unit_links_new(const struct root *root);
void unit_links_free(struct unit_links *links);

/*
 * Returns the name of a unit that stops when the unit is stopped, since it has Requires=,
 * Requisite=, BindsTo=, PartOf= or StopPropagatedFrom= of it, or the unit PropagatesStopTo= it;
 * NULL if there is none.  Sockets, timers and paths do not count, as they serve the unit.  A mount,
 * automount or swap comes first, and sets *mounted.
 */
const char *unit_links_find(struct unit_links *links, const char *unit, bool *mounted);

#endif
