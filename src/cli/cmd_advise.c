/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Implements `suture advise`: chooses what to look at and how to show it. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "advise/advise.h"
#include "advise/find_cve.h"
#include "base/cve.h"
#include "base/file.h"
#include "base/strbuf.h"
#include "cli/advise_text.h"
#include "cli/advise_monitor.h"
#include "cli/advise_json.h"
#include "cli/advise_hook.h"
#include "cli/advise_apply.h"
#include "cli/commands.h"
#include "cli/live_options.h"
#include "cli/metrics.h"

#define MAX_TRANSACTION (64u << 20)

static struct err *read_stdin(struct strbuf *text)
{
	char buf[65536];
	ssize_t got;

	while ((got = read(STDIN_FILENO, buf, sizeof(buf)))) {
		if (got < 0 && errno != EINTR)
			return err_errno(errno, "standard input");
		strbuf_add(text, buf, got > 0 ? got : 0);
		if (text->len > MAX_TRANSACTION)
			return err_new("standard input: a transaction has at most 64 MB");
	}
	return NULL;
}

static struct err *advise_choose(const struct cli_args *args, struct advise_options *options,
				 struct advise_update_vec *given)
{
	bool now = cli_option(args, "now"), pending = cli_option(args, "pending");
	bool transaction = cli_option(args, "transaction");

	bool apply = cli_option(args, "apply");
	unsigned what;

	err_try(cli_choice(args, "apply", (const char *const[]){"services", NULL}, &what));
	if (apply && (pending || transaction))
		return err_code_new(ERR_USAGE,
				    "--apply cannot be combined with --pending or --transaction");
	if (apply && cli_option(args, "root") && cli_option(args, "yes"))
		return err_code_new(
			ERR_USAGE,
			"--apply --yes restarts services of this machine and cannot be combined with --root");
	if (cli_option(args, "nagios") && cli_option(args, "motd"))
		return err_code_new(ERR_USAGE, "use either --nagios or --motd, not both");
	if (cli_option(args, "cve") && !cve_is_id(cli_option(args, "cve")))
		return err_code_new(ERR_USAGE, "--cve: '%s' is not of the form CVE-2026-12345",
				    cli_option(args, "cve"));
	if (cli_option(args, "cve") && (apply || transaction || cli_option(args, "nagios") ||
					cli_option(args, "motd") || cli_option(args, "prometheus")))
		return err_code_new(
			ERR_USAGE,
			"--cve cannot be combined with --apply, --transaction, --nagios, --motd or --prometheus");
	if (now + pending + transaction > 1)
		return err_code_new(ERR_USAGE,
				    "use only one of --now, --pending and --transaction");
	if ((pending || transaction) &&
	    (cli_option(args, "flag") || cli_option(args, "nagios") || cli_option(args, "motd") ||
	     cli_option(args, "prometheus")))
		return err_code_new(
			ERR_USAGE,
			"--flag, --nagios, --motd and --prometheus describe the machine's current state and cannot be combined with --pending or --transaction");
	options->containers = cli_option(args, "containers");
	options->pending_only = pending || transaction;
	options->fetch = cli_option(args, "fetch");
	if (options->fetch && (now || apply || cli_option(args, "root")))
		return err_code_new(
			ERR_USAGE,
			"--fetch concerns this machine's pending updates and cannot be combined with --now, --apply or --root");
	options->source = now || apply ? SOURCE_NONE : transaction ? SOURCE_GIVEN : SOURCE_ASK;
	if (!transaction)
		return NULL;

	scope_strbuf text = STRBUF_INIT;

	err_try(read_stdin(&text));
	return advise_read_transaction(text.buf, text.len, given);
}

/* The exit code is the verdict that was asked for. */
static enum advise_verdict asked_for(const struct advise_options *options,
				     const struct advice *advice)
{
	return options->source == SOURCE_NONE ? advice->now
	       : options->pending_only	      ? advice->pending
					      : advice->verdict;
}

static struct err *update_flag(const struct root *root, const struct advice *advice)
{
	bool changed;

	return advise_flag_update(root, advice, &changed);
}

static struct err *write_metrics(const struct cli *cli, const char *path,
				 const struct advice *advice)
{
	scope_strbuf text = STRBUF_INIT;

	cli_advise_prometheus(advice, &text);
	return metrics_write(cli, path, &text);
}

static struct err *advise_show(const struct cli *cli, const struct cli_args *args,
			       const struct advice *advice, int *status)
{
	scope_strbuf out = STRBUF_INIT;

	if (cli->json)
		return cli_json(cli, cli_advise_json(advice));
	if (cli_option(args, "nagios"))
		cli_advise_nagios(advice, &out, status);
	else if (cli_option(args, "motd"))
		cli_advise_motd(advice, &out);
	else if (cli->verbosity >= 0 && !cli_option(args, "prometheus"))
		cli_advise_text(advice, cli->verbosity > 0, &out);
	cli_block(stdout, out.buf);
	return NULL;
}

/* Answers for one CVE, whose verdict is the exit code. */
static struct err *advise_show_cve(const struct cli *cli, const struct root *root,
				   const struct advice *advice, const char *id, int *status)
{
	enum advise_verdict verdict;
	scope_free char *why = advise_find_cve(root, advice, id, &verdict);

	*status = verdict;
	if (cli->json)
		return cli_json(cli, json_pack("{s:s, s:s, s:i, s:o}", "cve", id, "verdict",
					       advise_verdict_name(verdict), "code", (int)verdict,
					       "why", printable_json(why)));
	if (cli->verbosity >= 0)
		cli_print("%s: %s", id, why);
	return NULL;
}

static struct err *run_advise(const struct cli *cli, const struct cli_args *args, int *status)
{
	scope_root root = NULL;
	scope_advice advice = NULL;
	struct advise_options options = {};
	struct advise_update_vec given = {};
	const char *metrics = cli_option(args, "prometheus");

	err_try(cli_root(args, &root));
	if (cli_option(args, "apt-hook"))
		return cli_advise_hook_apt(cli, root);
	err_try(advise_choose(args, &options, &given));
	struct err *err = advise_run(root, &options, &given, cli->progress, &advice);

	advise_update_vec_free(&given);
	if (err)
		return err;
	*status = asked_for(&options, advice);
	if (cli_option(args, "transaction") && !(geteuid() && root_is_machine(root)))
		err_try(advise_keep(root, advice));
	if (cli_option(args, "flag"))
		err_try(update_flag(root, advice));
	if (metrics)
		err_try(write_metrics(cli, metrics, advice));
	if (cli_option(args, "cve"))
		return advise_show_cve(cli, root, advice, cli_option(args, "cve"), status);
	if (cli_option(args, "apply"))
		return cli_advise_apply(cli, advice, cli_option(args, "yes"), status);
	return advise_show(cli, args, advice, status);
}

static const struct cli_option advise_cli_options[] = {
	{"now", 0, NULL, "examine only the machine's current state, not pending updates"},
	{"pending", 0, NULL, "examine only pending updates"},
	{"transaction", 0, NULL, "examine only the updates that a package manager lists on stdin"},
	{"fetch", 0, NULL, "download pending kernels to learn which security fixes they bring"},
	{"cve", 0, "ID", "tell where the fix of this CVE of the kernel is: CVE-2026-1234"},
	{"containers", 0, NULL, "examine containers and chroots, too"},
	{"flag", 0, NULL, "set or clear /run/reboot-required as the machine needs it"},
	{"apply", 0, "WHAT", "'services': restart those that are safe to restart; see --yes"},
	{"yes", 0, NULL, "with --apply: restart them instead of only listing them"},
	{"nagios", 0, NULL, "print the line and return the exit code of a monitoring plugin"},
	{"prometheus", 0, "FILE",
	 "write metrics for node_exporter's textfile collector; -: print them"},
	{"motd", 0, NULL, "print a line for the message of the day if anything is due"},
	{"apt-hook", 0, NULL, "answer apt's hooks in JSON (AptCli::Hooks)"},
	{"root", 0, "DIR", "examine the system below this folder"},
	{},
};

const struct command cmd_advise = {
	.name = "advise",
	.summary = "show what needs a restart or reboot, now and after pending updates",
	.args = "[--now|--pending|--transaction]",
	.options = advise_cli_options,
	.help = "Exit codes: 0 nothing to do, 100 restart services, 101 soft-reboot, 102 reboot,\n"
		"103 a reboot is pending but covered by live patches, 104 cannot tell.\n"
		"With --quiet, nothing is printed.\n",
	.example = "suture advise --now",
	.changes = true,
	.changes_with = (const char *const[]){"transaction", "flag", "apply", NULL},
	.run = run_advise,
};
