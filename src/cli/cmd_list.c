/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Implements `suture list`: shows a table of the loaded live patches. */
#include <stdio.h>
#include <string.h>

#include "base/printable.h"
#include "base/text.h"
#include "cli/commands.h"
#include "cli/live_options.h"
#include "cli/live_output.h"
#include "finding/json.h"

static int list_name_width(const struct str_vec *names)
{
	size_t width = strlen("NAME");

	vec_foreach(names, it)
		width = strlen(*it) > width ? strlen(*it) : width;
	return width;
}

/* Says when Suture loaded the patch. */
static const char *list_loaded(const struct live_patch *patch)
{
	if (patch->record_damaged)
		return "unknown";
	return patch->record && patch->record->time ? patch->record->time : "not by suture";
}

static void list_print_table(const struct live_patches *patches)
{
	scope_str_vec names = {};

	vec_foreach(&patches->list, it)
		vec_push(&names, text_printable(it->name));

	int width = list_name_width(&names);
	char **name = names.data;

	if (!patches->list.len) {
		cli_printf("no live patch is loaded\n");
		return;
	}
	cli_printf("%-*s  %-10s  %9s  %s\n", width, "NAME", "STATE", "FUNCTIONS", "LOADED");
	vec_foreach(&patches->list, it)
		cli_printf("%-*s  %-10s  %9zu  %s\n", width, *name++, live_state_name(it->state),
			   live_patch_functions(it), list_loaded(it));
	vec_foreach(&patches->list, it) {
		scope_free char *cves = names_join(
			it->record ? &it->record->cves : &(struct str_vec){}, NAMES_SHOWN);

		if (*cves)
			cli_print("%s fixes %s", it->name, cves);
	}
}

static struct err *list_run(const struct cli *cli, const struct cli_args *args, int *status)
{
	scope_root root = NULL;
	scope_live_machine machine = NULL;
	scope_live_patches patches = NULL;
	scope_findings findings = {};

	(void)status;
	err_try(cli_root(args, &root));
	err_try(live_machine_read(root, &machine)); /* fails for a folder that is not a system */
	err_try(live_machine_check_sys(machine));
	err_try(live_patches_read(root, &patches));
	cli_warn_damage(patches, &findings);
	if (!cli->json) {
		cli_print_findings(&findings, cli->verbosity);
		list_print_table(patches);
		return NULL;
	}

	json_t *array = json_array();

	vec_foreach(&patches->list, it)
		json_array_append_new(array, cli_json_patch(it));
	return cli_json(cli, json_pack("{s:o, s:o}", "patches", array, "findings",
				       findings_json(&findings)));
}

static const struct cli_option list_options[] = {
	{"root", 0, "DIR", "read the system below this folder"},
	{},
};

const struct command cmd_list = {
	.name = "list",
	.summary = "list the loaded live patches, in the order of loading",
	.args = "",
	.options = list_options,
	.help = "Live patches of other tools are listed as well.  A \"replaced\" patch is no longer\n"
		"used because another one replaced it; its module can be unloaded.\n",
	.example = "suture list",
	.run = list_run,
};
