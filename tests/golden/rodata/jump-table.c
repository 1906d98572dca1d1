/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A switch's jump table: two values swap their cases, in the table only.
 *
 * @flags -fjump-tables
 * @changed first
 * @unchanged second
 * @contains section .rodata.first
 * @contains reloc .text.first .rodata.first
 * @contains reloc .rodata.first .text.first
 * @contains reloc .text.second .rodata.second
 * @bytes same .text.first .text.second
 * @relocs same .text.first
 * @relocs differ .rodata.first
 * @part-contains reloc first .rodata.first
 * @part-contains reloc .rodata.first .text.first
 * @part-lacks symbol second
 */
#include "kernel.h"

#ifdef PATCHED
#define SIX 7
#define SEVEN 6
#else
#define SIX 6
#define SEVEN 7
#endif

#define SWITCH(a, six, seven)                                                                      \
	switch (a) {                                                                               \
	case 0:                                                                                    \
		return external(a);                                                                \
	case 1:                                                                                    \
	case six:                                                                                  \
		return printk("");                                                                 \
	case 2:                                                                                    \
	case seven:                                                                                \
		consume(0);                                                                        \
		return 3;                                                                          \
	case 3:                                                                                    \
		kfree(0);                                                                          \
		return 4;                                                                          \
	case 5:                                                                                    \
		return external(8);                                                                \
	}                                                                                          \
	return -1

int first(int a)
{
	SWITCH(a, SIX, SEVEN);
}

int second(int a)
{
	SWITCH(a, 6, 7);
}
