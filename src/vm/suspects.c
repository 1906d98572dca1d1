/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Finds out which module has damaged a guest.
 *
 * Several modules are tried in one guest, and what one of them leaves behind (a timer, a pointer to
 * freed memory) may do damage while another one is tried.  So the cause of damage is in doubt if
 * other modules were tried before in the same guest.  The module that the damage was seen at is
 * tried again as the first one in a fresh guest; if the same happens there, that module is the
 * cause.  If not, the modules that had passed before it are tried once more, each alone, and the
 * guest waits at the end.  If the damage does not come again, one module fails nevertheless: the
 * one that it was seen at if its code had run, else the one tried before.
 */
#include "vm/suspects.h"

#include "vm/boot.h"
#include "vm/result.h"
#include "vm/run.h"

/* Returns whether the victim failed at the same stage as the first module of a fresh guest. */
static bool is_explained(const struct run *run, const struct doubt *doubt)
{
	const struct vm_module_result *victim = &run->result->modules.data[doubt->victim];

	return victim->why && !victim->aborted && victim->failed_at == doubt->stage;
}

static struct err *suspects_try_alone(struct run *run, unsigned index)
{
	struct vm_module_result *module = &run->result->modules.data[index];

	vm_module_reset(module);
	progress_detail(run->progress, "%s: trying the module alone, to see what it leaves behind",
			module->name);
	run->first = index;
	run->alone = true;

	struct err *err = boot_run(run);

	progress_end(run->progress);
	run->alone = false;
	run->first = run->result->modules.len;
	run->cleared[index] = !err;
	return err;
}

static void suspects_blame(struct run *run, const struct doubt *doubt)
{
	unsigned last = doubt->suspects.data[doubt->suspects.len - 1];
	struct vm_module_result *module =
		&run->result->modules.data[doubt->victim_ran ? doubt->victim : last];
	enum vm_trial trial = doubt->victim_ran ? doubt->trial : VM_TRIAL_LOAD;

	if (!module->why) {
		module->failed_trial = trial;
		vec_foreach(&doubt->lines, line)
			vec_push(&module->findings, xstrdup(*line));
	}
	if (doubt->victim_ran)
		vm_module_fail(module, doubt->stage,
			       "%s; this did not happen again in a fresh guest", doubt->why);
	else
		vm_module_fail(
			module, VM_AFTER,
			"after its trial, before the next module was loaded: %s; this did not happen again when the module was tried alone",
			doubt->why);
	vec_foreach(&module->trials, it) {
		if (it->trial != trial || it->outcome != VM_PASS)
			continue;
		it->outcome = VM_FAIL;
		it->why = xstrdup(module->why);
	}
}

static struct err *suspects_settle_one(struct run *run, const struct doubt *doubt)
{
	struct vm_module_result *modules = run->result->modules.data;

	if (!doubt->suspects.len || is_explained(run, doubt))
		return NULL;
	vec_foreach(&doubt->suspects, it) {
		if (!modules[*it].pass)
			return NULL;
	}
	for (size_t i = doubt->suspects.len; i-- > 0;) {
		unsigned suspect = doubt->suspects.data[i];

		if (!run->cleared[suspect])
			err_try(suspects_try_alone(run, suspect));
		if (!modules[suspect].pass)
			return NULL;
	}
	suspects_blame(run, doubt);
	return NULL;
}

struct err *suspects_settle(struct run *run)
{
	vec_foreach(&run->doubts, doubt) {
		err_try(suspects_settle_one(run, doubt));
		doubt->settled = true;
	}
	return NULL;
}

void suspects_give_up(struct run *run, const char *why)
{
	struct vm_module_result *modules = run->result->modules.data;

	vec_foreach(&run->doubts, doubt) {
		vec_foreach(&doubt->suspects, it) {
			if (!doubt->settled && !modules[*it].why && !is_explained(run, doubt))
				run_break_off(&modules[*it], why);
		}
	}
}
