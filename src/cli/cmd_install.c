/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Implements `suture install`: has live patches loaded at each boot. */
#include <stdio.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "base/json.h"
#include "base/strbuf.h"
#include "base/text.h"
#include "cli/commands.h"
#include "cli/live_options.h"
#include "cli/live_output.h"
#include "finding/json.h"

static struct err *install_all(const struct root *root, const struct cli_args *args,
			       struct finding_vec *findings, json_t *installed)
{
	for (int i = 0; i < args->argc && !findings_refuse(findings); i++) {
		scope_live_install one = {};

		err_try(live_install(root, args->argv[i], &one, findings));
		if (!findings_refuse(findings))
			json_array_append_new(installed,
					      json_pack("{s:o, s:b, s:o, s:o, s:o}", "name",
							printable_json(one.name), "changed",
							!one.unchanged, "path",
							printable_json(args->argv[i]), "kernel",
							printable_json(one.release), "dropped",
							printables_json(&one.dropped)));
	}
	return NULL;
}

static bool install_changed(const json_t *installed)
{
	size_t i;
	json_t *entry;

	json_array_foreach(installed, i,
			   entry) if (json_is_true(json_object_get(entry, "changed"))) return true;
	return false;
}

static void install_print(const json_t *installed, bool at_boot)
{
	size_t i, j;
	json_t *entry, *name;

	json_array_foreach(installed, i, entry)
	{
		cli_print("%s: %s kernel %s%s", json_string_value(json_object_get(entry, "path")),
			  at_boot ? "will be loaded at each boot of" : "installed for",
			  json_string_value(json_object_get(entry, "kernel")),
			  json_is_true(json_object_get(entry, "changed")) ? "" : ", as before");
		json_array_foreach(json_object_get(entry, "dropped"), j, name) cli_print(
			"    replaces %s, which is no longer installed", json_string_value(name));
	}
}

/* Without the unit nothing would be loaded at boot, which would be noticed too late. */
static void install_check_boot(const struct root *root, struct finding_vec *findings, bool *at_boot)
{
	enum live_boot boot = live_boot_read(root);
	scope_free char *obstacle = live_boot_obstacle(root, boot);

	*at_boot = boot == LIVE_BOOT_ENABLED;
	if (obstacle && !findings_refuse(findings))
		finding_add_about(findings, SEVERITY_WARN, "boot", NULL, NULL,
				  "nothing will be loaded at boot: %s", obstacle);
}

/*
 * The JSON document of an error has only a message, so the message names what was installed before.
 */
static struct err *install_name_installed(const json_t *installed, struct err *err)
{
	scope_names list = NAMES_INIT(SIZE_MAX);
	struct err *fuller;
	size_t i;
	json_t *entry;

	json_array_foreach(installed, i, entry)
		names_add(&list, "%s", json_string_value(json_object_get(entry, "name")));

	scope_free char *names = names_end(&list);

	if (!*names)
		return err;
	fuller = err_code_new(err_code(err), "%s; these were installed before: %s",
			      err_message(err), names);
	err_free(err);
	return fuller;
}

static struct err *install_answer_packaged(const struct cli *cli,
					   const struct live_packaged *packaged,
					   const struct finding_vec *findings, int *status)
{
	bool failed =
		packaged->end == LIVE_PACKAGED_FAILED || packaged->end == LIVE_PACKAGED_FELL_BACK;

	*status = failed ? ERR_FAILED : 0;
	if (cli->json)
		return cli_json(cli, json_pack("{s:s, s:o, s:o, s:o, s:o}", "result",
					       live_packaged_name(packaged->end), "name",
					       printable_json(packaged->name), "kernel",
					       printable_json(packaged->release), "why",
					       printable_json(packaged->why), "findings",
					       findings_json(findings)));
	cli_print_findings(findings, cli->verbosity);
	cli_print("%s for kernel %s: %s%s%s", packaged->name, packaged->release,
		  live_packaged_name(packaged->end), packaged->why ? ": " : "",
		  packaged->why ? packaged->why : "");
	return NULL;
}

/* Does what the settings want done with the module of a package. */
static struct err *install_packaged(const struct cli *cli, const struct root *root,
				    const char *path, int *status)
{
	scope_close int lock = -1;
	scope_findings findings = {};
	struct live_packaged packaged = {};

	err_try(live_lock(root, LIVE_TURN_ALONE, cli->progress, &lock));

	struct err *err = live_packaged_install(root, path, lock > 0 ? lock : 0, cli->progress,
						&findings, &packaged);

	if (!err)
		err = install_answer_packaged(cli, &packaged, &findings, status);
	live_packaged_clear(&packaged);
	return err;
}

static struct err *install_run(const struct cli *cli, const struct cli_args *args, int *status)
{
	scope_root root = NULL;
	scope_close int lock = -1;
	scope_findings findings = {};

	if (cli_option(args, "packaged") && args->argc > 1)
		return err_code_new(ERR_USAGE, "--packaged takes one MODULE");
	err_try(cli_root(args, &root));
	if (cli_option(args, "packaged"))
		return install_packaged(cli, root, args->argv[0], status);
	err_try(live_lock(root, LIVE_TURN_CHANGE, cli->progress, &lock));

	scope_json installed = json_array();
	struct err *err = install_all(root, args, &findings, installed);
	bool at_boot = false, changed = install_changed(installed);

	if (json_array_size(installed) || !err)
		install_check_boot(root, &findings, &at_boot);
	*status = findings_refuse(&findings) ? ERR_REFUSED : 0;
	if (!err && cli->json)
		return cli_json(cli, json_pack("{s:s, s:b, s:o, s:o}", "result",
					       *status ? "refused" : "installed", "changed",
					       changed, "findings", findings_json(&findings),
					       "modules", take_ptr(installed)));
	if (!cli->json &&
	    (!err || json_array_size(installed))) { /* modules before the error are installed */
		cli_print_findings(&findings, cli->verbosity);
		install_print(installed, at_boot);
		if (install_changed(installed) && at_boot)
			cli_hint(cli, "'suture load %s' loads it now, if it is not loaded yet",
				 args->argv[0]);
	}
	if (err && cli->json)
		err = install_name_installed(installed, err);
	return err;
}

static const struct cli_option install_options[] = {
	{"packaged", 0, NULL, "for scripts of packages: load it, too, as load-packages says"},
	{"root", 0, "DIR", "install into the system below this folder"},
	{},
};

const struct command cmd_install = {
	.name = "install",
	.summary = "have live patches loaded at each boot of the kernel that they are for",
	.args = "[options] MODULE...",
	.min_args = 1,
	.files = FILES_MODULES,
	.max_args = -1,
	.changes = true,
	.options = install_options,
	.help = "The module is copied to /var/lib/suture with its report and attestation.  A module\n"
		"that replaces other live patches also replaces installed ones.  The running kernel\n"
		"does not change: use 'suture load' for that.  suture=off on the kernel's command\n"
		"line or a file /etc/suture/disabled keeps a boot from loading anything.\n",
	.example = "suture install livepatch_fix.ko",
	.run = install_run,
};
