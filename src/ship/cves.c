/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Answers for CVEs from what this machine has: the changelog of the kernel's package, what was
 * recorded when live patches were loaded, and the changelog of a newer kernel that is installed.
 */
#include "ship/cves.h"

#include <stdlib.h>
#include <string.h>

#include "advise/coverage.h"
#include "advise/kernels.h"
#include "base/alloc.h"
#include "base/clock.h"
#include "base/strbuf.h"
#include "live/live.h"
#include "ship/vex.h"

static const char *const state_names[] = {
	[CVE_UNKNOWN] = "unknown",
	[CVE_IN_KERNEL] = "fixed by kernel",
	[CVE_IN_LIVEPATCH] = "fixed by live patch",
	[CVE_OPEN] = "open",
};

const char *cve_state_name(enum cve_state state)
{
	return state_names[state];
}

struct cve_facts {
	struct advise_kernel kernel; /* the machine's kernel; its live patches are those that run */
	struct live_patches *patches;
	struct str_vec in_kernel;
	bool running; /* the answers are about the running kernel */
	struct cve_answers *answers;
};

/* Returns why the code of a live patch that names the CVE does not run; NULL if there is none. */
static const char *cve_find_idle(const struct cve_facts *facts, const char *cve)
{
	if (facts->running)
		vec_foreach(&facts->kernel.idle, it)
			if (!strcmp(it->cve, cve))
				return it->why;
	return NULL;
}

static const char *cve_unknown_why(const struct cve_facts *facts)
{
	bool unseen = facts->running && !facts->kernel.livepatches_known;

	if (facts->answers->changelog)
		return unseen ? "no changelog here names it, and without /sys, live patches are unknown"
			      : "no changelog and no live patch here names it";
	return unseen ? "the changelog of this kernel cannot be read, and without /sys, live patches are unknown"
		      : "the changelog of this kernel cannot be read";
}

/* Returns the enabled live patch whose record names the CVE, or NULL. */
static const char *cve_find_patch(const struct cve_facts *facts, const char *cve)
{
	if (!facts->running)
		return NULL;
	vec_foreach(&facts->patches->list, it)
		if (it->state == LIVE_ENABLED && it->record &&
		    str_vec_has(&it->record->cves, cve) && str_vec_has(&facts->kernel.patched, cve))
			return it->name;
	/* A patch that makes the kernel equal to the newer one has all its fixes. */
	if (facts->kernel.equivalent && str_vec_has(&facts->kernel.fixes, cve))
		return facts->kernel.cover_patch;
	return NULL;
}

static void cve_answer_one(const struct cve_facts *facts, const char *cve)
{
	struct cve_answers *answers = facts->answers;
	const struct advise_image *newest = facts->kernel.newest;
	const char *patch = cve_find_patch(facts, cve);
	const char *idle = cve_find_idle(facts, cve);
	struct cve_answer answer = {.cve = xstrdup(cve)};

	if (str_vec_find_sorted(&facts->in_kernel, cve)) {
		answer.state = CVE_IN_KERNEL;
		answer.why = xasprintf("the changelog of %s names it", answers->version);
	} else if (patch) {
		answer.state = CVE_IN_LIVEPATCH;
		answer.why = xasprintf("%s is enabled", patch);
	} else if (idle) {
		answer.state = CVE_OPEN;
		answer.why = xstrdup(idle);
	} else if (facts->running && newest && str_vec_has(&facts->kernel.fixes, cve)) {
		answer.state = CVE_OPEN;
		answer.why = xasprintf(
			"%s (%s) is installed and fixes it; reboot, or load a live patch that has it",
			newest->release, newest->version);
	} else {
		answer.state = CVE_UNKNOWN;
		answer.why = xstrdup(cve_unknown_why(facts));
	}
	vec_push(&answers->list, answer);
}

/*
 * Collects what is of interest if nobody asks for something: what an update or a live patch fixes.
 */
static void cve_collect(const struct cve_facts *facts, struct str_vec *cves)
{
	if (!facts->running)
		return;
	vec_foreach(&facts->kernel.fixes, it)
		vec_push(cves, xstrdup(*it));
	vec_foreach(&facts->kernel.patched, it)
		vec_push(cves, xstrdup(*it));
	vec_foreach(&facts->kernel.idle, it)
		vec_push(cves, xstrdup(it->cve));
	str_vec_sort_unique(cves);
}

/* The version of a kernel that does not run is that of its installed image. */
static void cve_set_kernel(struct cve_facts *facts, const char *release)
{
	const char *version = "";

	facts->running = !release || !strcmp(release, facts->kernel.running);
	if (facts->running)
		version = facts->kernel.running_version;
	else
		vec_foreach(&facts->kernel.images, it)
			if (!strcmp(it->release, release))
				version = it->version;
	facts->answers->release = xstrdup(facts->running ? facts->kernel.running : release);
	facts->answers->version = xstrdup(version);
}

static struct err *cve_read(const struct root *root, const char *release, struct cve_facts *facts)
{
	err_try(kernels_look(root, NULL, &facts->kernel));
	err_try(coverage_look(root, &facts->kernel));
	err_try(live_patches_read(root, &facts->patches));
	cve_set_kernel(facts, release);
	facts->answers->livepatches = !facts->running || facts->kernel.livepatches_known;
	facts->answers->changelog = coverage_kernel_cves(
		root, facts->answers->release, facts->answers->version, &facts->in_kernel);
	return NULL;
}

struct err *ship_cves(const struct root *root, const char *release, const struct str_vec *cves,
		      struct cve_answers *answers)
{
	struct cve_facts facts = {.answers = answers};
	scope_str_vec all = {};
	struct err *err = cve_read(root, release, &facts);

	if (!err) {
		if (!cves->len)
			cve_collect(&facts, &all);
		vec_foreach(cves->len ? cves : &all, it)
			cve_answer_one(&facts, *it);
	}
	kernels_free(&facts.kernel);
	live_patches_free(facts.patches);
	str_vec_free(&facts.in_kernel);
	return err;
}

json_t *ship_cves_vex(const struct cve_answers *answers)
{
	static const enum vex_status statuses[] = {
		[CVE_UNKNOWN] = VEX_UNDER_INVESTIGATION,
		[CVE_IN_KERNEL] = VEX_FIXED,
		[CVE_IN_LIVEPATCH] = VEX_FIXED,
		[CVE_OPEN] = VEX_AFFECTED,
	};
	scope_free char *time = clock_utc();
	scope_free char *id = xasprintf("%s:%s", answers->release, time);
	scope_free char *kernel = xasprintf("linux-image-%s", answers->release);
	scope_vex_document document = {
		.id = id,
		.title = "Fixes of the running kernel",
		.author = "Suture on this machine",
		.time = time,
		.kernel_package = kernel,
		.kernel_version = answers->version,
	};

	vec_foreach(&answers->list, it)
		vec_push(
			&document.statements,
			(struct vex_statement){
				it->cve, statuses[it->state], it->why,
				it->state == CVE_OPEN
					? "Boot the newer kernel, or load a live patch that has the fix."
					: NULL});
	return vex_openvex(&document);
}

void ship_cves_free(struct cve_answers *answers)
{
	free(answers->release);
	free(answers->version);
	vec_foreach(&answers->list, it) {
		free(it->cve);
		free(it->why);
	}
	vec_free(&answers->list);
}
