/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Answers which modules of a run are still to be tried, and breaks trials off. */
#include "vm/run.h"

#include "vm/result.h"

bool run_is_pending(const struct run *run, size_t index)
{
	if (run->alone && index != run->first)
		return false;
	return index >= run->first && !run->result->modules.data[index].why;
}

void run_break_off(struct vm_module_result *module, const char *why)
{
	struct vm_trial_result *last =
		module->trials.len ? &module->trials.data[module->trials.len - 1] : NULL;

	module->aborted = true;
	vm_module_fail(module, VM_PREPARE, "%s: %s",
		       last ? "the trial was aborted" : "the module was not tried", why);
	if (last && last->outcome == VM_PASS) {
		last->outcome = VM_SKIP;
		last->why = xasprintf("the trial was aborted: %s", why);
	}
}
