/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "kbuild/scripts.h"

/* The assembler looks from the folder that make runs in, the root of this repository. */
#define EMBED(symbol, file)                                                                        \
	__asm__(".pushsection .rodata\n"                                                           \
		".globl " #symbol "\n" #symbol ":\n"                                               \
		".incbin \"src/kbuild/" file "\"\n"                                                \
		".byte 0\n"                                                                        \
		".popsection\n")

EMBED(kb_script_walk, "walk.mk");
EMBED(kb_script_query, "query.mk");
EMBED(kb_script_export, "export.mk");
