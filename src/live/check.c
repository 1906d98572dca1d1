/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Makes the checks before a module is loaded.  A check refuses only if the kernel certainly would,
 * or if loading is known to be harmful; everything else is a warning.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/strbuf.h"
#include "live/attached.h"
#include "live/attested.h"
#include "live/check.h"
#include "live/paths.h"
#include "live/conf.h"
#include "finding/finding.h"
#include "live/unlock.h"
#include "live/lost.h"
#include "live/machine.h"
#include "live/module.h"
#include "live/patches.h"
#include "live/signature.h"

#define MEMORY_SPARE (16ull << 20)

struct check {
	const struct root *root;
	const struct live_machine *machine;
	const struct live_module_vec *modules;
	struct live_patches *patches;
	struct live_attached attached;
	struct finding_vec *findings;
};

#define precheck_add(check, severity, rule, object, remedy, ...)                                   \
	finding_add_about((check)->findings, severity, rule, object, remedy, __VA_ARGS__)

static void precheck_kernel(struct check *check, const struct live_module *module)
{
	const char *ours = check->machine->build_id;
	const char *theirs = klp_module_info(module->klp, "suture_build_id");
	const char *vermagic = klp_module_info(module->klp, "vermagic");
	scope_free char *remedy = xasprintf("build it with --kernel %s", check->machine->release);

	if (strcmp(module->release, check->machine->release))
		precheck_add(check, SEVERITY_REFUSE, "kernel", module->name, remedy,
			     "it was built for kernel %s, but %s is running", module->release,
			     check->machine->release);
	else if (ours && theirs && strcmp(ours, theirs))
		precheck_add(
			check, SEVERITY_REFUSE, "build-id", module->name,
			"if the kernel's package was updated, reboot; else build it for the running kernel",
			"it was built for another build of %s (build id %.12s...; %.12s... is running)",
			module->release, theirs, ours);
	if (!strstr(vermagic, "mod_unload"))
		precheck_add(
			check, SEVERITY_WARN, "unload", module->name, NULL,
			"this kernel cannot unload modules: the patch will stay in memory until the next boot");
}

static bool precheck_is_present(const struct check *check, const char *module)
{
	scope_free char *path = xasprintf(LIVE_SYS_MODULE, module);

	return root_exists(check->root, path);
}

static void precheck_loaded(struct check *check, const struct live_module *module)
{
	const struct live_patch *patch = live_patches_find(check->patches, module->name);
	scope_free char *remedy = xasprintf("run 'suture unload %s' first", module->name);

	if (!precheck_is_present(check, module->name))
		return;
	if (!patch)
		precheck_add(check, SEVERITY_REFUSE, "loaded", module->name, NULL,
			     "a loaded module that is not a live patch has that name");
	else
		precheck_add(check, SEVERITY_REFUSE, "loaded", module->name, remedy,
			     "it is already loaded (%s)", live_state_name(patch->state));
}

/* Refuses two files of one module name: the kernel would load the first and reject the second. */
static void precheck_twice(struct check *check, const struct live_module *module)
{
	vec_foreach(check->modules, it) {
		if (*it == module)
			return;
		if (!strcmp((*it)->name, module->name)) {
			precheck_add(check, SEVERITY_REFUSE, "twice", module->name, NULL,
				     "two files have this module name: %s and %s", (*it)->path,
				     module->path);
			return;
		}
	}
}

static void precheck_transition(struct check *check)
{
	vec_foreach(&check->patches->list, it) {
		if (it->state != LIVE_PATCHING && it->state != LIVE_UNPATCHING)
			continue;

		scope_free char *remedy = xasprintf(
			"'suture status' shows the tasks that block it, 'suture unload %s' reverses it",
			it->name);

		precheck_add(
			check, SEVERITY_REFUSE, "transition", NULL, remedy,
			"the kernel does one transition at a time, and that of %s (%s) has not finished",
			it->name, live_state_name(it->state));
	}
}

/* Compares with loaded patches.  Only modules of Suture list their functions before the load. */
static void precheck_conflicts(struct check *check, const struct live_module *module)
{
	vec_foreach(&check->patches->list, patch) {
		if (patch->state != LIVE_ENABLED)
			continue;
		if (module->klp->replace) {
			scope_free char *lost = live_patch_lost(patch, module);

			if (lost)
				precheck_add(check, SEVERITY_WARN, "lost", module->name, NULL,
					     "it replaces %s but lacks what that patch has: %s",
					     patch->name, lost);
			precheck_add(check, patch->record ? SEVERITY_NOTE : SEVERITY_WARN,
				     "replace", module->name, NULL, "it replaces %s%s", patch->name,
				     patch->record	     ? ""
				     : patch->record_damaged ? ", whose record is damaged"
							     : ", which Suture did not load");
			continue;
		}
		vec_foreach(&module->klp->functions, mine)
			vec_foreach(&patch->objects, object)
				vec_foreach(&object->functions, theirs)
					if (!strcmp(object->name, mine->object) &&
					    !strcmp(theirs->name, mine->name) &&
					    theirs->sympos == (mine->sympos ?: 1))
						precheck_add(
							check, SEVERITY_WARN, "stack", module->name,
							NULL,
							"it stacks on %s, which also replaces %s: the code of %s is no longer called there",
							patch->name, mine->name, patch->name);
	}
}

/* Refuses what the kernel would: klp_is_patch_compatible() in kernel/livepatch/state.c. */
static void precheck_states(struct check *check, const struct live_module *module)
{
	vec_foreach(&check->patches->list, patch) {
		if (patch->state != LIVE_ENABLED || !patch->record)
			continue;
		vec_foreach(&patch->record->states, old) {
			const struct klp_module_state *mine = NULL;

			vec_foreach(&module->klp->states, it)
				if (it->id == old->id)
					mine = it;
			if (mine ? mine->version < old->version : module->klp->replace)
				precheck_add(
					check, SEVERITY_REFUSE, "state", module->name, NULL,
					"%s has state %llu in version %u (klp_state), which this module %s",
					patch->name, (unsigned long long)old->id, old->version,
					mine ? "has in an older version" : "does not take over");
		}
	}
}

/* Returns whether a loaded patch replaces a function of that name, which explains the flag I. */
static bool is_patched(const struct check *check, const struct klp_module_function *mine)
{
	vec_foreach(&check->patches->list, patch)
		vec_foreach(&patch->objects, object)
			vec_foreach(&object->functions, it)
				if (!strcmp(object->name, mine->object) &&
				    !strcmp(it->name, mine->name))
					return true;
	return false;
}

/*
 * Refuses functions that something else diverts, and warns of what else runs there.  ftrace allows
 * one user to divert a function (flag I in enabled_functions); live patches are such users, and so
 * are kprobes with a post handler.  The kernel's list has names only, so that the flag may be that
 * of another function.
 */
static void precheck_attached(struct check *check, const struct live_module *module)
{
	vec_foreach(&module->klp->functions, it) {
		const struct live_place place = {it->object, it->name, it->sympos};
		struct live_users users = live_attached_users(&check->attached, &place);
		bool diverted = users.diverted && !is_patched(check, it);

		if (diverted && !live_attached_has_namesakes(&check->attached, &place)) {
			precheck_add(
				check, SEVERITY_REFUSE, "probe", module->name,
				"remove that one first",
				"a kprobe or tracer diverts %s, and the kernel allows only one diversion a function",
				it->name);
			continue;
		}
		if (diverted)
			precheck_add(
				check, SEVERITY_WARN, "probe", module->name,
				"find out which, and remove the kprobe or tracer if it is that one",
				"a kprobe or tracer diverts one of the functions named %s: if it is the one to be replaced, the kernel will refuse the patch",
				it->name);
		live_attached_warn(&check->attached, module->name, &place, check->findings);
	}
}

/* Returns how many tasks there are: the last number of "0.20 0.18 0.12 1/206 11030". */
static unsigned long precheck_count_tasks(const struct check *check)
{
	scope_free char *line = root_read_line(check->root, "/proc/loadavg");
	const char *slash = line ? strchr(line, '/') : NULL;

	return slash ? strtoul(slash + 1, NULL, 10) : 0;
}

/* Counts the functions that are replaced at once: others follow when their module is loaded. */
static size_t precheck_count_functions(const struct check *check, const struct live_module *module)
{
	const char *last = "";
	bool present = false;
	size_t count = 0;

	vec_foreach(&module->klp->functions, it) {
		if (strcmp(it->object, last)) {
			last = it->object;
			present = !strcmp(last, "vmlinux") || precheck_is_present(check, last);
		}
		count += present;
	}
	return count;
}

/* The time for one step through the list, in ns; the list does not fit into a first-level cache. */
#define SEEK_STEP 5
#define PAUSE_TOLD 200 /* ms */

/*
 * With tasklist_lock held, klp_try_complete_transition() looks at each task, and for each function
 * klp_find_ops() goes through half a list of all functions (kernel/livepatch of Linux 6.1 and 7.0).
 */
static void precheck_pause(struct check *check, const struct live_module *module)
{
	uint64_t functions = precheck_count_functions(check, module);
	uint64_t tasks = precheck_count_tasks(check);
	uint64_t ms = functions * functions / 2 * tasks * SEEK_STEP / 1000000;

	if (ms >= PAUSE_TOLD)
		precheck_add(
			check, SEVERITY_WARN, "pause", module->name,
			"load it when few processes are running",
			"the kernel has to check %llu tasks against %llu functions, which takes about %llu.%llu s; no process can start or exit meanwhile",
			(unsigned long long)tasks, (unsigned long long)functions,
			(unsigned long long)ms / 1000, (unsigned long long)ms / 100 % 10);
}

static void precheck_memory(struct check *check)
{
	uint64_t needed = MEMORY_SPARE;

	vec_foreach(check->modules, it)
		needed +=
			3 *
			(*it)->image.size; /* holds the file, its copy in the kernel, the module */
	if (check->machine->free_bytes && check->machine->free_bytes < needed)
		precheck_add(
			check, SEVERITY_REFUSE, "memory", NULL, NULL,
			"only %llu MB of memory are available, and loading safely needs %llu MB",
			(unsigned long long)(check->machine->free_bytes >> 20),
			(unsigned long long)(needed >> 20));
}

static bool is_locked_down(const struct live_machine *machine)
{
	return machine->lockdown && strcmp(machine->lockdown, "none");
}

static void precheck_signature(struct check *check, const struct live_module *module)
{
	const struct live_machine *machine = check->machine;
	bool wanted = machine->sig_enforce || is_locked_down(machine);
	const char *why = is_locked_down(machine)
				  ? "the kernel is locked down (Secure Boot)"
				  : "the kernel loads only signed modules (module.sig_enforce)";

	if (!module->is_signed) {
		if (wanted)
			precheck_add(
				check, SEVERITY_REFUSE, "signature", module->name,
				"sign it by 'suture sign' with a key that the kernel trusts: see 'suture doctor'",
				"%s, and this module is not signed", why);
		return;
	}
	if (module->signature_error) {
		precheck_add(check, SEVERITY_REFUSE, "signature", module->name, NULL, "%s",
			     module->signature_error);
		return;
	}

	int known = live_key_known(check->root, module->signature.key_id);

	if (wanted && !known)
		precheck_add(check, SEVERITY_REFUSE, "signature", module->name,
			     "enrol its certificate: see 'suture doctor'",
			     "%s, and does not have the key that signed this module (%s)", why,
			     module->signature.signer);
	else if (!known)
		precheck_add(
			check, SEVERITY_NOTE, "signature", module->name, NULL,
			"the kernel does not have the key that signed it (%s), and does not require one",
			module->signature.signer);
}

static void precheck_blocked(struct check *check, const struct live_block_vec *blocks,
			     const struct live_module *module)
{
	const struct live_block *it = live_blocks_find(blocks, module->digest);

	scope_free char *remedy = xasprintf("'suture unlock %s' unblocks it", module->name);

	if (it)
		precheck_add(check, SEVERITY_REFUSE, "held", module->name, remedy,
			     "it has been blocked since %s: %s", it->time, it->why);
}

static void precheck_machine(struct check *check)
{
	if (check->machine->has_died)
		precheck_add(check, SEVERITY_WARN, "taint", NULL,
			     "reboot: that is safer than a live patch",
			     "this kernel has had an Oops since it booted");
	if (check->machine->container)
		precheck_add(
			check, SEVERITY_WARN, "container", NULL, NULL,
			"this is a container (%s): the live patch will be loaded into the host's kernel",
			check->machine->container);
}

struct err *live_check(const struct root *root, const struct live_machine *machine,
		       const struct live_module_vec *modules, struct finding_vec *findings)
{
	scope_live_patches patches = NULL;
	scope_live_blocks blocks = {};
	struct live_conf conf;

	err_try(live_conf_read(root, &conf));
	err_try(live_patches_read(root, &patches));
	finding_add_error(findings, SEVERITY_REFUSE, "state", live_blocks_read(root, &blocks));
	vec_foreach(&patches->damage, it)
		finding_add_about(findings, SEVERITY_WARN, "state", NULL, NULL, "%s", *it);

	struct check check = {root, machine, modules, patches, {}, findings};

	live_attached_read(root, &check.attached);
	live_attached_warn_unread(&check.attached, findings);
	precheck_machine(&check);
	precheck_transition(&check);
	precheck_memory(&check);
	vec_foreach(modules, it) {
		precheck_kernel(&check, *it);
		precheck_loaded(&check, *it);
		precheck_twice(&check, *it);
		precheck_conflicts(&check, *it);
		precheck_states(&check, *it);
		precheck_attached(&check, *it);
		precheck_pause(&check, *it);
		precheck_signature(&check, *it);
		precheck_blocked(&check, &blocks, *it);
		live_attested_check(&conf, *it, findings);
	}
	live_attached_free(&check.attached);
	return NULL;
}

struct err *live_check_install(const struct root *root, const struct live_module *module,
			       struct finding_vec *findings)
{
	scope_live_blocks blocks = {};
	struct check check = {.root = root, .findings = findings};
	struct live_conf conf;

	err_try(live_conf_read(root, &conf));
	err_try(live_blocks_read(root, &blocks));
	precheck_blocked(&check, &blocks, module);
	live_attested_check(&conf, module, findings);
	return NULL;
}
