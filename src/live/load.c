/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Loads modules and follows each transition to its end; rolls back if a transition does not end. */
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "base/interrupt.h"
#include "base/strbuf.h"
#include "base/text.h"
#include "live/attached.h"
#include "live/check.h"
#include "live/explain.h"
#include "finding/finding.h"
#include "live/fixes.h"
#include "live/follow.h"
#include "live/guard.h"
#include "live/health.h"
#include "live/journal.h"
#include "live/klog.h"
#include "live/kmod.h"
#include "live/load.h"
#include "live/machine.h"
#include "live/module.h"
#include "live/shutdown.h"
#include "live/outcome.h"
#include "live/patches.h"
#include "live/paths.h"
#include "live/record.h"
#include "live/state.h"
#include "live/store.h"
#include "live/tasks.h"
#include "live/unload.h"
#include "live/watch.h"

struct load {
	const struct root *root;
	const struct live_load_spec *spec;
	const struct live_module *module;
	struct live_klog *klog;
	struct progress *progress;
	struct live_outcome *outcome;
};

/* Lists the names of the patches that a new one could replace. */
static struct err *load_list_enabled(const struct root *root, struct str_vec *names)
{
	scope_live_patches patches = NULL;

	err_try(live_patches_read(root, &patches));
	vec_foreach(&patches->list, it)
		if (it->state == LIVE_ENABLED)
			vec_push(names, xstrdup(it->name));
	return NULL;
}

/* Removes the modules of replaced patches, which only occupy memory and their names. */
static struct err *load_remove_replaced(struct load *load, const struct str_vec *before)
{
	scope_live_patches patches = NULL;

	err_try(live_patches_read(load->root, &patches));
	vec_foreach(before, it) {
		const struct live_patch *patch = live_patches_find(patches, *it);

		if (patch && patch->state != LIVE_REPLACED && patch->state != LIVE_DISABLED)
			continue;
		vec_push(&load->outcome->replaced, xstrdup(*it));
		if (live_kmod_remove(*it) == 0) {
			live_record_drop(load->root, *it);
			vec_push(&load->outcome->unloaded, xstrdup(*it));
		}
	}
	return NULL;
}

static struct err *load_insert(struct load *load, bool *inserted)
{
	int error = live_kmod_insert(load->module->image);

	live_klog_read(load->klog, &load->outcome->kernel_log);
	*inserted = !error;
	if (error) {
		load->outcome->end = LIVE_END_FAILED;
		load->outcome->why = live_explain_load(-error, &load->outcome->kernel_log);
		return NULL;
	}

	struct err *err = live_record_write(load->root, load->module, load->spec->installed);

	if (err) /* the patch is loaded, so its transition must be followed anyway */
		progress_note(load->progress, "%s", err_message(err));
	err_free(err);
	return NULL;
}

static unsigned load_limit(const struct live_load_spec *spec)
{
	return spec->timeout_ms ? spec->timeout_ms : LIVE_TIMEOUT_MS;
}

/* Rolls this patch back; the tasks that had not switched stay in the outcome. */
static struct err *load_reverse(struct load *load, char *why)
{
	struct live_task_vec waited_for = load->outcome->blocking;

	load->outcome->blocking = (struct live_task_vec){};
	load->outcome->end = LIVE_END_REVERSED;
	load->outcome->why = why;
	progress_note(load->progress, "%s: %s; rolling it back", load->module->name, why);

	struct err *err = live_take_down(load->root, load->module->name, load_limit(load->spec),
					 load->spec->lock, load->progress, load->outcome);

	if (load->outcome->end ==
	    LIVE_END_REVERSED) /* otherwise the outcome has the tasks that block the rollback */
		load->outcome->blocking = waited_for;
	else
		live_task_vec_free(&waited_for);
	return err;
}

static struct err *load_tell_what_is_loaded(struct load *load)
{
	scope_live_patches patches = NULL;
	scope_names names = NAMES_INIT(SIZE_MAX);

	err_try(live_patches_read(load->root, &patches));
	vec_foreach(&patches->list, it)
		names_add(&names, "%s (%s)", it->name, live_state_name(it->state));

	scope_free char *list = names_end(&names);

	load->outcome->why =
		xasprintf("another process disabled or replaced it meanwhile; loaded now: %s",
			  *list ? list : "none");
	return NULL;
}

/* Finds out where the kernel may call something else than the new code, such as a BPF program. */
static void load_find_over(struct load *load)
{
	scope_cleanup(live_attached_free) struct live_attached attached = {};

	live_attached_read(load->root, &attached);
	vec_foreach(&load->module->klp->functions, it) {
		scope_free char *who = live_attached_over(
			&attached, &(struct live_place){it->object, it->name, it->sympos});

		if (who)
			vec_push(&load->outcome->over, xasprintf("%s: %s", it->name, who));
	}
}

static struct err *load_settle(struct load *load, enum follow_end end, double seconds)
{
	scope_free char *time = xasprintf("%.0f s", seconds);
	scope_free char *waiting = live_waiting(&load->outcome->blocking);

	if (end == FOLLOW_INTERRUPTED) {
		err_try(load_reverse(load, xstrdup("interrupted")));
		return interrupt_error();
	}
	if (end == FOLLOW_LATE && load->spec->wait_ms >= 0) {
		load->outcome->end = LIVE_END_GOING_ON;
		load->outcome->why = xstrdup(
			"some tasks do not run the new code yet; the transition continues in the background");
		return NULL;
	}
	if (end == FOLLOW_LATE)
		return load_reverse(load, xasprintf("%s did not switch within %s", waiting, time));
	if (live_attribute(load->root, load->module->name, "enabled") != 1) {
		load->outcome->end = LIVE_END_FAILED;
		return load_tell_what_is_loaded(load);
	}
	load->outcome->end = LIVE_END_DONE;
	live_module_cves(load->module, &load->outcome->cves);
	load_find_over(load);
	return NULL;
}

static struct err *load_one(struct load *load)
{
	scope_str_vec before = {};
	bool inserted = false;
	uint64_t start = clock_boot_ms();
	enum follow_end end;

	err_try(load_list_enabled(load->root, &before));
	err_try(load_insert(load, &inserted));
	if (!inserted)
		return NULL;
	err_try(live_follow(&(struct follow){.root = load->root,
					     .name = load->module->name,
					     .target = 1,
					     .limit_ms = load->spec->wait_ms >= 0
								 ? (unsigned)load->spec->wait_ms
								 : load_limit(load->spec),
					     .progress = load->progress},
			    &end, &load->outcome->blocking));

	double seconds = (clock_boot_ms() - start) / 1e3;
	struct err *err = load_settle(load, end, seconds);

	load->outcome->seconds = seconds;
	if (!err && load->outcome->end == LIVE_END_DONE)
		err = load_remove_replaced(load, &before);
	live_klog_read(load->klog, &load->outcome->kernel_log);
	return err;
}

static bool load_is_in(const struct live_outcome *outcome)
{
	return outcome->end == LIVE_END_DONE || outcome->end == LIVE_END_GOING_ON;
}

static void load_tell_journal(const struct load *load)
{
	const struct live_outcome *outcome = load->outcome;

	if (load_is_in(outcome))
		live_journal(load->root, EVENT_LOADED, outcome->name, "%s is loaded from %s%s%s",
			     outcome->name, outcome->path, outcome->why ? ": " : "",
			     outcome->why ? outcome->why : "");
	else
		live_journal(load->root, EVENT_NOT_LOADED, outcome->name, "%s is not loaded: %s",
			     outcome->name, outcome->why ? outcome->why : "interrupted");
}

static struct err *load_modules(const struct root *root, const struct live_load_spec *spec,
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
		struct err *err = load_one(&load);

		load_tell_journal(&load);
		err_try(err);
		if (!load_is_in(outcome))
			break;
	}
	return NULL;
}

/* Returns the error of an interrupt; it names the loaded patches that nobody watches any more. */
static struct err *load_name_what_stays(const struct live_outcome_vec *outcomes,
					struct err *interrupt)
{
	scope_str_vec loaded = {};

	vec_foreach(outcomes, it)
		if (live_outcome_changed(it))
			vec_push(&loaded, xstrdup(it->name));
	if (!loaded.len)
		return interrupt;
	err_free(interrupt);

	scope_free char *names = str_vec_join(&loaded, " ");

	if (loaded.len == 1)
		return err_code_new(
			ERR_INTERRUPTED,
			"interrupted: %s stays loaded, and nobody watches it any more; 'suture unload %s' removes it",
			names, names);
	return err_code_new(
		ERR_INTERRUPTED,
		"interrupted: %s stay loaded, and nobody watches them any more; 'suture unload %s' removes them",
		names, names);
}

/* Loads and watches; sets the log and the taint flags of watching before. */
static struct err *load_guarded(const struct live_machine *machine,
				const struct live_load_spec *spec, struct live_watching watching,
				struct live_outcome_vec *outcomes)
{
	const struct root *root = watching.root;
	scope_live_klog klog = live_klog_open(root);

	watching.klog = klog;
	watching.taint = live_taint(root);
	if (!spec->installed) /* suture.service wants the unit */
		live_shutdown_prepare(root, watching.progress);
	err_try(live_guard_begin(root, machine, watching.modules));

	struct err *err = load_modules(root, spec, watching.modules, watching.progress, outcomes);

	scope_free char *status =
		live_outcomes_status(outcomes, watching.modules->len, watching.watch_ms);

	if (!err && spec->installed && status)
		live_notify_ready(status, watching.progress);
	if (!err)
		err = live_watch_over(&watching, outcomes);
	live_guard_end(root);
	return err && err_code(err) == ERR_INTERRUPTED ? load_name_what_stays(outcomes, err) : err;
}

/* Warns of patches that a killed command has left in the kernel without a watch. */
static struct err *load_check_left_over(const struct root *root, const struct live_machine *machine,
					struct finding_vec *findings)
{
	scope_live_patches patches = NULL;
	scope_live_watch watch = NULL;

	err_try(live_patches_read(root, &patches));
	err_try(live_watch_read(root, machine, patches, &watch));

	scope_free char *lost = live_watch_lost(watch);

	if (lost)
		finding_add_about(findings, SEVERITY_WARN, "watch", NULL, NULL, "%s", lost);
	return live_guard_check(root, machine);
}

static struct err *load_open_one(const char *path, struct live_module_vec *modules)
{
	struct live_module *module = NULL;

	err_try(live_module_open(path, &module));
	vec_push(modules, module);
	return NULL;
}

/* Opens an installed module.  A boot skips a damaged module; the finding names a remedy. */
static bool load_open_one_installed(const struct root *root, const struct live_installed *it,
				    const struct live_machine *machine,
				    struct finding_vec *findings, struct live_module_vec *modules)
{
	scope_free char *path = root_path(root, it->path);
	scope_free char *remedy = xasprintf(
		"run 'suture install' on the module again, or 'suture uninstall --kernel %s %s'",
		machine->release, it->name);
	struct err *err = live_state_trusted(root, it->path);

	if (!err)
		err = load_open_one(path, modules);

	bool opened = !err;

	if (err)
		finding_add_about(findings, SEVERITY_REFUSE, "state", it->name, remedy, "%s",
				  err_message(err));
	else if (strcmp(modules->data[modules->len - 1]->sha256, it->sha256))
		finding_add_about(findings, SEVERITY_REFUSE, "changed", it->name, remedy,
				  "%s is not the file that was installed", path);
	err_free(err);
	return opened;
}

static void load_add_behind(struct finding_vec *findings, const char *name, const char *bad)
{
	finding_add_about(findings, SEVERITY_WARN, "order", name, NULL,
			  "not loaded: it stacks on %s, which was not loaded", bad);
}

/* Opens all installed modules but those already loaded, so that the unit can be started again. */
static struct err *load_open_installed(const struct root *root, const struct live_machine *machine,
				       struct finding_vec *findings,
				       struct live_module_vec *modules)
{
	scope_live_installed installed = {};
	scope_live_patches patches = NULL;
	const char *bad = NULL;

	finding_add_error(findings, SEVERITY_REFUSE, "state",
			  live_installed_read(root, machine->release, &installed));
	err_try(live_patches_read(root, &patches));
	vec_foreach(&installed, it) {
		const struct live_patch *patch = live_patches_find(patches, it->name);
		if (patch && patch->state == LIVE_ENABLED)
			finding_add_about(findings, SEVERITY_NOTE, "loaded", it->name, NULL,
					  "it is already loaded");
		else if (bad)
			load_add_behind(findings, it->name, bad);
		else if (!load_open_one_installed(root, it, machine, findings, modules))
			bad = it->name;
	}
	return NULL;
}

/*
 * Takes out the modules that are loaded already: a script may load what it wants loaded.  Another
 * file of the same name stays, and is refused.
 */
static struct err *load_skip_loaded(const struct root *root, struct live_module_vec *modules,
				    struct live_outcome_vec *outcomes)
{
	scope_live_patches patches = NULL;
	size_t kept = 0;

	err_try(live_patches_read(root, &patches));
	for (size_t i = 0; i < modules->len; i++) {
		struct live_module *it = modules->data[i];
		const struct live_patch *patch = live_patches_find(patches, it->name);

		if (!patch || patch->state != LIVE_ENABLED || !patch->record ||
		    strcmp(patch->record->digest ?: "", it->digest)) {
			modules->data[kept++] = it;
			continue;
		}
		vec_push(outcomes, (struct live_outcome){.name = xstrdup(it->name),
							 .path = xstrdup(it->path),
							 .end = LIVE_END_DONE,
							 .unchanged = true});
		live_module_free(it);
	}
	modules->len = kept;
	return NULL;
}

static bool load_is_refused(const struct finding_vec *findings, const char *module)
{
	vec_foreach(findings, it)
		if (it->severity == SEVERITY_REFUSE &&
		    (module ? it->object && !strcmp(it->object, module) : !it->object))
			return true;
	return false;
}

/*
 * Keeps the modules of a boot's stack that are below the first refused one: they do not depend on
 * it, while those above it were made to go on top of it.
 */
static void load_keep_sound(struct finding_vec *findings, struct live_module_vec *modules)
{
	size_t sound = 0;

	while (sound < modules->len && !load_is_refused(findings, modules->data[sound]->name))
		sound++;
	for (size_t i = sound; i < modules->len; i++) {
		if (i > sound)
			load_add_behind(findings, modules->data[i]->name,
					modules->data[sound]->name);
	}
	for (size_t i = sound; i < modules->len; i++)
		live_module_free(modules->data[i]);
	modules->len = sound;
}

static struct err *load_open_modules(const struct root *root, const struct live_load_spec *spec,
				     const struct live_machine *machine,
				     struct finding_vec *findings, struct live_module_vec *modules)
{
	if (spec->installed)
		return load_open_installed(root, machine, findings, modules);
	for (size_t i = 0; i < spec->nr_modules; i++)
		err_try(load_open_one(spec->modules[i], modules));
	return NULL;
}

/* Returns whether boots are told to load nothing; loading by hand ignores both switches. */
static bool load_is_switched_off(const struct root *root, const struct live_machine *machine,
				 struct finding_vec *findings)
{
	const char *by = machine->off ? LIVE_OFF_BY_WORD : machine->disabled ? LIVE_OFF_FILE : NULL;

	if (!by)
		return false;
	finding_add_about(findings, SEVERITY_WARN, "off", NULL, NULL,
			  "nothing is loaded at boot: %s", by);
	live_journal(root, EVENT_OFF, NULL, "no live patch is loaded at boot: %s", by);
	return true;
}

static void load_tell_refusal(const struct root *root, const struct finding_vec *findings)
{
	vec_foreach(findings, it)
		if (it->severity == SEVERITY_REFUSE)
			live_journal(root, EVENT_NOT_LOADED, it->object, "%s%snot loaded: %s",
				     it->object ? it->object : "", it->object ? " is " : "",
				     it->message);
}

/* Returns whether the findings allow loading: a load by hand loads all modules or none. */
static bool load_may_go_on(const struct live_load_spec *spec, const struct finding_vec *findings)
{
	return spec->installed ? !load_is_refused(findings, NULL) : !findings_refuse(findings);
}

/* Checks the files first, as further checks need files that can be read. */
static struct err *load_check_all(const struct root *root, const struct live_load_spec *spec,
				  const struct live_machine *machine, struct finding_vec *findings,
				  struct live_module_vec *modules,
				  struct live_outcome_vec *outcomes)
{
	err_try(load_open_modules(root, spec, machine, findings, modules));
	if (!spec->installed)
		err_try(load_skip_loaded(root, modules, outcomes));
	if (!modules->len || !load_may_go_on(spec, findings))
		return NULL;
	err_try(live_check(root, machine, modules, findings));
	if (spec->installed)
		load_keep_sound(findings, modules);
	if (spec->watch_ms && modules->len && load_may_go_on(spec, findings)) {
		live_klog_check(root, findings);
		err_try(live_health_check(root, findings));
	}
	return NULL;
}

struct err *live_load(const struct root *root, const struct live_load_spec *spec,
		      struct progress *progress, struct finding_vec *findings,
		      struct live_outcome_vec *outcomes)
{
	scope_live_machine machine = NULL;
	scope_live_modules modules = {};

	err_try(live_machine_read(root, &machine));
	/* A boot that loads nothing must still notice that the machine crashed with a patch. */
	if (!spec->dry_run)
		finding_add_error(findings, SEVERITY_REFUSE, "state",
				  load_check_left_over(root, machine, findings));
	if (spec->installed && load_is_switched_off(root, machine, findings)) {
		live_notify_ready("Nothing was loaded: boots are told not to load live patches",
				  progress);
		return NULL;
	}
	err_try(live_machine_check(machine));
	if (!findings_refuse(findings))
		err_try(load_check_all(root, spec, machine, findings, &modules, outcomes));
	if (findings_refuse(findings) && !spec->dry_run)
		load_tell_refusal(root, findings);
	if (spec->dry_run || !load_may_go_on(spec, findings))
		return NULL;
	if (modules.len)
		return load_guarded(machine, spec,
				    (struct live_watching){.root = root,
							   .watch_ms = spec->watch_ms,
							   .rollback_ms = load_limit(spec),
							   .lock = spec->lock,
							   .modules = &modules,
							   .progress = progress,
							   .findings = findings},
				    outcomes);
	if (!findings_refuse(findings)) /* systemd reports an exit before READY=1 as a failure */
		live_notify_ready("There is no live patch left to load", progress);
	return NULL;
}
