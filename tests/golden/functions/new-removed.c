/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A function is added, one is removed, and the caller of both changes.
 *
 * @changed caller
 * @new added
 * @removed gone
 * @unchanged bystander
 * @contains-before symbol gone .text.gone
 * @lacks-after symbol gone
 * @contains-after symbol added .text.added
 * @lacks-before symbol added
 * @contains-after reloc .text.added .text.caller
 * @part-contains symbol added .text.added
 * @part-contains reloc added .text.caller
 * @part-lacks symbol bystander
 */
#include "kernel.h"

#ifdef PATCHED
static noinline int added(int a)
{
	return external(a * 2);
}
#define HELPER added
#else
static noinline int gone(int a)
{
	return external(a + 2) + a;
}
#define HELPER gone
#endif

int bystander(int a)
{
	return external(a);
}

int caller(int a)
{
	return HELPER(a) + 1;
}
