/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Text files that become part of the program. */
#ifndef SUTURE_BASE_EMBED_H
#define SUTURE_BASE_EMBED_H

/* The assembler looks from the folder that make runs in, the root of this repository. */
#define EMBED(symbol, file)                                                                        \
	extern const char symbol[];                                                                \
	__asm__(".pushsection .rodata\n"                                                           \
		".globl " #symbol "\n" #symbol ":\n"                                               \
		".incbin \"" file "\"\n"                                                           \
		".byte 0\n"                                                                        \
		".popsection\n")

#endif
