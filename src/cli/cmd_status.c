/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdio.h>
#include <string.h>

#include "cli/commands.h"
#include "cli/live_common.h"
#include "cli/prometheus.h"

#define TASKS_SHOWN 16

static bool in_transition(const struct live_patch *patch)
{
	return patch->state == LIVE_PATCHING || patch->state == LIVE_UNPATCHING;
}

/* The tasks of the one transition that there can be. */
static struct err *read_tasks(const struct root *root, const struct live_patches *patches,
			      struct live_tasks *tasks)
{
	vec_foreach(&patches->list, it)
		if (in_transition(it))
			return live_tasks_read(root, it->state == LIVE_PATCHING, TASKS_SHOWN,
					       tasks);
	return NULL;
}

static void print_functions(const struct live_patch *patch)
{
	vec_foreach(&patch->objects, object) {
		if (!object->patched)
			printf("    %s is not loaded\n", object->name);
		vec_foreach(&object->functions, it) {
			printf("    %s in %s", it->name, object->name);
			if (it->sympos > 1)
				printf(", the %u. of its name", it->sympos);
			if (it->top && strcmp(it->top, patch->name))
				printf(" (that of %s is called)", it->top);
			putchar('\n');
		}
	}
}

static void print_record(const struct live_record *record)
{
	if (!record) {
		printf("    not loaded by suture\n");
		return;
	}
	printf("    loaded %s%s from %s\n", record->time ? record->time : "",
	       record->installed ? " at boot" : "", record->path ? record->path : "?");
	if (record->report)
		printf("    report %s\n", record->report);
	if (!record->attested || strcmp(record->attested, "pass")) {
		printf("    no passed trial attested\n");
		return;
	}
	printf("    tested: passed, which called %zu of %zu functions\n", record->nr_covered,
	       record->nr_covered + record->uncovered.len);
	vec_foreach(&record->uncovered, it)
		printf("        not called: %s\n", *it);
}

static void print_patch(const struct live_patch *patch, const struct live_tasks *tasks)
{
	printf("%s: %s\n", patch->name, live_state_name(patch->state));
	print_record(patch->record);
	print_functions(patch);
	if (!in_transition(patch))
		return;
	printf("    %zu of %zu tasks have switched\n", tasks->done, tasks->total);
	live_print_tasks(&tasks->blocking);
}

static json_t *patch_json(const struct live_patch *patch, const struct live_tasks *tasks)
{
	json_t *object = live_json_patch(patch);

	if (in_transition(patch))
		json_object_set_new(object, "transition",
				    json_pack("{s:i, s:i, s:o}", "tasks", (int)tasks->total,
					      "switched", (int)tasks->done, "blocking",
					      live_json_tasks(&tasks->blocking)));
	return object;
}

static json_t *machine_json(const struct live_machine *machine)
{
	return json_pack("{s:s, s:b, s:s?, s:b, s:s?}", "kernel", machine->release, "livepatch",
			 machine->livepatch, "lockdown", machine->lockdown, "signatures_enforced",
			 machine->sig_enforce, "container", machine->container);
}

static void print_machine(const struct live_machine *machine)
{
	printf("kernel %s%s\n", machine->release,
	       machine->livepatch ? "" : ", which cannot be live-patched (no CONFIG_LIVEPATCH)");
	if (machine->sig_enforce)
		printf("only signed modules are taken\n");
	else if (machine->lockdown && strcmp(machine->lockdown, "none"))
		printf("locked down (%s): only signed modules are taken\n", machine->lockdown);
}

/* What the next boot of this kernel would do, and what is held back. */
struct later {
	struct live_installed_vec installed;
	struct live_held_vec held;
};

static void later_free(struct later *later)
{
	live_installed_free(&later->installed);
	live_held_free(&later->held);
}

static void print_later(const struct live_machine *machine, const struct later *later)
{
	vec_foreach(&later->installed, it)
		printf("at boot: %s, installed %s\n", it->name, it->time);
	if (machine->off)
		printf("nothing is loaded at boot: suture=off on the kernel's command line\n");
	if (machine->disabled)
		printf("nothing is loaded at boot: " LIVE_ETC "/disabled\n");
	vec_foreach(&later->held, it)
		printf("held back: %s for kernel %s, since %s: %s\n", it->name, it->release,
		       it->time, it->why);
}

static void add_later(json_t *object, const struct live_machine *machine, const struct later *later)
{
	json_t *installed = json_array(), *held = json_array();

	vec_foreach(&later->installed, it)
		json_array_append_new(installed,
				      json_pack("{s:s, s:s, s:s, s:s}", "name", it->name, "path",
						it->path, "sha256", it->sha256, "time", it->time));
	vec_foreach(&later->held, it)
		json_array_append_new(held, json_pack("{s:s, s:s, s:s, s:s, s:s}", "name", it->name,
						      "digest", it->digest, "kernel", it->release,
						      "why", it->why, "time", it->time));
	json_object_set_new(object, "installed", installed);
	json_object_set_new(object, "held", held);
	json_object_set_new(object, "off_by_command_line", json_boolean(machine->off));
	json_object_set_new(object, "off_by_file", json_boolean(machine->disabled));
}

static struct err *print_json(const struct cli *cli, const struct live_machine *machine,
			      const struct live_patches *patches, const struct live_patch *only,
			      const struct live_tasks *tasks, const struct later *later)
{
	json_t *object = machine_json(machine), *array = json_array();

	vec_foreach(&patches->list, it)
		if (!only || it == only)
			json_array_append_new(array, patch_json(it, tasks));
	json_object_set_new(object, "patches", array);
	add_later(object, machine, later);
	return cli_json(cli, object);
}

static struct err *run_status(const struct cli *cli, const struct cli_args *args, int *status)
{
	scope_root root = NULL;
	scope_live_machine machine = NULL;
	scope_live_patches patches = NULL;
	scope_live_tasks tasks = {};
	__attribute__((cleanup(later_free))) struct later later = {};
	const struct live_patch *only = NULL;

	(void)status;
	err_try(cli_root(args, &root));
	err_try(live_machine_read(root, &machine));
	err_try(live_patches_read(root, &patches));
	err_try(read_tasks(root, patches, &tasks));
	err_try(live_installed_read(root, machine->release, &later.installed));
	err_try(live_held_read(root, &later.held));
	if (args->argc) {
		only = live_patches_find(patches, args->argv[0]);
		if (!only)
			return err_new("%s: no live patch of that name is loaded", args->argv[0]);
	}
	if (cli_option(args, "prometheus"))
		return prometheus_write(cli_option(args, "prometheus"), machine, patches, &tasks,
					&later.installed, &later.held);
	if (cli->json)
		return print_json(cli, machine, patches, only, &tasks, &later);
	if (!only)
		print_machine(machine);
	if (!patches->list.len)
		printf("no live patch is loaded\n");
	vec_foreach(&patches->list, it)
		if (!only || it == only)
			print_patch(it, &tasks);
	if (!only)
		print_later(machine, &later);
	return NULL;
}

static const struct cli_option options[] = {
	{"prometheus", 0, "FILE", "write metrics for node_exporter's textfile collector"},
	{"root", 0, "DIR", "look at the system below this folder"},
	{},
};

const struct command cmd_status = {
	.name = "status",
	.summary = "what is patched, by whom, and whom a transition waits for",
	.args = "[NAME]",
	.max_args = 1,
	.options = options,
	.example = "suture status",
	.run = run_status,
};
