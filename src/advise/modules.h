/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Finds the modules that running scripts have loaded, and those that changed since. */
#ifndef SUTURE_ADVISE_MODULES_H
#define SUTURE_ADVISE_MODULES_H

#include "advise/scan.h"

/*
 * Adds to each process that runs a script the modules that it loads by name: those that changed
 * since it started, and if all is set, also the others.  Of Python and Perl, names are read in the
 * scripts and modules.  Where they do not tell which modules are loaded, scan->unknown gets a
 * sentence for each process whose language has modules that changed since it started.
 */
void modules_look(const struct root *root, bool all, struct scan *scan);

/* Returns whether the path is a module of the process's language that it may have loaded unseen. */
bool modules_may_use(const struct process *process, const char *path);

#endif
