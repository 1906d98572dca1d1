/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Implements `suture uninstall`: stops loading live patches at boot. */
#include <stdio.h>

#include "base/alloc.h"
#include "base/file.h"
#include "base/nearest.h"
#include "base/text.h"
#include "cli/commands.h"
#include "cli/live_options.h"
#include "cli/live_output.h"

/* Returns the kernels for which a patch is still installed, such as "6.1.0-9-amd64"; free(). */
static char *uninstall_others(const struct root *root, const char *release, const char *name)
{
	scope_str_vec releases = {};

	err_free(live_installed_elsewhere(root, release, name, &releases));
	return str_vec_join(&releases, ", ");
}

/* Returns what helps who names a patch that is not installed: "; did you mean …" or ""; free(). */
static char *uninstall_hint(const struct root *root, const char *release, const char *name)
{
	struct nearest nearest = NEAREST_INIT(name);
	struct live_installed_vec installed = {};
	scope_free char *hint = NULL;

	err_free(live_installed_read(root, release, &installed));
	vec_foreach(&installed, it)
		nearest_offer(&nearest, it->name);
	hint = nearest_hint(&nearest, "");
	live_installed_free(&installed);
	return xasprintf("%s%s", *hint ? "; " : "", hint);
}

static void uninstall_print(const struct root *root, const char *release,
			    const struct str_vec *names, const struct str_vec *removed)
{
	vec_foreach(removed, it)
		cli_print("%s is no longer loaded at boot of kernel %s", *it, release);
	vec_foreach(names, it) {
		if (str_vec_has(removed, *it))
			continue;

		scope_free char *others = uninstall_others(root, release, *it);
		scope_free char *hint = NULL;

		if (*others) {
			cli_print(
				"%s is not installed for kernel %s; it is for %s, which --kernel names",
				*it, release, others);
			continue;
		}
		hint = uninstall_hint(root, release, *it);
		cli_print("%s is not installed for kernel %s%s", *it, release, hint);
	}
	if (!names->len && !removed->len)
		cli_printf("nothing was installed for kernel %s\n", release);
}

/* Names that are still installed, with the kernels. */
static json_t *uninstall_elsewhere_json(const struct root *root, const char *release,
					const struct str_vec *names, const struct str_vec *removed)
{
	json_t *array = json_array();

	vec_foreach(names, it) {
		scope_str_vec releases = {};

		if (str_vec_has(removed, *it))
			continue;
		err_free(live_installed_elsewhere(root, release, *it, &releases));
		if (releases.len)
			json_array_append_new(array,
					      json_pack("{s:o, s:o}", "name", printable_json(*it),
							"kernels", printables_json(&releases)));
	}
	return array;
}

/* Finds the kernel that is meant: that of the first file, or else the running one. */
static struct err *uninstall_find_release(const struct root *root, const struct cli_args *args,
					  char **release)
{
	scope_live_module module = NULL;
	scope_live_machine machine = NULL;

	if (args->argc && file_exists(args->argv[0]))
		err_free(live_module_open(args->argv[0], &module));
	if (module) {
		*release = xstrdup(module->release);
		return NULL;
	}
	err_try(live_machine_read(root, &machine));
	*release = xstrdup(machine->release);
	return NULL;
}

/* Unloads and uninstalls what packages have brought for a release. */
static struct err *uninstall_packaged(const struct cli *cli, const struct root *root,
				      const char *release, int *status)
{
	scope_close int lock = -1;
	scope_str_vec removed = {};
	scope_live_outcomes outcomes = {};

	err_try(live_lock(root, LIVE_TURN_CHANGE, cli->progress, &lock));
	err_try(live_packaged_remove(root, release, cli->progress, &removed, &outcomes));
	*status = cli_outcomes_status(&outcomes);
	if (cli->json)
		return cli_json(cli, json_pack("{s:s, s:b, s:o, s:o}", "kernel", release, "changed",
					       removed.len + outcomes.len > 0, "removed",
					       printables_json(&removed), "unloaded",
					       cli_json_outcomes(&outcomes)));
	vec_foreach(&outcomes, it)
		cli_print("%s: %s%s%s", it->name,
			  it->end == LIVE_END_DONE ? "unloaded" : live_end_name(it->end),
			  it->why ? ": " : "", it->why ? it->why : "");
	vec_foreach(&removed, it)
		cli_print("%s is no longer loaded at boot of kernel %s", *it, release);
	return NULL;
}

static struct err *uninstall_run(const struct cli *cli, const struct cli_args *args, int *status)
{
	scope_root root = NULL;
	scope_close int lock = -1;
	scope_str_vec names = {}, removed = {};
	scope_free char *found = NULL;
	const char *release = cli_option(args, "kernel");

	if (!cli_option(args, "all") + !cli_option(args, "packaged") + !args->argc != 2)
		return err_code_new(
			ERR_USAGE,
			"give the NAMEs of patches to uninstall, or --all, or --packaged");
	err_try(cli_root(args, &root));
	if (!release) {
		err_try(uninstall_find_release(root, args, &found));
		release = found;
	}
	if (cli_option(args, "packaged"))
		return uninstall_packaged(cli, root, release, status);
	err_try(live_lock(root, LIVE_TURN_CHANGE, cli->progress, &lock));
	err_try(cli_names_given(args, &names));
	err_try(live_uninstall(root, release, names.len ? &names : NULL, &removed));
	if (cli->json)
		return cli_json(
			cli, json_pack("{s:s, s:b, s:o, s:o}", "kernel", release, "changed",
				       removed.len > 0, "removed", printables_json(&removed),
				       "elsewhere",
				       uninstall_elsewhere_json(root, release, &names, &removed)));
	uninstall_print(root, release, &names, &removed);
	if (removed.len)
		cli_hint(
			cli,
			"if it is loaded, it stays loaded until the next boot or 'suture unload %s'",
			removed.data[0]);
	return NULL;
}

static const struct cli_option uninstall_options[] = {
	{"kernel", 'k', "REL",
	 "uninstall for this kernel release (default: that of the first FILE, or the running one)"},
	{"all", 'a', NULL, "uninstall all patches of the release"},
	{"packaged", 0, NULL,
	 "for scripts of packages: unload and uninstall what packages brought"},
	{"root", 0, "DIR", "uninstall from the system below this folder"},
	{},
};

const struct command cmd_uninstall = {
	.name = "uninstall",
	.summary = "stop loading live patches at boot",
	.args = "[options] NAME...",
	.max_args = -1,
	.changes = true,
	.options = uninstall_options,
	.help = "Patches that are loaded stay loaded: use 'suture unload' for that.\n",
	.example = "suture uninstall livepatch_fix",
	.run = uninstall_run,
};
