/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Computes how much longer limits are for large patches, names the guest's copies of checks, and
 * frees plans.
 */
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

/*
 * Before Linux 6.2, livepatch walks all symbols of the kernel for each name that it looks up, which
 * takes 50 ms under emulation; undoing waits 150 ms for each function, since
 * unregister_ftrace_function() calls synchronize_rcu_tasks().  Limits are four times that, as hosts
 * are slow.
 */
#define LOOKUP_MS 200
#define UNDO_MS 600
#define OBJECT_MS 500

/* The limits of usual patches have room for this. */
#define USUAL_MS 30000

#define EXTRA_MAX_MS 3600000
#define COUNT_MAX 1000000 /* a damaged file may say anything */

unsigned plan_extra_ms(size_t functions, size_t objects, size_t relocations)
{
	uint64_t ms = (uint64_t)(functions + relocations) * LOOKUP_MS +
		      (uint64_t)functions * UNDO_MS + (uint64_t)objects * OBJECT_MS;

	if (functions > COUNT_MAX || objects > COUNT_MAX || relocations > COUNT_MAX)
		return EXTRA_MAX_MS;
	if (ms <= USUAL_MS)
		return 0;
	return ms - USUAL_MS < EXTRA_MAX_MS ? ms - USUAL_MS : EXTRA_MAX_MS;
}

void plan_free(struct vm_plan *plan)
{
	vec_free(&plan->steps);
	str_vec_free(&plan->strings);
	strbuf_free(&plan->text);
}
