/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A function that was only called is pointed at now: it gets an ENDBR, which the original in
 * the kernel lacks, so the pointer has to be to the new code.  Of one that had an ENDBR
 * before, it stays the original's.
 *
 * @flags -fcf-protection=branch
 * @changed install, called, pointed
 * @finding address-stored
 * @contains reloc .text.called .text.pointed
 * @contains-before symbol pointed .text.pointed
 * @lacks-before reloc .text.called .text.install
 * @part-contains reloc called .text.install
 * @part-contains reloc pointed .text.install
 * @part-lacks symbol called UND
 * @part-contains symbol pointed UND
 */
#include "kernel.h"

static noinline int called(int a)
{
	return external(a + 1);
}

static noinline int pointed(int a)
{
#ifdef PATCHED
	a++;
#endif
	return called(a);
}

void install(void **slot)
{
	slot[0] = pointed;
#ifdef PATCHED
	slot[1] = called;
#endif
}
