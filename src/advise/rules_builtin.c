/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Embeds the rules of data/advise, so that the program works before it is installed. */
#include "advise/rules_builtin.h"

#include <stddef.h>

#include "base/embed.h"

EMBED(rules_text_files, "data/advise/20-files.conf");
EMBED(rules_text_packages, "data/advise/40-packages.conf");
EMBED(rules_text_units, "data/advise/60-units.conf");

const struct rules_builtin rules_builtin[] = {
	{"20-files.conf", rules_text_files},
	{"40-packages.conf", rules_text_packages},
	{"60-units.conf", rules_text_units},
	{NULL, NULL},
};
