/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Puts a WARN into a patched function, which still does its work. */
#include <linux/bug.h>
#include <linux/seq_file.h>

static int patch_show(struct seq_file *m, void *v)
{
	WARN(1, "fixture warns\n");
	seq_puts(m, "patched\n");
	return 0;
}

#include "fixture.h"
