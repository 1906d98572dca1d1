/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdlib.h>

#include "cli/advise_views.h"
#include "cli/printable.h"

/* JSON has to be UTF-8, and a reader may print it. */
static json_t *text(const char *foreign)
{
	scope_free char *safe = foreign ? cli_printable(foreign) : NULL;

	return safe ? json_string(safe) : json_null();
}

static json_t *texts(const struct str_vec *list)
{
	json_t *array = json_array();

	vec_foreach(list, it)
		json_array_append_new(array, text(*it));
	return array;
}

static json_t *update_json(const struct advise_update *update)
{
	return json_pack("{s:o, s:o, s:o, s:o, s:s, s:o, s:o, s:o}", "package",
			 text(update->package), "arch", text(update->arch), "from",
			 text(update->from), "to", text(update->to), "action",
			 advise_action_name(update->action), "why", text(update->why), "services",
			 texts(&update->units), "cves", texts(&update->cves));
}

static json_t *service_json(const struct advise_service *service)
{
	json_t *pids = json_array();

	vec_foreach(&service->pids, it)
		json_array_append_new(pids, json_integer(*it));
	return json_pack("{s:s, s:o, s:o, s:o, s:o, s:s, s:b, s:b, s:o, s:i, s:o, s:o, s:o}",
			 "kind", service->kind, "unit", text(service->unit), "inner",
			 text(service->inner), "pids", pids, "programs", text(service->programs),
			 "action", advise_action_name(service->action), "safe", (int)service->apply,
			 "pending", (int)service->pending, "files", texts(&service->files),
			 "nr_files", (int)service->nr_files, "packages", texts(&service->packages),
			 "why", text(service->why), "command", text(service->command));
}

static json_t *images_json(const struct advise_kernel *kernel)
{
	json_t *images = json_array();

	for (size_t i = 0; i < kernel->images.len; i++)
		json_array_append_new(images,
				      json_pack("{s:o, s:o}", "release",
						text(kernel->images.data[i].release), "version",
						text(kernel->images.data[i].version)));
	return images;
}

static json_t *kernel_json(const struct advise_kernel *kernel)
{
	static const char *const states[] = {
		[KERNEL_CURRENT] = "current", [KERNEL_OLD] = "old",
		[KERNEL_OTHER] = "other",     [KERNEL_UNMANAGED] = "unmanaged",
		[KERNEL_UNKNOWN] = "unknown",
	};
	json_t *fixes = kernel->fixes_known ? texts(&kernel->fixes) : json_null();

	return json_pack("{s:o, s:o, s:o, s:o, s:o, s:s, s:o, s:o, s:o, s:b, s:{s:o, s:o}, s:o}",
			 "running", text(kernel->running), "running_version",
			 text(kernel->running_version), "installed", images_json(kernel),
			 "next_boot", text(kernel->next_boot), "next_boot_why",
			 text(kernel->next_boot_why), "state", states[kernel->state], "livepatches",
			 texts(&kernel->livepatches), "fixes", fixes, "covered",
			 texts(&kernel->covered), "all_covered", (int)kernel->all_covered,
			 "microcode", "running", text(kernel->microcode_running), "disk",
			 text(kernel->microcode_disk), "why", text(kernel->why));
}

json_t *advise_json(const struct advice *advice)
{
	json_t *updates = json_array(), *services = json_array();

	vec_foreach(&advice->updates, it)
		json_array_append_new(updates, update_json(it));
	vec_foreach(&advice->services, it)
		json_array_append_new(services, service_json(it));
	return json_pack("{s:s, s:i, s:s?, s:s?, s:o, s:o, s:o, s:{s:b, s:o}, s:b, s:b, s:i, s:i, "
			 "s:o, s:o, s:f}",
			 "verdict", advise_verdict_name(advice->verdict), "code",
			 (int)advice->verdict, "now",
			 advice->pending_only ? NULL : advise_verdict_name(advice->now), "pending",
			 advice->updates_known ? advise_verdict_name(advice->pending) : NULL,
			 "updates", updates, "services", services, "kernel",
			 kernel_json(&advice->kernel), "flag", "set", (int)advice->flagged,
			 "packages", texts(&advice->flag), "soft_reboot", (int)advice->soft_reboot,
			 "container", (int)advice->container, "processes", (int)advice->processes,
			 "unreadable", (int)advice->unreadable, "unknown", texts(&advice->unknown),
			 "notes", texts(&advice->notes), "seconds", advice->seconds);
}
