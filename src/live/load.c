/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A module into the kernel, and its transition to the end, or all of it undone. */
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/text.h"
#include "base/clock.h"
#include "base/interrupt.h"
#include "base/strbuf.h"
#include "live/check.h"
#include "live/explain.h"
#include "live/findings.h"
#include "live/follow.h"
#include "live/guard.h"
#include "live/health.h"
#include "live/journal.h"
#include "live/klog.h"
#include "live/kmod.h"
#include "live/load.h"
#include "live/machine.h"
#include "live/module.h"
#include "live/outcome.h"
#include "live/patches.h"
#include "live/paths.h"
#include "live/record.h"
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

static struct err *insert(struct load *load, bool *inserted)
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

	if (err) /* the patch is in, and has to be seen through */
		progress_note(load->progress, "%s", err_message(err));
	err_free(err);
	return NULL;
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
		live_task_vec_free(&waited_for);
	return err;
}

static struct err *tell_what_is_loaded(struct load *load)
{
	scope_live_patches patches = NULL;
	scope_names names = NAMES_INIT(SIZE_MAX);

	err_try(live_patches_read(load->root, &patches));
	vec_foreach(&patches->list, it)
		names_add(&names, "%s (%s)", it->name, live_state_name(it->state));

	scope_free char *list = names_end(&names);

	load->outcome->why =
		xasprintf("it was disabled or replaced by somebody else meanwhile; loaded now: %s",
			  *list ? list : "none");
	return NULL;
}

static struct err *settle(struct load *load, enum follow_end end, double seconds)
{
	scope_free char *time = xasprintf("%.0f s", seconds);
	scope_free char *waiting = live_waiting(&load->outcome->blocking);

	if (end == FOLLOW_INTERRUPTED) {
		err_try(reverse(load, xstrdup("interrupted")));
		return interrupt_error();
	}
	if (end == FOLLOW_LATE && load->spec->wait_ms >= 0) {
		load->outcome->end = LIVE_END_GOING_ON;
		load->outcome->why = xstrdup(
			"some tasks do not run the new code yet; the kernel goes on by itself");
		return NULL;
	}
	if (end == FOLLOW_LATE)
		return reverse(load, xasprintf("%s did not switch within %s", waiting, time));
	if (live_attribute(load->root, load->module->name, "enabled") != 1) {
		load->outcome->end = LIVE_END_FAILED;
		return tell_what_is_loaded(load);
	}
	load->outcome->end = LIVE_END_DONE;
	return NULL;
}

static struct err *load_one(struct load *load)
{
	scope_str_vec before = {};
	bool inserted = false;
	uint64_t start = clock_boot_ms();
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

	double seconds = (clock_boot_ms() - start) / 1e3;
	struct err *err = settle(load, end, seconds);

	load->outcome->seconds = seconds;
	if (!err && load->outcome->end == LIVE_END_DONE)
		err = remove_replaced(load, &before);
	live_klog_read(load->klog, &load->outcome->kernel_log);
	return err;
}

static bool is_in(const struct live_outcome *outcome)
{
	return outcome->end == LIVE_END_DONE || outcome->end == LIVE_END_GOING_ON;
}

static void tell_journal(const struct load *load)
{
	const struct live_outcome *outcome = load->outcome;

	if (is_in(outcome))
		live_journal(load->root, EVENT_LOADED, outcome->name, "%s is loaded from %s%s%s",
			     outcome->name, outcome->path, outcome->why ? ": " : "",
			     outcome->why ? outcome->why : "");
	else
		live_journal(load->root, EVENT_NOT_LOADED, outcome->name, "%s is not loaded: %s",
			     outcome->name, outcome->why ? outcome->why : "interrupted");
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
		struct err *err = load_one(&load);

		tell_journal(&load);
		err_try(err);
		if (!is_in(outcome))
			break;
	}
	return NULL;
}

/* Who ends the command in the middle has to know what is left, which nobody looks after. */
static struct err *name_what_stays(const struct live_outcome_vec *outcomes, struct err *interrupt)
{
	scope_strbuf names = STRBUF_INIT;
	size_t count = 0;

	vec_foreach(outcomes, it)
		if (is_in(it))
			strbuf_addf(&names, "%s%s", count++ ? " " : "", it->name);
	if (!count)
		return interrupt;
	err_free(interrupt);
	return err_code_new(
		ERR_INTERRUPTED,
		"interrupted: %s stay%s loaded, and nobody watches %s any longer; 'suture unload %s' undoes %s",
		names.buf, count > 1 ? "" : "s", count > 1 ? "them" : "it", names.buf,
		count > 1 ? "them" : "it");
}

static struct err *load_guarded(const struct root *root, const struct live_load_spec *spec,
				const struct live_machine *machine,
				const struct live_module_vec *modules, struct progress *progress,
				struct live_finding_vec *findings,
				struct live_outcome_vec *outcomes)
{
	scope_live_klog klog = live_klog_open(root); /* all that is said from here on */
	long taint = live_taint(root);

	err_try(live_guard_begin(root, machine, modules));

	struct err *err = load_all(root, spec, modules, progress, outcomes);

	if (!err && spec->installed)
		live_notify_ready(progress);
	if (!err)
		err = live_watch_over(&(struct live_watching){.root = root,
							      .spec = spec,
							      .modules = modules,
							      .klog = klog,
							      .taint = taint,
							      .progress = progress,
							      .findings = findings},
				      outcomes);
	live_guard_end(root);
	return err && err_code(err) == ERR_INTERRUPTED ? name_what_stays(outcomes, err) : err;
}

/* What a command that was killed has left in the kernel is no hindrance, but worth a word. */
static struct err *check_left_over(const struct root *root, const struct live_machine *machine,
				   struct live_finding_vec *findings)
{
	scope_live_patches patches = NULL;
	scope_live_watch watch = NULL;

	err_try(live_patches_read(root, &patches));
	err_try(live_watch_read(root, machine, patches, &watch));

	scope_free char *lost = live_watch_lost(watch);

	if (lost)
		live_finding_add(findings, LIVE_WARN, "watch", NULL, "%s", lost);
	return live_guard_check(root, machine);
}

static struct err *open_one(const char *path, struct live_module_vec *modules)
{
	struct live_module *module = NULL;

	err_try(live_module_open(path, &module));
	vec_push(modules, module);
	return NULL;
}

/* A boot has nobody to ask: what is damaged is not loaded, and the line says what helps. */
static bool open_one_installed(const struct live_installed *it, const char *path,
			       const struct live_machine *machine,
			       struct live_finding_vec *findings, struct live_module_vec *modules)
{
	struct err *err = open_one(path, modules);
	bool opened = !err;

	if (err)
		live_finding_add(
			findings, LIVE_REFUSE, "state", it->name,
			"%s; 'suture install' it anew, or 'suture uninstall --kernel %s %s'",
			err_message(err), machine->release, it->name);
	else if (strcmp(modules->data[modules->len - 1]->sha256, it->sha256))
		live_finding_add(findings, LIVE_REFUSE, "changed", it->name,
				 "%s is not the file that was installed: 'suture install' it anew",
				 path);
	err_free(err);
	return opened;
}

static void add_behind(struct live_finding_vec *findings, const char *name, const char *bad)
{
	live_finding_add(findings, LIVE_WARN, "order", name,
			 "it is not loaded, since it goes on top of %s, which is not", bad);
}

/* What is in already stays: the unit may be started again. */
static struct err *open_installed(const struct root *root, const struct live_machine *machine,
				  struct live_finding_vec *findings,
				  struct live_module_vec *modules)
{
	scope_live_installed installed = {};
	scope_live_patches patches = NULL;
	const char *bad = NULL;

	live_finding_of(findings, LIVE_REFUSE, "state",
			live_installed_read(root, machine->release, &installed));
	err_try(live_patches_read(root, &patches));
	vec_foreach(&installed, it) {
		const struct live_patch *patch = live_patches_find(patches, it->name);
		scope_free char *path = root_path(root, it->path);

		if (patch && patch->state == LIVE_ENABLED)
			live_finding_add(findings, LIVE_NOTE, "loaded", it->name,
					 "it is loaded already");
		else if (bad)
			add_behind(findings, it->name, bad);
		else if (!open_one_installed(it, path, machine, findings, modules))
			bad = it->name;
	}
	return NULL;
}

static bool is_refused(const struct live_finding_vec *findings, const char *module)
{
	vec_foreach(findings, it)
		if (it->level == LIVE_REFUSE &&
		    (module ? it->module && !strcmp(it->module, module) : !it->module))
			return true;
	return false;
}

/*
 * Of a boot's stack what lies below the first that is refused is as sound as if that had never been
 * installed; what lies above was made to go on top of it.
 */
static void keep_sound(struct live_finding_vec *findings, struct live_module_vec *modules)
{
	size_t sound = 0;

	while (sound < modules->len && !is_refused(findings, modules->data[sound]->name))
		sound++;
	for (size_t i = sound; i < modules->len; i++) {
		if (i > sound)
			add_behind(findings, modules->data[i]->name, modules->data[sound]->name);
	}
	for (size_t i = sound; i < modules->len; i++)
		live_module_free(modules->data[i]);
	modules->len = sound;
}

static struct err *open_modules(const struct root *root, const struct live_load_spec *spec,
				const struct live_machine *machine,
				struct live_finding_vec *findings, struct live_module_vec *modules)
{
	if (spec->installed)
		return open_installed(root, machine, findings, modules);
	for (size_t i = 0; i < spec->nr_modules; i++)
		err_try(open_one(spec->modules[i], modules));
	return NULL;
}

/* Both switches are for the boot only: who loads by hand means it. */
static bool is_switched_off(const struct root *root, const struct live_machine *machine,
			    struct live_finding_vec *findings)
{
	const char *by = machine->off	     ? "suture=off on the kernel's command line"
			 : machine->disabled ? LIVE_ETC "/disabled"
					     : NULL;

	if (!by)
		return false;
	live_finding_add(findings, LIVE_WARN, "off", NULL, "nothing is loaded at boot: %s", by);
	live_journal(root, EVENT_OFF, NULL, "no live patch is loaded at boot: %s", by);
	return true;
}

static void tell_refusal(const struct root *root, const struct live_finding_vec *findings)
{
	vec_foreach(findings, it)
		if (it->level == LIVE_REFUSE)
			live_journal(root, EVENT_NOT_LOADED, it->module, "%s%snot loaded: %s",
				     it->module ? it->module : "", it->module ? " is " : "",
				     it->message);
}

/* Whether what was found leaves anything to load: by hand it is all or nothing. */
static bool may_go_on(const struct live_load_spec *spec, const struct live_finding_vec *findings)
{
	return spec->installed ? !is_refused(findings, NULL) : !live_findings_refuse(findings);
}

/* What is damaged makes the rest of the checks pointless. */
static struct err *check_all(const struct root *root, const struct live_load_spec *spec,
			     const struct live_machine *machine, struct live_finding_vec *findings,
			     struct live_module_vec *modules)
{
	err_try(open_modules(root, spec, machine, findings, modules));
	if (!modules->len || !may_go_on(spec, findings))
		return NULL;
	err_try(live_check(root, machine, modules, findings));
	if (spec->installed)
		keep_sound(findings, modules);
	if (spec->watch_ms && modules->len && may_go_on(spec, findings)) {
		live_klog_check(root, findings);
		err_try(live_health_check(root, findings));
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
	/* Also when nothing will be loaded: what a boot without patches finds must not be lost. */
	if (!spec->dry_run)
		live_finding_of(findings, LIVE_REFUSE, "state",
				check_left_over(root, machine, findings));
	if (spec->installed && is_switched_off(root, machine, findings)) {
		live_notify_ready(progress);
		return NULL;
	}
	err_try(live_machine_check(machine));
	if (!live_findings_refuse(findings))
		err_try(check_all(root, spec, machine, findings, &modules));
	if (live_findings_refuse(findings) && !spec->dry_run)
		tell_refusal(root, findings);
	if (spec->dry_run || !may_go_on(spec, findings))
		return NULL;
	if (modules.len)
		return load_guarded(root, spec, machine, &modules, progress, findings, outcomes);
	if (!live_findings_refuse(findings)) /* systemd would take the early end for a failure */
		live_notify_ready(progress);
	return NULL;
}
