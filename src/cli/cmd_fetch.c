/* SPDX-License-Identifier: GPL-2.0-or-later */
/* suture fetch: a release into the cache, before the first build for it. */
#include <stdio.h>

#include "cli/cli.h"
#include "cli/commands.h"
#include "klp/klp.h"

/* What the first build would have to do.  Fetching for another machine, without a compiler, is
 * fine. */
static struct err *fetch_prepare(const struct cli *cli, const struct target *target)
{
	struct err *err = klp_prepare(target, cli->progress);

	if (!err || err_code(err) == ERR_INTERRUPTED)
		return err;
	progress_note(cli->progress, "not prepared for building: %s", err_message(err));
	err_free(err);
	return NULL;
}

static struct err *run_fetch(const struct cli *cli, const struct cli_args *args, int *status)
{
	struct target_spec spec = cli_target_spec(args);
	scope_target target = NULL;

	(void)status;
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
	if (target->source_gap)
		cli_printf("note: %s; patches of files that more patches changed are refused\n",
			   target->source_gap);
	return NULL;
}

static const struct cli_option fetch_options[] = {CLI_KERNEL_OPTIONS, {}};

const struct command cmd_fetch = {
	.name = "fetch",
	.summary = "bring a kernel release into the cache: image, modules, build files, source",
	.args = "[--kernel REL]",
	.options = fetch_options,
	.help = "--kernel 6.1 is the newest release of that series, like 6.1.0-54-amd64.\n"
		"Packages come from the archives that apt knows, in exactly the version of the\n"
		"release, checked against the archive's hashes.  Nothing is installed and no root\n"
		"rights are needed.  The cache is $SUTURE_CACHE, else /var/cache/suture for root,\n"
		"else $XDG_CACHE_HOME/suture.  With the kernel's compiler installed, what every\n"
		"build for the release needs is made, too.\n",
	.example = "suture fetch --kernel 6.1.0-54-amd64",
	.run = run_fetch,
};
