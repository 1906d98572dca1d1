/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/strbuf.h"
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

static void print_function(const struct live_patch *patch, const struct live_object *object,
			   const struct live_function *function)
{
	scope_strbuf rest = STRBUF_INIT;

	if (function->sympos > 1)
		strbuf_addf(&rest, ", the %u. of its name", function->sympos);
	if (function->top && strcmp(function->top, patch->name))
		strbuf_addf(&rest, " (that of %s is called)", function->top);
	live_print("    %s in %s%s", function->name, object->name, rest.len ? rest.buf : "");
}

static void print_functions(const struct live_patch *patch)
{
	vec_foreach(&patch->objects, object) {
		if (!object->patched)
			live_print("    %s is not loaded", object->name);
		vec_foreach(&object->functions, it)
			print_function(patch, object, it);
	}
}

static void print_record(const struct live_record *record)
{
	if (!record) {
		live_print("    not loaded by suture");
		return;
	}
	live_print("    loaded %s%s from %s", record->time ? record->time : "",
		   record->installed ? " at boot" : "", record->path ? record->path : "?");
	if (record->report)
		live_print("    report %s", record->report);
	if (!record->attested || strcmp(record->attested, "pass")) {
		printf("    no passed trial attested\n");
		return;
	}
	printf("    tested: passed, which called %zu of %zu functions\n", record->nr_covered,
	       record->nr_covered + record->uncovered.len);
	vec_foreach(&record->uncovered, it)
		live_print("        not called: %s", *it);
}

static void print_patch(const struct live_patch *patch, const struct live_tasks *tasks)
{
	live_print("%s: %s", patch->name, live_state_name(patch->state));
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
	enum live_boot boot;
	char *obstacle; /* why what is installed would not be loaded; or NULL */
};

static void later_free(struct later *later)
{
	live_installed_free(&later->installed);
	live_held_free(&later->held);
	free(later->obstacle);
}

static void print_later(const struct live_machine *machine, const struct later *later)
{
	vec_foreach(&later->installed, it)
		live_print("at boot: %s, installed %s", it->name, it->time);
	if (later->installed.len && later->obstacle)
		live_print("nothing is loaded at boot: %s", later->obstacle);
	if (machine->off)
		printf("nothing is loaded at boot: suture=off on the kernel's command line\n");
	if (machine->disabled)
		printf("nothing is loaded at boot: " LIVE_ETC "/disabled\n");
	vec_foreach(&later->held, it)
		live_print("held back: %s for kernel %s, since %s: %s", it->name, it->release,
			   it->time, it->why);
}

static void add_later(json_t *object, const struct live_machine *machine, const struct later *later)
{
	json_t *installed = json_array(), *held = json_array();

	vec_foreach(&later->installed, it)
		json_array_append_new(installed, json_pack("{s:o, s:o, s:o, s:o}", "name",
							   cli_json_text(it->name), "path",
							   cli_json_text(it->path), "sha256",
							   cli_json_text(it->sha256), "time",
							   cli_json_text(it->time)));
	vec_foreach(&later->held, it)
		json_array_append_new(held, json_pack("{s:o, s:o, s:o, s:o, s:o}", "name",
						      cli_json_text(it->name), "digest",
						      cli_json_text(it->digest), "kernel",
						      cli_json_text(it->release), "why",
						      cli_json_text(it->why), "time",
						      cli_json_text(it->time)));
	json_object_set_new(object, "boot_unit", json_string(live_boot_name(later->boot)));
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
	later.boot = live_boot_read(root);
	later.obstacle = live_boot_obstacle(root, later.boot);
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
