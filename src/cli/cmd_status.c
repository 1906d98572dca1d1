/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Implements `suture status`: shows loaded, installed and blocked live patches. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/nearest.h"
#include "base/strbuf.h"
#include "base/text.h"
#include "cli/commands.h"
#include "cli/live_options.h"
#include "cli/live_output.h"
#include "finding/json.h"
#include "cli/status.h"
#include "cli/prometheus.h"

#define TASKS_SHOWN 16

static bool status_in_transition(const struct live_patch *patch)
{
	return patch->state == LIVE_PATCHING || patch->state == LIVE_UNPATCHING;
}

/* Reads the tasks of the transition; the kernel runs one transition at a time. */
static struct err *status_read_tasks(const struct root *root, const struct live_patches *patches,
				     struct live_tasks *tasks)
{
	vec_foreach(&patches->list, it)
		if (status_in_transition(it))
			return live_tasks_read(root, it->state == LIVE_PATCHING, TASKS_SHOWN,
					       tasks);
	return NULL;
}

static bool status_in_force(const struct live_patch *patch)
{
	return patch->state == LIVE_ENABLED || patch->state == LIVE_PATCHING;
}

static void status_print_function(struct status *status, const struct live_patch *patch,
				  const struct live_object *object,
				  const struct live_function *function)
{
	const struct live_place place = {object->name, function->name, function->sympos};
	scope_free char *over =
		status_in_force(patch) ? live_attached_over(&status->attached, &place) : NULL;
	scope_strbuf rest = STRBUF_INIT;

	if (function->sympos > 1)
		strbuf_addf(&rest, ", number %u of that name", function->sympos);
	if (function->top && strcmp(function->top, patch->name))
		strbuf_addf(&rest, " (the code of %s runs instead)", function->top);
	if (over)
		strbuf_addf(&rest, " (%s may run instead)", over);
	cli_print("    %s in %s%s", function->name, object->name, rest.len ? rest.buf : "");
}

static void status_print_functions(struct status *status, const struct live_patch *patch)
{
	vec_foreach(&patch->objects, object) {
		if (!object->patched)
			cli_print("    %s is not loaded", object->name);
		vec_foreach(&object->functions, it)
			status_print_function(status, patch, object, it);
	}
}

static void status_print_record(const struct live_patch *patch)
{
	const struct live_record *record = patch->record;

	if (!record) {
		cli_print("    %s", patch->record_damaged
					    ? "loaded by whom is unknown: its record is damaged"
					    : "not loaded by suture");
		return;
	}
	cli_print("    loaded %s%s from %s", record->time ? record->time : "",
		  record->installed ? " at boot" : "", record->path ? record->path : "?");
	if (record->report)
		cli_print("    report %s", record->report);
	if (record->cves.len) {
		scope_free char *list = names_join(&record->cves, NAMES_SHOWN);

		cli_print("    fixes %s", list);
	}
	if (record->attested != LIVE_ATTESTED_PASS) {
		cli_printf("    tested: no attestation of a passed trial\n");
		return;
	}
	cli_printf("    tested: passed, which called %zu of %zu functions\n", record->nr_covered,
		   record->nr_covered + record->uncovered.len);
	vec_foreach(&record->uncovered, it)
		cli_print("        not called: %s", *it);
}

/* Returns the block on a patch that is still loaded because its rollback has not succeeded. */
static const struct live_block *status_find_block(const struct status *status,
						  const struct live_patch *patch)
{
	const char *digest = patch->record ? patch->record->digest : NULL;

	if (!digest || !status_in_force(patch))
		return NULL;
	return live_blocks_find(&status->blocks, digest);
}

/* Returns whether the command that loaded a blocked patch still tries to roll it back. */
static bool status_is_tried(const struct status *status, const struct live_patch *patch)
{
	return status->watch && status->watch->alive &&
	       str_vec_has(&status->watch->names, patch->name);
}

static void status_print_patch(struct status *status, const struct live_patch *patch)
{
	const struct live_tasks *tasks = &status->tasks;
	const struct live_block *block = status_find_block(status, patch);

	cli_print("%s: %s%s", patch->name, live_state_name(patch->state),
		  !block			   ? ""
		  : status_is_tried(status, patch) ? ", to be rolled back"
						   : ", was not rolled back");
	if (block && status_is_tried(status, patch))
		cli_print("    it is blocked: %s; 'suture unload %s' removes it", block->why,
			  patch->name);
	else if (block)
		cli_print(
			"    it is blocked: %s; nothing tries to roll it back any more, but 'suture unload %s' removes it",
			block->why, patch->name);
	status_print_record(patch);
	status_print_functions(status, patch);
	if (!status_in_transition(patch))
		return;
	cli_printf("    %zu of %zu tasks have switched\n", tasks->done, tasks->total);
	cli_print_tasks(&tasks->blocking);
}

static json_t *status_json_patch(const struct status *status, const struct live_patch *patch)
{
	const struct live_tasks *tasks = &status->tasks;
	json_t *object = cli_json_patch(patch);
	bool blocked = status_find_block(status, patch) != NULL;

	json_object_set_new(object, "to_be_rolled_back",
			    json_boolean(blocked && status_is_tried(status, patch)));
	json_object_set_new(object, "not_rolled_back",
			    json_boolean(blocked && !status_is_tried(status, patch)));

	if (status_in_transition(patch))
		json_object_set_new(object, "transition",
				    json_pack("{s:i, s:i, s:o}", "tasks", (int)tasks->total,
					      "switched", (int)tasks->done, "blocking",
					      cli_json_tasks(&tasks->blocking)));
	return object;
}

static json_t *status_json_machine(const struct live_machine *machine)
{
	return json_pack("{s:o, s:o, s:o, s:b, s:o}", "kernel", printable_json(machine->release),
			 "livepatch", machine->sys ? json_boolean(machine->livepatch) : json_null(),
			 "lockdown", printable_json(machine->lockdown), "signatures_enforced",
			 machine->sig_enforce, "container", printable_json(machine->container));
}

/* Tells what a cumulative patch has made of the kernel: "6.1.192-2, live-patched to 6.1.192-3". */
static void status_print_cover(const struct live_patches *patches)
{
	const struct live_patch *patch = live_cover_loaded(patches);
	const struct live_cover *cover = patch ? patch->record->cover : NULL;

	if (!cover)
		return;
	cli_print("%s, live-patched to %s (%s)", cover->from, cover->to,
		  cover->equivalent ? "equivalent" : "partial");
	if (cover->nr_open > 0)
		cli_print("    the patch leaves out %d changes of %s:", cover->nr_open, cover->to);
	vec_foreach(&cover->open, it)
		cli_print("        %s", *it);
	if (cover->nr_open > (int)cover->open.len)
		cli_print("        and %d more", cover->nr_open - (int)cover->open.len);
}

static json_t *status_json_cover(const struct live_patches *patches)
{
	const struct live_patch *patch = live_cover_loaded(patches);

	if (!patch)
		return json_null();

	json_t *object = live_cover_json(patch->record->cover);

	json_object_set_new(object, "patch", printable_json(patch->name));
	return object;
}

static void status_print_machine(const struct live_machine *machine)
{
	cli_print("kernel %s%s", machine->release,
		  machine->livepatch ? ""
		  : machine->sys     ? ", which cannot be live-patched (no CONFIG_LIVEPATCH)"
				     : "");
	if (machine->sig_enforce)
		cli_printf("the kernel loads only signed modules\n");
	else if (machine->lockdown && strcmp(machine->lockdown, "none"))
		cli_print("the kernel is locked down (%s) and loads only signed modules",
			  machine->lockdown);
}

static void status_print_watch(const struct live_watch *watch)
{
	vec_foreach(&watch->names, it)
		if (watch->alive)
			cli_print("%s: process %d has been loading or watching it since %s", *it,
				  watch->pid, watch->time);
}

/* Tells what became of live patches that came in packages, but for those that are loaded. */
static void status_print_packaged(const struct status *status)
{
	vec_foreach(&status->packaged, it)
		if (it->end != LIVE_PACKAGED_LOADED)
			cli_print("package: %s for kernel %s, since %s: %s%s%s", it->name,
				  it->release, it->time, live_packaged_name(it->end),
				  *it->why ? ": " : "", it->why);
}

static void status_print_later(const struct status *status)
{
	const char *const why[] = {status->installed.len ? status->obstacle : NULL,
				   status->machine->off ? LIVE_OFF_BY_WORD : NULL,
				   status->machine->disabled ? LIVE_OFF_FILE : NULL};

	vec_foreach(&status->installed, it)
		cli_print("at boot: %s, installed %s", it->name, it->time);
	for (size_t i = 0; i < array_size(why); i++)
		if (why[i])
			cli_print("nothing is loaded at boot: %s", why[i]);
	vec_foreach(&status->blocks, it)
		cli_print("blocked: %s for kernel %s, since %s: %s", it->name, it->release,
			  it->time, it->why);
}

static json_t *status_json_installed(const struct status *status)
{
	json_t *array = json_array();

	vec_foreach(&status->installed, it)
		json_array_append_new(array, json_pack("{s:o, s:o, s:o, s:o}", "name",
						       printable_json(it->name), "path",
						       printable_json(it->path), "sha256",
						       printable_json(it->sha256), "time",
						       printable_json(it->time)));
	return array;
}

static json_t *status_json_held(const struct status *status)
{
	json_t *array = json_array();

	vec_foreach(&status->blocks, it)
		json_array_append_new(array, json_pack("{s:o, s:o, s:o, s:o, s:o}", "name",
						       printable_json(it->name), "digest",
						       printable_json(it->digest), "kernel",
						       printable_json(it->release), "why",
						       printable_json(it->why), "time",
						       printable_json(it->time)));
	return array;
}

static json_t *status_json_packaged(const struct status *status)
{
	json_t *array = json_array();

	vec_foreach(&status->packaged, it)
		json_array_append_new(array,
				      json_pack("{s:o, s:o, s:o, s:s, s:o, s:o}", "name",
						printable_json(it->name), "kernel",
						printable_json(it->release), "path",
						printable_json(it->module), "result",
						live_packaged_name(it->end), "why",
						*it->why ? printable_json(it->why) : json_null(),
						"time", printable_json(it->time)));
	return array;
}

static json_t *status_json_watch(const struct live_watch *watch)
{
	if (!watch)
		return json_null();
	return json_pack("{s:o, s:i, s:o, s:b}", "patches", printables_json(&watch->names),
			 "process", watch->pid, "since", printable_json(watch->time), "alive",
			 (int)watch->alive);
}

/* A list that could not be read is null, not empty. */
static json_t *status_json_patches(const struct status *status, const struct live_patch *only)
{
	if (!status->machine->sys)
		return json_null();

	json_t *array = json_array();

	vec_foreach(&status->patches->list, it)
		if (!only || it == only)
			json_array_append_new(array, status_json_patch(status, it));
	return array;
}

static struct err *status_print_json(const struct cli *cli, const struct status *status,
				     const struct live_patch *only)
{
	json_t *object = status_json_machine(status->machine);

	json_object_set_new(object, "patches", status_json_patches(status, only));
	json_object_set_new(object, "cover", status_json_cover(status->patches));
	json_object_set_new(object, "watch", status_json_watch(status->watch));
	json_object_set_new(object, "boot_unit", json_string(live_boot_name(status->boot)));
	json_object_set_new(object, "installed",
			    status->installed_known ? status_json_installed(status) : json_null());
	json_object_set_new(object, "held",
			    status->blocks_known ? status_json_held(status) : json_null());
	json_object_set_new(object, "packages", status_json_packaged(status));
	json_object_set_new(object, "off_by_command_line", json_boolean(status->machine->off));
	json_object_set_new(object, "off_by_file", json_boolean(status->machine->disabled));
	json_object_set_new(object, "findings", findings_json(&status->findings));
	return cli_json(cli, object);
}

static void status_print_text(const struct cli *cli, struct status *status,
			      const struct live_patch *only)
{
	cli_print_findings(&status->findings, cli->verbosity);
	if (!only) {
		status_print_machine(status->machine);
		status_print_cover(status->patches);
	}
	if (!status->patches->list.len && status->machine->sys)
		cli_printf("no live patch is loaded\n");
	vec_foreach(&status->patches->list, it)
		if (!only || it == only)
			status_print_patch(status, it);
	if (status->watch)
		status_print_watch(status->watch);
	if (!only) {
		status_print_packaged(status);
		status_print_later(status);
	}
}

/* Returns false after an error, which becomes a finding. */
static bool status_is_known(struct status *status, struct err *err)
{
	bool known = !err;

	finding_add_error(&status->findings, SEVERITY_WARN, "state", err);
	return known;
}

/* Warns of what else runs at replaced functions, such as a program that returns in their place. */
static void status_warn_attached(const struct root *root, struct status *status)
{
	bool any = false;

	live_attached_read(root, &status->attached);
	vec_foreach(&status->patches->list, patch) {
		if (!status_in_force(patch))
			continue;
		any = true;
		vec_foreach(&patch->objects, object)
			vec_foreach(&object->functions, it)
				live_attached_warn(
					&status->attached, patch->name,
					&(struct live_place){object->name, it->name, it->sympos},
					&status->findings);
	}
	if (any)
		live_attached_warn_unread(&status->attached, &status->findings);
}

static struct err *status_read(const struct root *root, struct status *status)
{
	err_try(live_machine_read(root, &status->machine));
	finding_add_error(&status->findings, SEVERITY_WARN, "sys",
			  live_machine_check_sys(status->machine));
	err_try(live_patches_read(root, &status->patches));
	cli_warn_damage(status->patches, &status->findings);
	status_is_known(status, status_read_tasks(root, status->patches, &status->tasks));
	status_is_known(status,
			live_watch_read(root, status->machine, status->patches, &status->watch));
	status->installed_known = status_is_known(
		status, live_installed_read(root, status->machine->release, &status->installed));
	status->blocks_known = status_is_known(status, live_blocks_read(root, &status->blocks));
	status_is_known(status, live_packaged_read(root, &status->packaged, &status->findings));
	status_warn_attached(root, status);
	status->boot = live_boot_read(root);
	status->obstacle = live_boot_obstacle(root, status->boot);

	scope_free char *lost = live_watch_lost(status->watch);

	if (lost)
		finding_add_about(&status->findings, SEVERITY_WARN, "watch", NULL, NULL, "%s",
				  lost);
	return NULL;
}

static void status_free(struct status *status)
{
	live_machine_free(status->machine);
	live_patches_free(status->patches);
	live_tasks_free(&status->tasks);
	live_watch_free(status->watch);
	findings_free(&status->findings);
	live_installed_free(&status->installed);
	live_blocks_free(&status->blocks);
	live_packaged_free(&status->packaged);
	live_attached_free(&status->attached);
	free(status->obstacle);
}

static struct err *status_find(const struct status *status, const char *given,
			       const struct live_patch **patch)
{
	scope_free char *name = NULL;

	err_try(live_name_given(given, &name));
	*patch = live_patches_find(status->patches, name);
	if (*patch)
		return NULL;

	struct nearest nearest = NEAREST_INIT(name);

	vec_foreach(&status->patches->list, it)
		nearest_offer(&nearest, it->name);

	scope_free char *hint = nearest_hint(&nearest, "'suture list' shows those that are");

	return err_new("%s: no live patch of that name is loaded; %s", name, hint);
}

static struct err *status_run(const struct cli *cli, const struct cli_args *args, int *exit_code)
{
	scope_root root = NULL;
	scope_cleanup(status_free) struct status status = {};
	const struct live_patch *only = NULL;

	(void)exit_code;
	err_try(cli_root(args, &root));
	err_try(status_read(root, &status));
	if (args->argc)
		err_try(status_find(&status, args->argv[0], &only));
	if (cli_option(args, "prometheus"))
		err_try(prometheus_write(cli, cli_option(args, "prometheus"), &status));
	if (cli->json)
		return status_print_json(cli, &status, only);
	if (cli_option(args, "prometheus")) {
		cli_print_findings(&status.findings, cli->verbosity);
		return NULL;
	}
	status_print_text(cli, &status, only);
	return NULL;
}

static const struct cli_option status_options[] = {
	{"prometheus", 0, "FILE",
	 "write metrics for node_exporter's textfile collector; -: print them"},
	{"root", 0, "DIR", "read the system below this folder"},
	{},
};

const struct command cmd_status = {
	.name = "status",
	.summary = "show what is patched, by which patch, and which tasks block a transition",
	.args = "[NAME]",
	.max_args = 1,
	.options = status_options,
	.example = "suture status",
	.run = status_run,
};
