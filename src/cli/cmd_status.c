/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdio.h>
#include <string.h>

#include "cli/commands.h"
#include "cli/live_common.h"

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

static struct err *print_json(const struct cli *cli, const struct live_machine *machine,
			      const struct live_patches *patches, const struct live_patch *only,
			      const struct live_tasks *tasks)
{
	json_t *object = machine_json(machine), *array = json_array();

	vec_foreach(&patches->list, it)
		if (!only || it == only)
			json_array_append_new(array, patch_json(it, tasks));
	json_object_set_new(object, "patches", array);
	return cli_json(cli, object);
}

static struct err *run_status(const struct cli *cli, const struct cli_args *args, int *status)
{
	scope_root root = NULL;
	scope_live_machine machine = NULL;
	scope_live_patches patches = NULL;
	scope_live_tasks tasks = {};
	const struct live_patch *only = NULL;

	(void)status;
	err_try(cli_root(args, &root));
	err_try(live_machine_read(root, &machine));
	err_try(live_patches_read(root, &patches));
	err_try(read_tasks(root, patches, &tasks));
	if (args->argc) {
		only = live_patches_find(patches, args->argv[0]);
		if (!only)
			return err_new("%s: no live patch of that name is loaded", args->argv[0]);
	}
	if (cli->json)
		return print_json(cli, machine, patches, only, &tasks);
	if (!only)
		print_machine(machine);
	if (!patches->list.len)
		printf("no live patch is loaded\n");
	vec_foreach(&patches->list, it)
		if (!only || it == only)
			print_patch(it, &tasks);
	return NULL;
}

static const struct cli_option options[] = {
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
