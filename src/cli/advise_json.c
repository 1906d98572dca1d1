/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdlib.h>

#include "cli/advise_views.h"

static json_t *update_json(const struct advise_update *update)
{
	return json_pack("{s:o, s:o, s:o, s:o, s:s, s:o, s:o, s:o}", "package",
			 cli_json_text(update->package), "arch", cli_json_text(update->arch),
			 "from", cli_json_text(update->from), "to", cli_json_text(update->to),
			 "action", advise_action_name(update->action), "why",
			 cli_json_text(update->why), "services", cli_json_texts(&update->units),
			 "cves", cli_json_texts(&update->cves));
}

static json_t *service_json(const struct advise_service *service)
{
	json_t *pids = json_array();

	vec_foreach(&service->pids, it)
		json_array_append_new(pids, json_integer(*it));
	return json_pack("{s:s, s:o, s:o, s:o, s:o, s:s, s:b, s:b, s:o, s:i, s:o, s:o, s:o}",
			 "kind", service->kind, "unit", cli_json_text(service->unit), "inner",
			 cli_json_text(service->inner), "pids", pids, "programs",
			 cli_json_text(service->programs), "action",
			 advise_action_name(service->action), "safe", (int)service->apply,
			 "pending", (int)service->pending, "files", cli_json_texts(&service->files),
			 "nr_files", (int)service->nr_files, "packages",
			 cli_json_texts(&service->packages), "why", cli_json_text(service->why),
			 "command", cli_json_text(service->command));
}

static json_t *images_json(const struct advise_kernel *kernel)
{
	json_t *images = json_array();

	for (size_t i = 0; i < kernel->images.len; i++)
		json_array_append_new(
			images, json_pack("{s:o, s:o}", "release",
					  cli_json_text(kernel->images.data[i].release), "version",
					  cli_json_text(kernel->images.data[i].version)));
	return images;
}

static json_t *kernel_json(const struct advise_kernel *kernel)
{
	static const char *const states[] = {
		[KERNEL_CURRENT] = "current", [KERNEL_OLD] = "old",
		[KERNEL_OTHER] = "other",     [KERNEL_UNMANAGED] = "unmanaged",
		[KERNEL_UNKNOWN] = "unknown",
	};
	json_t *fixes = kernel->fixes_known ? cli_json_texts(&kernel->fixes) : json_null();

	return json_pack("{s:o, s:o, s:o, s:o, s:o, s:s, s:o, s:o, s:o, s:b, s:{s:o, s:o}, s:o}",
			 "running", cli_json_text(kernel->running), "running_version",
			 cli_json_text(kernel->running_version), "installed", images_json(kernel),
			 "next_boot", cli_json_text(kernel->next_boot), "next_boot_why",
			 cli_json_text(kernel->next_boot_why), "state", states[kernel->state],
			 "livepatches", cli_json_texts(&kernel->livepatches), "fixes", fixes,
			 "covered", cli_json_texts(&kernel->covered), "all_covered",
			 (int)kernel->all_covered, "microcode", "running",
			 cli_json_text(kernel->microcode_running), "disk",
			 cli_json_text(kernel->microcode_disk), "why", cli_json_text(kernel->why));
}

json_t *advise_json(const struct advice *advice)
{
	json_t *updates = json_array(), *services = json_array();

	vec_foreach(&advice->updates, it)
		json_array_append_new(updates, update_json(it));
	vec_foreach(&advice->services, it)
		json_array_append_new(services, service_json(it));
	return json_pack(
		"{s:s, s:i, s:s?, s:s?, s:o, s:o, s:o, s:{s:b, s:o}, s:b, s:b, s:i, s:i, "
		"s:o, s:o, s:f}",
		"verdict", advise_verdict_name(advice->verdict), "code", (int)advice->verdict,
		"now", advice->pending_only ? NULL : advise_verdict_name(advice->now), "pending",
		advice->updates_known ? advise_verdict_name(advice->pending) : NULL, "updates",
		updates, "services", services, "kernel", kernel_json(&advice->kernel), "flag",
		"set", (int)advice->flagged, "packages", cli_json_texts(&advice->flag),
		"soft_reboot", (int)advice->soft_reboot, "container", (int)advice->container,
		"processes", (int)advice->processes, "unreadable", (int)advice->unreadable,
		"unknown", cli_json_texts(&advice->unknown), "notes",
		cli_json_texts(&advice->notes), "seconds", advice->seconds);
}
