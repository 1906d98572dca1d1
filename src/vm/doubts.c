/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Notes damage whose cause is in doubt, and has its victim tried again; suspects.c says why. */
#include "vm/doubts.h"

#include "vm/result.h"
#include "vm/run.h"
#include "vm/session.h"

/* Forgets the results of a module and those after it, so that a fresh guest begins with it. */
static void try_again_from(struct run *run, unsigned index)
{
	struct vm_module_result *modules = run->result->modules.data;

	for (unsigned i = index; i < run->result->modules.len; i++) {
		if (!modules[i].why || modules[i].failed_at != VM_PREPARE)
			vm_module_reset(&modules[i]);
	}
	run->first = index;
}

/*
 * Has a module that seems to leak tried once more in a fresh guest; returns false if that was done
 * already.  It is weak evidence if the kernel's memory shrinks and no cache grows as much, since
 * pages on their way from one list to another count as lost; but a leak comes again.
 */
static bool doubt_leak(struct run *run, const struct vm_module_result *leaker)
{
	unsigned index = leaker - run->result->modules.data;

	if (run->leaked[index])
		return false;
	run->leaked[index] = true;
	progress_detail(run->progress, "%s: %s; trying the module again in a fresh guest",
			leaker->name, leaker->why);
	try_again_from(run, index);
	return true;
}

void doubts_note(struct run *run, const struct session *session)
{
	const struct vm_module_result *victim = session->damage.victim;
	struct vm_module_result *modules = run->result->modules.data;
	struct doubt doubt = {};

	if (!victim && session->damage.leaker && !run->alone &&
	    doubt_leak(run, session->damage.leaker))
		return;
	if (!victim || run->alone)
		return;
	doubt.victim = victim - modules;
	doubt.victim_ran = session->damage.victim_ran;
	for (unsigned i = session->plan->steps.data[0].module; i < doubt.victim; i++) {
		if (modules[i].pass)
			vec_push(&doubt.suspects, i);
	}

	unsigned again = doubt.victim;

	if (doubt.victim_ran && (!doubt.suspects.len || victim->named)) {
		vec_free(&doubt.suspects);
		again++; /* only the modules after it are tried again, as the guest is damaged */
	} else {
		doubt.stage = victim->failed_at;
		doubt.trial = victim->failed_trial;
		doubt.why = xstrdup(victim->why);
		vec_foreach(&victim->findings, line)
			vec_push(&doubt.lines, xstrdup(*line));
		vec_push(&run->doubts, doubt);
		progress_detail(run->progress, "%s: %s; trying the module again in a fresh guest",
				victim->name, victim->why);
	}
	try_again_from(run, again);
}

void doubts_free(struct run *run)
{
	vec_foreach(&run->doubts, doubt) {
		free(doubt->why);
		str_vec_free(&doubt->lines);
		vec_free(&doubt->suspects);
	}
	vec_free(&run->doubts);
	free(run->cleared);
	free(run->leaked);
}
