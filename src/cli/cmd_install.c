/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdio.h>

#include "cli/commands.h"
#include "cli/live_common.h"

static struct err *install_all(const struct root *root, const struct cli_args *args,
			       struct live_finding_vec *findings, json_t *installed)
{
	for (int i = 0; i < args->argc && !live_findings_refuse(findings); i++) {
		scope_free char *release = NULL, *name = live_name_of(args->argv[i]);

		err_try(live_install(root, args->argv[i], &release, findings));
		if (!live_findings_refuse(findings))
			json_array_append_new(installed,
					      json_pack("{s:s, s:s, s:s}", "name", name, "path",
							args->argv[i], "kernel", release));
	}
	return NULL;
}

static void print_installed(const json_t *installed)
{
	size_t i;
	json_t *entry;

	json_array_foreach(installed, i, entry)
		printf("%s: will be loaded at each boot of kernel %s\n",
		       json_string_value(json_object_get(entry, "path")),
		       json_string_value(json_object_get(entry, "kernel")));
}

static struct err *run_install(const struct cli *cli, const struct cli_args *args, int *status)
{
	scope_root root = NULL;
	scope_close int lock = -1;
	scope_live_findings findings = {};

	err_try(cli_root(args, &root));
	err_try(live_lock(root, cli->progress, &lock));

	json_t *installed = json_array();
	struct err *err = install_all(root, args, &findings, installed);

	*status = live_findings_refuse(&findings) ? ERR_REFUSED : 0;
	if (!err && cli->json)
		return cli_json(cli,
				json_pack("{s:s, s:o, s:o}", "result",
					  *status ? "refused" : "installed", "findings",
					  live_json_findings(&findings), "modules", installed));
	if (!err) {
		live_print_findings(&findings, cli->verbosity);
		print_installed(installed);
	}
	json_decref(installed);
	return err;
}

static const struct cli_option options[] = {
	{"root", 0, "DIR", "install into the system below this folder"},
	{},
};

const struct command cmd_install = {
	.name = "install",
	.summary = "have live patches loaded at each boot of the kernel that they are for",
	.args = "[options] MODULE...",
	.min_args = 1,
	.max_args = -1,
	.options = options,
	.help = "The module is copied to /var/lib/suture with its report and attestation.  One "
		"that\n"
		"replaces other live patches takes their place here, too.  The running kernel is\n"
		"left alone: 'suture load' is for that.  suture=off on the kernel's command line\n"
		"or a file /etc/suture/disabled keep a boot from loading anything.\n",
	.example = "suture install livepatch_fix.ko",
	.run = run_install,
};
