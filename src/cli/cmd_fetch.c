/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Implements `suture fetch`: brings a release into the cache before the first build for it. */
#include <stdio.h>

#include "cli/cli.h"
#include "cli/commands.h"
#include "klp/klp.h"

/*
 * Does the work that the first build would do. Without a compiler that is skipped, since the
 * release may be for another machine.
 */
static struct err *fetch_prepare(const struct cli *cli, const struct target *target)
{
	struct err *err = klp_prepare(target, sandbox_best(NULL), cli->progress);

	if (!err || err_code(err) == ERR_INTERRUPTED)
		return err;
	progress_note(cli->progress, "not prepared for building: %s", err_message(err));
	err_free(err);
	return NULL;
}

/* Lists releases newest first, each with the reason if it is not supported. */
static void fetch_print_list(const struct target_listed_vec *list)
{
	vec_foreach(list, it)
		cli_printf("%-32s %-22s %-20s %-7s %s\n", it->release, it->version,
			   it->suite ? it->suite : "-", it->compiler ? it->compiler : "-",
			   it->why ? it->why : "supported");
}

static json_t *fetch_list_json(const struct target_listed_vec *list)
{
	json_t *releases = json_array();

	vec_foreach(list, it)
		json_array_append_new(releases,
				      json_pack("{s:s, s:s?, s:s, s:s?, s:b, s:s?}", "release",
						it->release, "suite", it->suite, "version",
						it->version, "compiler", it->compiler, "served",
						!it->why, "why", it->why));
	return json_pack("{s:o}", "releases", releases);
}

static struct err *fetch_list(const struct cli *cli)
{
	scope_target_listed_vec list = {};

	err_try(target_list(cli->progress, &list));
	if (cli->json)
		return cli_json(cli, fetch_list_json(&list));
	fetch_print_list(&list);
	return NULL;
}

static struct err *run_fetch(const struct cli *cli, const struct cli_args *args, int *status)
{
	struct target_spec spec = cli_target_spec(args);
	scope_target target = NULL;

	(void)status;
	if (cli_option(args, "list"))
		return fetch_list(cli);
	err_try(target_open(&spec, cli->progress, &target));
	err_try(fetch_prepare(cli, target));
	if (cli->json)
		return cli_json(cli,
				json_pack("{s:s,s:s,s:s,s:s,s:s?,s:s,s:s,s:s?,s:s}", "kernel",
					  target->release, "version", target->version, "folder",
					  target->dir, "image", target->vmlinuz, "modules",
					  target->modules, "build_dir", target->build_dir, "source",
					  target->source, "source_gap", target->source_gap,
					  "compiler", target->compiler_text));
	cli_printf("kernel     %s %s\nimage      %s\nmodules    %s\nbuild dir  %s\nsource     %s\n"
		   "compiler   %s\n",
		   target->release, target->version, target->vmlinuz,
		   target->modules ? target->modules : "-", target->build_dir, target->source,
		   target->compiler_text);
	cli_hint(cli, "'suture build --kernel %s fix.patch' makes a live patch for it",
		 target->release);
	if (target->source_gap)
		cli_printf(
			"note: %s; patches to files that the flavour's own patches change are refused\n",
			target->source_gap);
	return NULL;
}

static const struct cli_option fetch_options[] = {
	CLI_KERNEL_OPTIONS,
	{"list", 0, NULL, "list the releases that the archives have, without fetching"},
	{},
};

const struct command cmd_fetch = {
	.name = "fetch",
	.summary = "bring a kernel release into the cache: image, modules, build files, source",
	.args = "[--kernel REL | --list]",
	.options = fetch_options,
	.help = "--kernel 6.1 means the newest release of that series, such as 6.1.0-54-amd64.\n"
		"Packages come from the archives that apt knows, in exactly the version of the\n"
		"release, checked against the archive's hashes.  Nothing is installed and no root\n"
		"rights are needed.  Releases that the host's archives lack are searched for in the\n"
		"archives of /etc/suture/archives.d, and a compiler that is not installed is fetched\n"
		"as well.  The cache is $SUTURE_CACHE, else /var/cache/suture for root,\n"
		"else $XDG_CACHE_HOME/suture.  With the kernel's compiler, fetch also prepares what\n"
		"every build for the release needs.\n",
	.example = "suture fetch --kernel 6.1.0-54-amd64",
	.run = run_fetch,
};
