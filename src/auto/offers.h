/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Asks the machine's package manager which levels its kernel can be patched to. */
#ifndef SUTURE_AUTO_OFFERS_H
#define SUTURE_AUTO_OFFERS_H

#include "auto/level.h"
#include "base/err.h"

/*
 * Appends the newest level of a repository, and the newest version of the kernel's source, as far
 * as there are such; the lists are read as they are.  That the kernel itself is held (apt-mark)
 * does not matter: pins that concern whole archives do.
 */
struct err *auto_offers_ask(const char *release, struct auto_level_vec *offers);

/* Does the same as auto_offers_ask() from what `apt-cache policy` prints of the packages that are
 * asked about. */
void auto_offers_parse_apt(const char *text, const char *release, struct auto_level_vec *offers);

#endif
