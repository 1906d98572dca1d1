/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Derives the name of a module. */
#ifndef SUTURE_LIVE_NAME_H
#define SUTURE_LIVE_NAME_H

/* Returns the name of a module as the kernel spells it, from a name or a path; free(). */
char *live_name_of(const char *name_or_path);

#endif
