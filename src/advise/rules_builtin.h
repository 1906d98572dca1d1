/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The files of data/advise, which the program contains, so that it works before installation. */
#ifndef SUTURE_ADVISE_RULES_BUILTIN_H
#define SUTURE_ADVISE_RULES_BUILTIN_H

struct rules_builtin {
	const char *name, *text; /* a row of NULLs ends the table */
};

extern const struct rules_builtin rules_builtin[];

#endif
