/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A list without names through which the kernel finds code gets another entry, for a function
 * that exists: the kernel has gone through its own list already.
 *
 * @unchanged quirk
 * @data changed .pci_fixup_final
 * @finding registration
 * @contains section .pci_fixup_final
 */
#include "kernel.h"

static __used void quirk(int *a)
{
	consume(a);
}

asm(".pushsection .pci_fixup_final, \"a\"\n\t"
    ".balign 16\n\t.short 1, 2\n\t.long 3, 4\n\t.long quirk - .\n\t.popsection\n");
#ifdef PATCHED
asm(".pushsection .pci_fixup_final, \"a\"\n\t"
    ".balign 16\n\t.short 1, 3\n\t.long 3, 4\n\t.long quirk - .\n\t.popsection\n");
#endif
