/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Collects the facts about a machine and its updates, applies the rules to them and draws the
 * verdict.
 */
#include "advise/advise.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "advise/apt.h"
#include "advise/coverage.h"
#include "advise/dnf.h"
#include "advise/flag.h"
#include "advise/kept.h"
#include "advise/kernels.h"
#include "advise/modules.h"
#include "advise/rules.h"
#include "advise/scan.h"
#include "advise/services.h"
#include "advise/temporary.h"
#include "advise/updates.h"
#include "base/clock.h"
#include "base/strbuf.h"

#define SOFT_REBOOT_VERSION 254 /* systemd has soft-reboot since this version */

const char *advise_service_name(const struct advise_service *service)
{
	return service->inner ? service->inner : service->unit ? service->unit : service->programs;
}

const char *advise_action_name(enum advise_action action)
{
	static const char *const names[] = {
		[ACTION_NOTHING] = "nothing",	      [ACTION_LIVE_PATCH] = "live-patch",
		[ACTION_RESTART] = "restart",	      [ACTION_LOG_OUT] = "log-out",
		[ACTION_SOFT_REBOOT] = "soft-reboot", [ACTION_KEXEC] = "kexec",
		[ACTION_REBOOT] = "reboot",
	};

	return names[action];
}

const char *advise_verdict_name(enum advise_verdict verdict)
{
	switch (verdict) {
	case VERDICT_NOTHING:
		return "nothing";
	case VERDICT_RESTART:
		return "restart";
	case VERDICT_SOFT_REBOOT:
		return "soft-reboot";
	case VERDICT_REBOOT:
		return "reboot";
	case VERDICT_COVERED:
		return "covered";
	default:
		return "unknown";
	}
}

static enum advise_verdict verdict_of(enum advise_action action, bool unknown)
{
	switch (action) {
	case ACTION_REBOOT:
	case ACTION_KEXEC:
		return VERDICT_REBOOT;
	case ACTION_SOFT_REBOOT:
		return VERDICT_SOFT_REBOOT;
	case ACTION_LOG_OUT:
	case ACTION_RESTART:
		return VERDICT_RESTART;
	case ACTION_LIVE_PATCH:
		return unknown ? VERDICT_UNKNOWN : VERDICT_COVERED;
	default:
		return unknown ? VERDICT_UNKNOWN : VERDICT_NOTHING;
	}
}

static bool root_is_container(const struct root *root)
{
	static const char *const marks[] = {"/run/systemd/container", "/.dockerenv",
					    "/run/.containerenv"};

	for (size_t i = 0; i < array_size(marks); i++)
		if (root_exists(root, marks[i]))
			return true;
	return false;
}

/*
 * Returns whether the running systemd can soft-reboot.  Its version is in the name of the library
 * that process 1 has mapped; an updated systemd on the disk does not count before it runs.
 */
static bool has_soft_reboot(const struct scan *scan)
{
	vec_foreach(&scan->processes, process) {
		if (process->pid != 1 || strcmp(process->comm, "systemd") != 0)
			continue;
		vec_foreach(&process->files, file) {
			const char *name = strstr((*file)->path, "/libsystemd-shared-");

			if (name && strtoul(name + strlen("/libsystemd-shared-"), NULL, 10) >=
					    SOFT_REBOOT_VERSION)
				return true;
		}
	}
	return false;
}

static struct err *ask_updates(const struct root *root, enum advise_source source,
			       struct advice *advice)
{
	if (source == SOURCE_ASK && !root_is_machine(root)) {
		vec_push(
			&advice->unknown,
			xstrdup("pending updates are unknown: package managers are only asked on the running system"));
		return NULL;
	}
	if (source == SOURCE_ASK && root_exists(root, "/var/lib/dpkg/status") &&
	    root_exists(root, "/usr/bin/apt-get"))
		source = SOURCE_APT;
	if (source == SOURCE_ASK && root_exists(root, "/usr/bin/dnf"))
		source = SOURCE_DNF;

	struct err *err = NULL;

	if (source == SOURCE_APT) {
		err = advise_apt_check_lists(root);
		if (!err)
			err = advise_apt_ask(&advice->updates);
		advise_apt_tell_age(root, &advice->notes);
	} else if (source == SOURCE_DNF)
		err = advise_dnf_ask(&advice->updates, &advice->notes);
	else if (source == SOURCE_ASK)
		vec_push(&advice->unknown,
			 xstrdup("pending updates are unknown: there is neither apt nor dnf"));
	advice->updates_known = !err && source != SOURCE_ASK;
	if (err)
		vec_push(&advice->unknown,
			 xasprintf("pending updates are unknown: %s", err_message(err)));
	err_free(err);
	return NULL;
}

static enum advise_action kernel_action(const struct root *root, const struct advise_kernel *kernel)
{
	if (kernel->state != KERNEL_OLD && kernel->state != KERNEL_OTHER)
		return kernel->microcode_old ? ACTION_REBOOT : ACTION_NOTHING;
	if (kernel->microcode_old)
		return ACTION_REBOOT;
	if (kernel->state == KERNEL_OLD && kernel->all_covered)
		return ACTION_LIVE_PATCH;
	return root_exists(root, "/usr/sbin/kexec") ? ACTION_KEXEC : ACTION_REBOOT;
}

static void raise_action(enum advise_action *action, enum advise_action other)
{
	if (other > *action)
		*action = other;
}

static void tell_hidden(const struct root *root, const struct scan *scan, struct advice *advice)
{
	scope_free char *path = xasprintf("/proc/%d/comm", scan->hidden);
	scope_free char *name = scan->hidden ? root_read_line(root, path) : NULL;

	if (root_is_machine(root) && !root_exists(root, "/proc/self"))
		vec_push(&advice->unknown,
			 xstrdup("no process can be examined, since /proc is not mounted here"));
	if (scan->unreadable)
		vec_push(&advice->unknown,
			 xasprintf("%u of %u processes could not be examined, such as %d (%s)%s",
				   scan->unreadable, scan->seen, scan->hidden, name ? name : "?",
				   geteuid() ? "; run as root to see all"
					     : "; here, even root may not examine them"));
}

static void advise_conclude(const struct root *root, const struct rules *rules,
			    struct advice *advice)
{
	enum advise_action now = kernel_action(root, &advice->kernel), pending = ACTION_NOTHING;

	if (advice->kernel.state == KERNEL_UNKNOWN)
		vec_push(&advice->unknown, xstrdup(advice->kernel.why));

	bool unknown = advice->unknown.len;
	bool asked = advice->flagged && !advice->flag.len;

	vec_foreach(&advice->services, it)
		raise_action(it->pending ? &pending : &now, it->action);
	vec_foreach(&advice->kept, it)
		raise_action(&now, it->action);
	vec_foreach(&advice->flag, it)
		asked = asked || !flag_is_covered(rules, advice, *it);
	if (asked)
		raise_action(&now, ACTION_REBOOT);
	vec_foreach(&advice->updates, it)
		raise_action(&pending, it->action);
	advice->now = verdict_of(now, advice->unknown.len > advice->unknown_updates);
	advice->pending = verdict_of(pending, unknown);
	raise_action(&now, pending);
	advice->verdict = advice->pending_only ? advice->pending : verdict_of(now, unknown);
}

const char *advice_guest(const struct advice *advice)
{
	return advice->container ? "container" : advice->chroot ? "chroot" : NULL;
}

/* Asks for the pending updates, if wanted, and decides on them. */
static struct err *advise_look_at_updates(struct service_judge *judge,
					  const struct advise_options *options,
					  struct progress *progress, struct advice *advice)
{
	if (options->source != SOURCE_NONE && options->source != SOURCE_GIVEN) {
		progress_begin(progress, "asking for pending updates", 0, PROGRESS_COUNT);

		size_t before = advice->unknown.len;

		err_try(ask_updates(judge->root, options->source, advice));
		advice->unknown_updates = advice->unknown.len - before;
		progress_end(progress);
	}
	return updates_decide(judge, options->fetch, advice);
}

/* Decides on services, the kernel and updates by what was found in /proc. */
static struct err *advise_judge(struct service_judge *judge, const struct advise_options *options,
				struct progress *progress, struct advice *advice)
{
	const struct root *root = judge->root;

	if (!options->pending_only)
		services_stale(judge->scan, judge, &advice->services);
	err_try(kernels_look(root, advice_guest(advice), &advice->kernel));
	if (advice->chroot)
		vec_push(
			&advice->notes,
			xstrdup("this is a chroot: run suture advise outside it for the services and the kernel of the machine"));
	err_try(coverage_look(root, &advice->kernel));
	if (advice->kernel.microcode_stays)
		vec_push(&advice->notes, xstrdup(advice->kernel.microcode_stays));
	if (!advice->kernel.livepatches_known && !advice_guest(advice))
		vec_push(
			&advice->notes,
			xstrdup("whether live patches are loaded is unknown: there is no /sys here"));
	err_try(flag_read(root, advice));
	err_try(kept_read(root, advice));
	err_try(advise_look_at_updates(judge, options, progress, advice));
	advise_conclude(root, judge->rules, advice);
	return NULL;
}

static struct err *advise_look(const struct root *root, const struct advise_options *options,
			       struct progress *progress, struct advice *advice)
{
	scope_rules rules = NULL;
	scope_scan scan = {};
	struct scan_options scan_options = {
		.containers = options->containers,
		.owners = options->source != SOURCE_NONE,
		.self = root_is_machine(root) ? getpid() : 0,
	};

	err_try(rules_load(root, &rules));
	progress_begin(progress, "examining processes", 0, PROGRESS_COUNT);
	err_try(scan_processes(root, rules, &scan_options, &scan));
	progress_end(progress);
	modules_look(root, scan_options.owners, &scan);
	vec_foreach(&scan.unknown, it)
		vec_push(&advice->unknown, xstrdup(*it));
	temporary_drop_owned(root, &scan);
	temporary_list(&scan, advice);
	scan_read_owners(root, &scan);
	advice->pending_only = options->pending_only;
	advice->updates_known = options->source == SOURCE_GIVEN;
	advice->processes = scan.seen;
	advice->unreadable = scan.unreadable;
	tell_hidden(root, &scan, advice);
	advice->container = root_is_container(root);
	advice->chroot = scan.chroot;
	advice->soft_reboot = has_soft_reboot(&scan);

	struct service_judge judge = service_judge_new(root, rules, &scan, advice->soft_reboot);
	struct err *err = advise_judge(&judge, options, progress, advice);

	service_judge_free(&judge);
	return err;
}

struct err *advise_run(const struct root *root, const struct advise_options *options,
		       struct advise_update_vec *updates, struct progress *progress,
		       struct advice **advicep)
{
	scope_advice advice = xcalloc(1, sizeof(*advice));
	double start = clock_seconds();

	if (updates) {
		advice->updates = *updates;
		*updates = (struct advise_update_vec){};
	}
	err_try(advise_look(root, options, progress, advice));
	advice->seconds = clock_seconds() - start;
	*advicep = take_ptr(advice);
	return NULL;
}

void advice_free(struct advice *advice)
{
	if (!advice)
		return;
	advise_update_vec_free(&advice->updates);
	advise_services_free(&advice->services);
	kernels_free(&advice->kernel);
	advise_update_vec_free(&advice->kept);
	temporary_free(&advice->temporary);
	str_vec_free(&advice->flag);
	str_vec_free(&advice->unknown);
	str_vec_free(&advice->notes);
	free(advice);
}

void advice_freep(struct advice **advicep)
{
	advice_free(*advicep);
}
