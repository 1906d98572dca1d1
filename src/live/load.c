/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A module into the kernel, and its transition to the end, or all of it undone. */
#include <stdlib.h>
#include <string.h>

#include "base/interrupt.h"
#include "live/live_internal.h"

const char *live_end_name(enum live_end end)
{
	static const char *const names[] = {
		[LIVE_END_DONE] = "done",	  [LIVE_END_GOING_ON] = "going-on",
		[LIVE_END_REVERSED] = "reversed", [LIVE_END_FAILED] = "failed",
		[LIVE_END_STUCK] = "stuck",	  [LIVE_END_ROLLED_BACK] = "rolled-back",
	};

	return names[end];
}

struct load {
	const struct root *root;
	const struct live_load_spec *spec;
	const struct live_module *module;
	struct live_klog *klog;
	struct progress *progress;
	struct live_outcome *outcome;
};

/* The names of the patches that a new one could take the place of. */
static struct err *list_enabled(const struct root *root, struct str_vec *names)
{
	scope_live_patches patches = NULL;

	err_try(live_patches_read(root, &patches));
	vec_foreach(&patches->list, it)
		if (it->state == LIVE_ENABLED)
			vec_push(names, xstrdup(it->name));
	return NULL;
}

/* Replaced patches are of no more use; their modules would only hold memory and their names. */
static struct err *remove_replaced(struct load *load, const struct str_vec *before)
{
	scope_live_patches patches = NULL;

	err_try(live_patches_read(load->root, &patches));
	vec_foreach(before, it) {
		const struct live_patch *patch = live_patches_find(patches, *it);

		if (patch && patch->state != LIVE_REPLACED)
			continue;
		vec_push(&load->outcome->replaced, xstrdup(*it));
		if (live_kmod_remove(*it) == 0) {
			live_record_drop(load->root, *it);
			vec_push(&load->outcome->unloaded, xstrdup(*it));
		}
	}
	return NULL;
}

static struct err *insert(struct load *load, bool *inserted)
{
	int error = live_kmod_insert(load->module->path);

	live_klog_read(load->klog, &load->outcome->kernel_log);
	*inserted = !error;
	if (error) {
		load->outcome->end = LIVE_END_FAILED;
		load->outcome->why = live_explain_load(-error, &load->outcome->kernel_log);
		return NULL;
	}
	return live_record_write(load->root, load->module, false);
}

static unsigned limit_of(const struct live_load_spec *spec)
{
	return spec->timeout_ms ? spec->timeout_ms : LIVE_TIMEOUT_MS;
}

/* Undone by itself; what it waited for stays in the outcome. */
static struct err *reverse(struct load *load, char *why)
{
	struct live_task_vec waited_for = load->outcome->blocking;

	load->outcome->blocking = (struct live_task_vec){};
	load->outcome->end = LIVE_END_REVERSED;
	load->outcome->why = why;
	progress_note(load->progress, "%s: %s; undoing it", load->module->name, why);

	struct err *err = live_take_down(load->root, load->module->name, limit_of(load->spec),
					 load->progress, load->outcome);

	if (load->outcome->end == LIVE_END_REVERSED) /* else those that block the undoing count */
		load->outcome->blocking = waited_for;
	else
		live_tasks_free(&(struct live_tasks){
			.blocking = {waited_for.data, waited_for.len, waited_for.cap}});
	return err;
}

static struct err *settle(struct load *load, enum follow_end end, double seconds)
{
	scope_free char *time = xasprintf("%.0f s", seconds);

	if (end == FOLLOW_INTERRUPTED) {
		err_try(reverse(load, xstrdup("interrupted")));
		return interrupt_error();
	}
	if (end == FOLLOW_LATE && load->spec->wait_ms >= 0) {
		load->outcome->end = LIVE_END_GOING_ON;
		load->outcome->why = xstrdup("some tasks do not run the new code yet; the kernel "
					     "goes on by itself");
		return NULL;
	}
	if (end == FOLLOW_LATE)
		return reverse(load, xasprintf("%zu task%s did not switch within %s",
					       load->outcome->blocking.len,
					       load->outcome->blocking.len == 1 ? "" : "s", time));
	if (live_attribute(load->root, load->module->name, "enabled") != 1) {
		load->outcome->end = LIVE_END_FAILED;
		load->outcome->why = xstrdup("it was disabled by somebody else meanwhile");
		return NULL;
	}
	load->outcome->end = LIVE_END_DONE;
	return NULL;
}

static struct err *load_one(struct load *load)
{
	scope_str_vec before = {};
	bool inserted = false;
	uint64_t start = live_now_ms();
	enum follow_end end;

	err_try(list_enabled(load->root, &before));
	err_try(insert(load, &inserted));
	if (!inserted)
		return NULL;
	err_try(live_follow(&(struct follow){.root = load->root,
					     .name = load->module->name,
					     .target = 1,
					     .limit_ms = load->spec->wait_ms >= 0
								 ? (unsigned)load->spec->wait_ms
								 : limit_of(load->spec),
					     .progress = load->progress},
			    &end, &load->outcome->blocking));

	double seconds = (live_now_ms() - start) / 1e3;
	struct err *err = settle(load, end, seconds);

	load->outcome->seconds = seconds;
	if (!err && load->outcome->end == LIVE_END_DONE)
		err = remove_replaced(load, &before);
	live_klog_read(load->klog, &load->outcome->kernel_log);
	return err;
}

static struct err *load_all(const struct root *root, const struct live_load_spec *spec,
			    const struct live_module_vec *modules, struct progress *progress,
			    struct live_outcome_vec *outcomes)
{
	vec_foreach(modules, it) {
		scope_live_klog klog = live_klog_open(root);

		vec_push(outcomes, (struct live_outcome){.name = xstrdup((*it)->name),
							 .path = xstrdup((*it)->path),
							 .end = LIVE_END_FAILED});

		struct live_outcome *outcome = &outcomes->data[outcomes->len - 1];
		struct load load = {root, spec, *it, klog, progress, outcome};

		err_try(load_one(&load));
		if (outcome->end != LIVE_END_DONE && outcome->end != LIVE_END_GOING_ON)
			break;
	}
	return NULL;
}

static struct err *open_modules(const struct live_load_spec *spec, struct live_module_vec *modules)
{
	for (size_t i = 0; i < spec->nr_modules; i++) {
		struct live_module *module = NULL;

		err_try(live_module_open(spec->modules[i], &module));
		vec_push(modules, module);
	}
	return NULL;
}

struct err *live_load(const struct root *root, const struct live_load_spec *spec,
		      struct progress *progress, struct live_finding_vec *findings,
		      struct live_outcome_vec *outcomes)
{
	scope_live_machine machine = NULL;
	scope_live_modules modules = {};

	err_try(live_machine_read(root, &machine));
	err_try(live_machine_check(machine));
	err_try(open_modules(spec, &modules));
	err_try(live_check(root, machine, &modules, findings));
	if (live_findings_refuse(findings) || spec->dry_run)
		return NULL;
	return load_all(root, spec, &modules, progress, outcomes);
}
