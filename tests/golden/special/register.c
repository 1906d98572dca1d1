/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A function that the kernel finds through a list without names (a PCI quirk) is replaced
 * like any other: the kernel's own entry leads to it.
 *
 * @changed quirk
 * @unchanged other
 * @contains section .pci_fixup_final 32
 * @contains reloc .text.quirk .pci_fixup_final
 * @part-contains symbol quirk .text.quirk
 * @part-lacks section .pci_fixup_final
 */
#include "kernel.h"

static __used void quirk(int *a)
{
#ifdef PATCHED
	*a ^= 5;
#endif
	consume(a);
}

static __used void other(int *a)
{
	*a = 1;
	consume(a);
}

asm(".pushsection .pci_fixup_final, \"a\"\n\t"
    ".balign 16\n\t.short 1, 2\n\t.long 3, 4\n\t.long quirk - .\n\t"
    ".balign 16\n\t.short 1, 3\n\t.long 3, 4\n\t.long other - .\n\t.popsection\n");
