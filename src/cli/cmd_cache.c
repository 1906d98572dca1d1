/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Implements `suture cache`: lists the cache, and removes what has not been used for a long time.
 */
#include <stdlib.h>
#include <time.h>

#include "base/clock.h"
#include "base/json.h"
#include "cli/cli.h"
#include "cli/commands.h"
#include "target/target.h"
#include "target/usage.h"

#define MAX_DAYS 36500
#define GIGABYTE 1000000000ull
#define MAX_GIGABYTES 1000000

static json_t *cache_json(const char *root, const struct usage_vec *usages, uint64_t bytes)
{
	json_t *entries = json_array();

	vec_foreach(usages, it)
		json_array_append_new(
			entries, json_pack("{s:s, s:o, s:o, s:I, s:I, s:b, s:b, s:b}", "kind",
					   it->kind, "name", printable_json(it->name), "path",
					   printable_json(it->path), "bytes", (json_int_t)it->bytes,
					   "used", (json_int_t)it->used, "in_use", it->in_use,
					   "needed", it->needed, "removed", it->removed));
	return json_pack("{s:o, s:I, s:o}", "cache", printable_json(root), "bytes",
			 (json_int_t)bytes, "entries", entries);
}

static void cache_print(const struct usage_vec *usages, const char *root, uint64_t bytes)
{
	scope_free char *all = cli_bytes(bytes);

	vec_foreach(usages, it) {
		scope_free char *size = cli_bytes(it->bytes);
		char day[32] = "?";
		struct tm tm;

		if (localtime_r(&it->used, &tm))
			strftime(day, sizeof(day), "%Y-%m-%d", &tm);
		cli_printf("%-9s %10s  %s  %s%s\n", it->kind, size, day, it->name,
			   it->removed	? " (removed)"
			   : it->in_use ? " (in use)"
			   : it->needed ? " (needed by a kernel)"
					: "");
	}
	cli_printf("%s takes %s\n", root, all);
}

static struct err *cache_prune(const struct cli_args *args, struct usage_vec *usages)
{
	const char *older = cli_option(args, "older-than"), *size = cli_option(args, "max-size");
	unsigned days = 0, gigabytes = 0;

	if (!cli_option(args, "prune")) {
		if (older || size)
			return err_code_new(ERR_USAGE, "--older-than and --max-size need --prune");
		return NULL;
	}
	if (!older && !size)
		return err_code_new(ERR_USAGE, "--prune needs --older-than or --max-size");
	err_try(cli_number(args, "older-than", MAX_DAYS, &days));
	err_try(cli_number(args, "max-size", MAX_GIGABYTES, &gigabytes));
	return usage_prune(usages, older ? time(NULL) - (time_t)days * DAY_SECONDS : 0,
			   size ? gigabytes * GIGABYTE : UINT64_MAX);
}

static struct err *run_cache(const struct cli *cli, const struct cli_args *args, int *status)
{
	scope_free char *root = target_cache_dir();
	scope_usages usages = {};
	uint64_t bytes = 0;

	(void)status;
	err_try(usage_list(root, &usages));
	err_try(cache_prune(args, &usages));
	vec_foreach(&usages, it)
		bytes += it->removed ? 0 : it->bytes;
	if (cli->json)
		return cli_json(cli, cache_json(root, &usages, bytes));
	cache_print(&usages, root, bytes);
	return NULL;
}

static const struct cli_option cache_options[] = {
	{"prune", 0, NULL, "remove entries that no running command uses"},
	{"older-than", 0, "DAYS", "with --prune: remove only entries not used for DAYS days"},
	{"max-size", 0, "GB", "with --prune: remove the least recently used until the rest fits"},
	{},
};

const struct command cmd_cache = {
	.name = "cache",
	.summary = "list what the cache holds, and remove what is no longer used",
	.args = "[--prune [--older-than DAYS] [--max-size GB]]",
	.options = cache_options,
	.help = "Lists releases, sources, kept answers of the kernels' makefiles, toolchains, package\n"
		"lists and unfinished downloads, with their size and the day of their last use.  A\n"
		"removed entry is fetched or made again when a command needs it.\n",
	.example = "suture cache --prune --older-than 30",
	.changes = true,
	.changes_with = (const char *const[]){"prune", NULL},
	.run = run_cache,
};
