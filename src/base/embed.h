/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Embeds files of the repository in the program. */
#ifndef SUTURE_BASE_EMBED_H
#define SUTURE_BASE_EMBED_H

#include <stdint.h>

/* Embeds a text, which ends with NUL. The path is relative to the root of the repository, where
 * make starts the assembler. */
#define EMBED(symbol, file)                                                                        \
	extern const char symbol[];                                                                \
	__asm__(".pushsection .rodata\n"                                                           \
		".globl " #symbol "\n" #symbol ":\n"                                               \
		".incbin \"" file "\"\n"                                                           \
		".byte 0\n"                                                                        \
		".popsection\n")

/* Embeds a file of any bytes, from symbol_start to symbol_end. */
#define EMBED_BYTES(symbol, file)                                                                  \
	extern const uint8_t symbol##_start[], symbol##_end[];                                     \
	__asm__(".pushsection .rodata\n"                                                           \
		".globl " #symbol "_start\n" #symbol "_start:\n"                                   \
		".incbin \"" file "\"\n"                                                           \
		".globl " #symbol "_end\n" #symbol "_end:\n"                                       \
		".popsection\n")

#endif
