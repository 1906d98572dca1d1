/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "target/target.h"

#include <stdlib.h>

struct err *target_open(const struct target_spec *spec, struct progress *progress,
			struct target **target)
{
	(void)spec;
	(void)progress;
	(void)target;
	return err_new("not there yet");
}

void target_free(struct target *target)
{
	free(target);
}

void target_freep(struct target **targetp)
{
	target_free(*targetp);
}
