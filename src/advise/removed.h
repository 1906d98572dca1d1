/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tells files that a program made for itself and removed from those that an update removed. */
#ifndef SUTURE_ADVISE_REMOVED_H
#define SUTURE_ADVISE_REMOVED_H

#include <stdbool.h>

#include "advise/view.h"

/*
 * Returns whether a removed file was probably temporary: it was not where packages have their code,
 * its folder is still there, and no other file in the folder is another version of it.
 */
bool removed_is_temporary(const struct view *view, const char *path);

#endif
