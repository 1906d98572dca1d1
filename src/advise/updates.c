/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Decides for each pending update what must be done until it is in effect. */
#include "advise/updates.h"

#include <stdlib.h>
#include <string.h>

#include "advise/coverage.h"
#include "advise/files.h"
#include "advise/kernels.h"
#include "advise/modules.h"
#include "advise/version.h"
#include "base/strbuf.h"
#include "base/text.h"
#include "advise/users.h"

void advise_update_vec_free(struct advise_update_vec *updates)
{
	vec_foreach(updates, it) {
		free(it->package);
		free(it->arch);
		free(it->from);
		free(it->to);
		free(it->why);
		str_vec_free(&it->units);
		str_vec_free(&it->cves);
	}
	vec_free(updates);
}

struct decider {
	const struct root *root;
	const struct scan *scan;
	const struct rules *rules;
	struct service_judge *judge;
	struct advice *advice;
	struct users *users;
	bool fetch;
	bool foreign_modules; /* an out-of-tree module is loaded */
};

/*
 * Returns whether an out-of-tree module is loaded, which has the taint letter O in /proc/modules.
 */
static bool has_foreign_modules(const struct root *root)
{
	char *text = NULL;
	struct err *err = root_read(root, "/proc/modules", &text);
	bool found = false;

	err_free(err);
	for (char *at = text ? strchr(text, '(') : NULL; at && !found; at = strchr(at + 1, '(')) {
		const char *end = strchr(at, ')');

		found = end && memchr(at, 'O', end - at);
	}
	free(text);
	return found;
}

/* Returns the release of a kernel package by its name; NULL if the name does not tell. */
static char *release_of_package(const struct advise_update *update)
{
	const char *digit = strpbrk(update->package, "0123456789");

	if (digit && digit > update->package && digit[-1] == '-')
		return xstrdup(digit);
	if (update->to && update->arch && *update->arch && str_starts(update->package, "kernel")) {
		const char *colon = strchr(update->to, ':');

		return xasprintf("%s.%s", colon ? colon + 1 : update->to, update->arch);
	}
	return NULL;
}

static void update_set(struct advise_update *update, enum advise_action action, char *why)
{
	update->action = action;
	free(update->why);
	update->why = why;
}

/* Reads a kernel's fixes; adds a note if they are unknown and live patches might have them. */
static void update_read_fixes(const struct decider *decider, struct advise_update *update)
{
	struct advice *advice = decider->advice;
	struct err *err = coverage_pending(decider->root, &advice->kernel, decider->fetch, update);

	if (err)
		vec_push(&advice->notes, xasprintf("the security fixes in %s are unknown: %s",
						   update->package, err_message(err)));
	else if (!update->cves_known && advice->kernel.patched.len && !decider->fetch)
		vec_push(
			&advice->notes,
			xasprintf(
				"the security fixes in %s are unknown until it is downloaded; use --fetch to download it",
				update->package));
	err_free(err);
}

/* Decides on a kernel newer than the running one, whose fixes loaded live patches may have. */
static void decide_newer_kernel(const struct decider *decider, struct advise_update *update,
				const struct advise_rule *rule)
{
	const struct advise_kernel *kernel = &decider->advice->kernel;
	bool kexec = root_exists(decider->root, "/usr/sbin/kexec");

	update->equivalent = coverage_reaches(kernel, update->to);
	if (update->equivalent) {
		update_set(update, ACTION_LIVE_PATCH,
			   xasprintf("live patch %s makes the running kernel equivalent to %s",
				     kernel->cover_patch, kernel->cover->to));
		return;
	}
	update_read_fixes(decider, update);
	if (update->cves_known && coverage_complete(kernel, &update->cves))
		update_set(update, ACTION_LIVE_PATCH,
			   xasprintf("loaded live patches already contain all %zu fixes",
				     update->cves.len));
	else
		update_set(update, kexec ? ACTION_KEXEC : ACTION_REBOOT,
			   xasprintf("%s; %s runs", rule->why ? rule->why : "it is a kernel",
				     kernel->running));
}

static void decide_kernel(const struct decider *decider, struct advise_update *update,
			  const struct advise_rule *rule)
{
	const struct advise_kernel *kernel = &decider->advice->kernel;
	scope_free char *release = release_of_package(update);
	const char *guest = advice_guest(decider->advice);

	update->kernel = true;
	if (guest)
		update_set(update, ACTION_NOTHING,
			   xasprintf("this is a %s, which runs its host's kernel", guest));
	else if (release && version_compare(release, kernel->running) < 0)
		update_set(update, ACTION_NOTHING,
			   xasprintf("it is older than the running %s", kernel->running));
	else
		decide_newer_kernel(decider, update, rule);
}

static enum advise_action largest_action(const struct advise_service_vec *services)
{
	enum advise_action action = ACTION_NOTHING;

	vec_foreach(services, it)
		if (it->action > action)
			action = it->action;
	return action;
}

static char *tell_users(const struct advise_service_vec *services)
{
	scope_names names = NAMES_INIT(3);

	/* The users whose restart is most disruptive come first. */
	for (int action = ACTION_REBOOT; action >= 0; action--)
		vec_foreach(services, it) {
			if ((int)it->action == action)
				names_add(&names, "%s", advise_service_name(it));
		}

	scope_free char *list = names_end(&names);

	return xasprintf("its files are used by %s", list);
}

/* Returns the first process that may have loaded one of the files unseen, as a module; or NULL. */
static const struct process *unseen_user(const struct decider *decider, const struct str_vec *files)
{
	vec_foreach(&decider->scan->processes, process)
		vec_foreach(files, file)
			if (modules_may_use(process, *file))
				return process;
	return NULL;
}

static void decide_mapped(const struct decider *decider, struct advise_update *update,
			  const struct str_vec *files)
{
	struct process_index_vec found = {};
	struct advise_service_vec services = {};

	vec_foreach(files, file)
		users_of(decider->users, *file, &found);
	services_pending(decider->scan, decider->judge, &found, update->package, &services);
	vec_free(&found);
	const struct process *unseen = services.len ? NULL : unseen_user(decider, files);

	if (unseen) {
		update_set(update, ACTION_NOTHING,
			   xasprintf("cannot tell whether %s (process %d) has loaded its modules",
				     unseen->comm, unseen->pid));
		vec_push(&decider->advice->unknown,
			 xasprintf("whether %s (process %d) has loaded modules of %s is unknown",
				   unseen->comm, unseen->pid, update->package));
		return;
	}
	if (!services.len) {
		update_set(update, ACTION_NOTHING,
			   xstrdup(update->from ? "no process uses its files"
						: "it is newly installed"));
		return;
	}
	update_set(update, largest_action(&services), tell_users(&services));
	vec_foreach(&services, it)
		vec_push(&update->units, xstrdup(advise_service_name(it)));
	services_merge(&decider->advice->services, &services);
}

static void decide_modules(const struct decider *decider, struct advise_update *update,
			   const struct advise_rule *rule)
{
	if (decider->foreign_modules && update->from)
		update_set(update, ACTION_REBOOT,
			   xstrdup(rule->why ? rule->why : "it contains kernel modules"));
	else
		update_set(update, ACTION_NOTHING,
			   xstrdup("no out-of-tree kernel module is loaded"));
}

static void decide_microcode(const struct decider *decider, struct advise_update *update,
			     const struct advise_rule *rule)
{
	if (advice_guest(decider->advice) || !decider->advice->kernel.microcode_running)
		update_set(update, ACTION_NOTHING,
			   xstrdup("this machine's processors do not use it"));
	else if (decider->advice->kernel.microcode_off)
		update_set(update, ACTION_NOTHING,
			   xstrdup("the kernel's command line turns loading off (dis_ucode_ldr)"));
	else
		update_set(update, ACTION_REBOOT,
			   xstrdup(rule->why ? rule->why : "it is microcode for processors"));
}

static void decide_by_rule(const struct decider *decider, struct advise_update *update,
			   const struct advise_rule *rule)
{
	static const enum advise_action actions[] = {
		[RULE_NOTHING] = ACTION_NOTHING, [RULE_LOG_OUT] = ACTION_LOG_OUT,
		[RULE_KEXEC] = ACTION_KEXEC,	 [RULE_SOFT_REBOOT] = ACTION_SOFT_REBOOT,
		[RULE_REBOOT] = ACTION_REBOOT,
	};
	enum advise_action action = actions[rule->action];

	if (action == ACTION_SOFT_REBOOT && !decider->advice->soft_reboot)
		action = ACTION_REBOOT;
	update_set(update, action, xasprintf("%s", rule->why ? rule->why : rule->name));
}

static void update_decide(const struct decider *decider, struct advise_update *update,
			  const struct str_vec *files)
{
	const struct advise_rule *rule = rules_find(decider->rules, RULE_PACKAGE, update->package);
	enum rule_action action = rule ? rule->action : RULE_MAPPED;

	/* Removing a package that only matters at boot changes nothing that runs. */
	if (action == RULE_MAPPED || !update->to)
		decide_mapped(decider, update, files);
	else if (action == RULE_KERNEL)
		decide_kernel(decider, update, rule);
	else if (action == RULE_MICROCODE)
		decide_microcode(decider, update, rule);
	else if (action == RULE_MODULES)
		decide_modules(decider, update, rule);
	else
		decide_by_rule(decider, update, rule);
	if (action != RULE_MAPPED && action != RULE_KERNEL && update->to)
		update->unseen = update->action;
	/* Whether a kernel needs a reboot depends on the one that runs, which is known. */
	if (!update->vendor_reboot || update->kernel)
		return;
	if (update->action < ACTION_KEXEC)
		update_set(update, ACTION_REBOOT,
			   xstrdup("its vendor's advisory asks for a reboot"));
	update->unseen = ACTION_REBOOT;
}

struct err *updates_decide(struct service_judge *judge, bool fetch, struct advice *advice)
{
	if (!advice->updates.len)
		return NULL;

	struct file_lists lists = {};
	struct err *err = files_of_updates(judge->root, &advice->updates, &lists);
	struct decider decider = {
		.root = judge->root,
		.scan = judge->scan,
		.rules = judge->rules,
		.judge = judge,
		.advice = advice,
		.users = users_new(judge->scan),
		.fetch = fetch,
		.foreign_modules = has_foreign_modules(judge->root),
	};

	for (size_t i = 0; !err && i < advice->updates.len; i++)
		update_decide(&decider, &advice->updates.data[i], &lists.data[i]);
	services_tell_pending(&advice->services);
	users_free(decider.users);
	file_lists_free(&lists);
	return err;
}
