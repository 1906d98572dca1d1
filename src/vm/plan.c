/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Names the guest's copies of checks, and frees plans. */
#include "vm/plan.h"

#include "base/path.h"

char *plan_check_path(unsigned index, const char *host_path)
{
	scope_free char *name = xstrdup(path_base(host_path));

	/* The name becomes one word of the plan, so it must not contain blanks. */
	for (char *c = name; *c; c++) {
		if (*c <= ' ' || *c >= 127)
			*c = '_';
	}
	return xasprintf(GUEST_CHECK_PATH, index, name);
}

void plan_free(struct vm_plan *plan)
{
	vec_free(&plan->steps);
	str_vec_free(&plan->strings);
	strbuf_free(&plan->text);
}
