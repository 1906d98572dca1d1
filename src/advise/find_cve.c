/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Looks one CVE up in loaded live patches, in the changelogs of kernels, and in pending updates. */
#include "advise/find_cve.h"

#include <string.h>

#include "advise/coverage.h"
#include "base/alloc.h"

/* Returns the pending kernel that is known to fix it, or NULL. */
static const struct advise_update *pending_fix(const struct advice *advice, const char *id)
{
	vec_foreach(&advice->updates, it)
		if (it->kernel && str_vec_has(&it->cves, id))
			return it;
	return NULL;
}

char *advise_find_cve(const struct root *root, const struct advice *advice, const char *id,
		      enum advise_verdict *verdict)
{
	const struct advise_kernel *kernel = &advice->kernel;
	const struct advise_update *update = pending_fix(advice, id);
	scope_str_vec running = {};
	const char *idle = NULL;

	*verdict = VERDICT_NOTHING;
	if (str_vec_has(&kernel->patched, id))
		return xasprintf("a loaded live patch fixes it in the running kernel %s",
				 kernel->running);
	if (kernel->equivalent && str_vec_has(&kernel->fixes, id))
		return xasprintf(
			"live patch %s makes the running kernel equivalent to %s, which fixes it",
			kernel->cover_patch, kernel->cover->to);
	if (coverage_kernel_cves(root, kernel->running, kernel->running_version, &running) &&
	    str_vec_has(&running, id))
		return xasprintf("the changelog of the running kernel %s says that it fixes it",
				 kernel->running_version);
	vec_foreach(&kernel->idle, it)
		idle = !strcmp(it->cve, id) ? it->why : idle;
	*verdict = VERDICT_REBOOT;
	if (idle)
		return xasprintf("the running kernel %s lacks it: %s", kernel->running, idle);
	if (str_vec_has(&kernel->fixes, id))
		return xasprintf(
			"the installed kernel %s (%s) fixes it, but %s runs: reboot, or load a live patch for it",
			kernel->newest->release, kernel->newest->version, kernel->running);
	if (update)
		return xasprintf(
			"the pending update %s %s fixes it: install it and reboot, or load a live patch for it",
			update->package, update->to);
	*verdict = VERDICT_UNKNOWN;
	if (!kernel->livepatches_known)
		return xstrdup(
			"cannot tell: without /sys, loaded live patches are unknown, and no changelog of an installed or downloaded kernel names it");
	return xstrdup(
		"cannot tell: no loaded live patch and no changelog of an installed or downloaded kernel names it");
}
