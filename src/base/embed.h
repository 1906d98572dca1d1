/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Embeds text files of the repository in the program. */
#ifndef SUTURE_BASE_EMBED_H
#define SUTURE_BASE_EMBED_H

/* The path is relative to the root of the repository, where make starts the assembler. */
#define EMBED(symbol, file)                                                                        \
	extern const char symbol[];                                                                \
	__asm__(".pushsection .rodata\n"                                                           \
		".globl " #symbol "\n" #symbol ":\n"                                               \
		".incbin \"" file "\"\n"                                                           \
		".byte 0\n"                                                                        \
		".popsection\n")

#endif
