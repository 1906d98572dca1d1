/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Embeds the rules of data/advise, so that the program works before it is installed. */
#include "advise/rules_builtin.h"

#include <stddef.h>

/* The assembler searches in the folder that make runs in, the root of this repository. */
#define EMBED(symbol, file)                                                                        \
	__asm__(".pushsection .rodata\n"                                                           \
		".globl " #symbol "\n" #symbol ":\n"                                               \
		".incbin \"data/advise/" file "\"\n"                                               \
		".byte 0\n"                                                                        \
		".popsection\n");                                                                  \
	extern const char symbol[]

EMBED(rules_text_files, "20-files.conf");
EMBED(rules_text_packages, "40-packages.conf");
EMBED(rules_text_units, "60-units.conf");

const struct rules_builtin rules_builtin[] = {
	{"20-files.conf", rules_text_files},
	{"40-packages.conf", rules_text_packages},
	{"60-units.conf", rules_text_units},
	{NULL, NULL},
};
