/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Loses a page each time that the module is loaded. */
#include <linux/gfp.h>
#include <linux/seq_file.h>

static int patch_show(struct seq_file *m, void *v)
{
	seq_puts(m, "patched\n");
	return 0;
}

#define FIXTURE_INIT (__get_free_page(GFP_KERNEL) ? 0 : -ENOMEM)
#include "fixture.h"
