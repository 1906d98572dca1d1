/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Writes the result of `suture advise` as JSON. */
#include "cli/advise_json.h"

#include <stdlib.h>

#include "cli/cli.h"

static json_t *update_json(const struct advise_update *update)
{
	return json_pack("{s:o, s:o, s:o, s:o, s:s, s:o, s:o, s:o}", "package",
			 printable_json(update->package), "arch", printable_json(update->arch),
			 "from", printable_json(update->from), "to", printable_json(update->to),
			 "action", advise_action_name(update->action), "why",
			 printable_json(update->why), "services", printables_json(&update->units),
			 "cves", printables_json(&update->cves));
}

static json_t *service_json(const struct advise_service *service)
{
	json_t *pids = json_array();

	vec_foreach(&service->pids, it)
		json_array_append_new(pids, json_integer(*it));
	return json_pack("{s:s, s:o, s:o, s:o, s:o, s:s, s:b, s:b, s:o, s:i, s:o, s:o, s:o}",
			 "kind", owner_kind_name(service->kind), "unit",
			 printable_json(service->unit), "inner", printable_json(service->inner),
			 "pids", pids, "programs", printable_json(service->programs), "action",
			 advise_action_name(service->action), "safe", (int)service->apply,
			 "pending", (int)service->pending, "files",
			 printables_json(&service->files), "nr_files", (int)service->nr_files,
			 "packages", printables_json(&service->packages), "why",
			 printable_json(service->why), "command", printable_json(service->command));
}

static json_t *images_json(const struct advise_kernel *kernel)
{
	json_t *images = json_array();

	for (size_t i = 0; i < kernel->images.len; i++)
		json_array_append_new(
			images, json_pack("{s:o, s:o}", "release",
					  printable_json(kernel->images.data[i].release), "version",
					  printable_json(kernel->images.data[i].version)));
	return images;
}

/* What a cumulative live patch carries, and which one that is. */
static json_t *kernel_cover_json(const struct advise_kernel *kernel)
{
	json_t *object = live_cover_json(kernel->cover);

	if (kernel->cover)
		json_object_set_new(object, "patch", printable_json(kernel->cover_patch));
	return object;
}

static json_t *kernel_json(const struct advise_kernel *kernel)
{
	static const char *const states[] = {
		[KERNEL_CURRENT] = "current", [KERNEL_OLD] = "old",
		[KERNEL_OTHER] = "other",     [KERNEL_UNMANAGED] = "unmanaged",
		[KERNEL_UNKNOWN] = "unknown",
	};
	json_t *fixes = kernel->fixes_known ? printables_json(&kernel->fixes) : json_null();

	return json_pack(
		"{s:o, s:o, s:o, s:o, s:o, s:s, s:o, s:o, s:o, s:b, s:o, s:b, s:{s:o, s:o}, s:b, s:o}",
		"running", printable_json(kernel->running), "running_version",
		printable_json(kernel->running_version), "installed", images_json(kernel),
		"next_boot", printable_json(kernel->next_boot), "next_boot_why",
		printable_json(kernel->next_boot_why), "state", states[kernel->state],
		"livepatches", printables_json(&kernel->livepatches), "fixes", fixes, "covered",
		printables_json(&kernel->covered), "all_covered", (int)kernel->all_covered, "cover",
		kernel_cover_json(kernel), "equivalent", (int)kernel->equivalent, "microcode",
		"running", printable_json(kernel->microcode_running), "disk",
		printable_json(kernel->microcode_disk), "boots_again", (int)kernel->boots_again,
		"why", printable_json(kernel->why));
}

static json_t *temporary_json(const struct advice *advice)
{
	json_t *array = json_array();

	vec_foreach(&advice->temporary, it)
		json_array_append_new(array, json_pack("{s:i, s:o, s:o}", "pid", it->pid, "program",
						       printable_json(it->program), "file",
						       printable_json(it->file)));
	return array;
}

json_t *cli_advise_json(const struct advice *advice)
{
	json_t *updates = json_array(), *services = json_array(), *kept = json_array();

	vec_foreach(&advice->updates, it)
		json_array_append_new(updates, update_json(it));
	vec_foreach(&advice->services, it)
		json_array_append_new(services, service_json(it));
	vec_foreach(&advice->kept, it)
		json_array_append_new(kept, update_json(it));
	return json_pack(
		"{s:s, s:i, s:s?, s:s?, s:o, s:o, s:o, s:o, s:{s:b, s:o}, s:b, s:b, s:b, s:i, s:i, s:o, s:o, s:o, s:f}",
		"verdict", advise_verdict_name(advice->verdict), "code", (int)advice->verdict,
		"now", advice->pending_only ? NULL : advise_verdict_name(advice->now), "pending",
		advice->updates_known ? advise_verdict_name(advice->pending) : NULL, "updates",
		updates, "installed_since_boot", kept, "services", services, "kernel",
		kernel_json(&advice->kernel), "flag", "set", (int)advice->flagged, "packages",
		printables_json(&advice->flag), "soft_reboot", (int)advice->soft_reboot,
		"container", (int)advice->container, "chroot", (int)advice->chroot, "processes",
		(int)advice->processes, "unreadable", (int)advice->unreadable, "temporary",
		temporary_json(advice), "unknown", printables_json(&advice->unknown), "notes",
		printables_json(&advice->notes), "seconds", advice->seconds);
}
