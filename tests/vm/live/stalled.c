/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Patches a function that one kernel thread never leaves, so that the transition cannot complete.
 */
#include <linux/kernel.h>

static int patch_kthreadd(void *unused)
{
	return 0;
}

#define FIXTURE_FUNCTION "kthreadd"
#define FIXTURE_NEW patch_kthreadd
#include "fixture.h"
