/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Module information: other text and other numbers in its symbols' names, no other code.
 *
 * @unchanged first
 * @contains section .modinfo
 * @contains-before symbol __UNIQUE_ID_version0 .modinfo
 * @contains-after symbol __UNIQUE_ID_version1 .modinfo
 * @bytes differ .modinfo
 */
#include "kernel.h"

#ifdef PATCHED
MODULE_INFO(author, "Somebody");
MODULE_INFO(version, "2");
#else
MODULE_INFO(version, "1");
#endif

int first(int a)
{
	return external(a);
}
