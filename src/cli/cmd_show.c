/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdio.h>
#include <string.h>

#include "base/strbuf.h"
#include "cli/cli.h"
#include "cli/commands.h"
#include "klp/describe.h"

/* What other tools' modules do is in their code, where it cannot be read. */
static bool is_ours(const struct klp_module *module)
{
	return klp_module_info(module, "suture_version");
}

static json_t *show_json(const struct klp_module *module, const char *path)
{
	json_t *functions = json_array(), *patches = json_array(), *allowed = json_array();

	vec_foreach(&module->functions, it)
		json_array_append_new(functions,
				      json_pack("{s:s, s:s, s:s, s:i, s:s}", "object", it->object,
						"file", it->file, "name", it->name, "sympos",
						it->sympos, "proof", it->proof));
	vec_foreach(&module->info, it)
		if (str_starts(*it, "suture_patch="))
			json_array_append_new(patches, json_string(strchr(*it, '=') + 1));
	vec_foreach(&module->info, it)
		if (str_starts(*it, "suture_allow="))
			json_array_append_new(allowed, json_string(strchr(*it, '=') + 1));
	return json_pack("{s:s, s:s?, s:s?, s:s?, s:s?, s:s?, s:o, s:o, s:o, s:o, s:i, s:i, s:i}",
			 "module", path, "name", klp_module_info(module, "name"), "kernel",
			 klp_module_info(module, "suture_kernel"), "package",
			 klp_module_info(module, "suture_package"), "build_id",
			 klp_module_info(module, "suture_build_id"), "vermagic",
			 klp_module_info(module, "vermagic"), "replace",
			 is_ours(module) ? json_boolean(module->replace) : json_null(), "functions",
			 functions, "patches", patches, "allowed", allowed, "livepatch_relocations",
			 (int)module->nr_relocations, "livepatch_symbols",
			 (int)module->nr_livepatch_symbols, "imports", (int)module->nr_imports);
}

static void print_line(const char *label, const char *value)
{
	if (value)
		printf("%-10s %s\n", label, value);
}

static void print_module(const struct klp_module *module)
{
	print_line("name", klp_module_info(module, "name"));
	print_line("kernel", klp_module_info(module, "suture_kernel"));
	print_line("package", klp_module_info(module, "suture_package"));
	print_line("build id", klp_module_info(module, "suture_build_id"));
	print_line("vermagic", klp_module_info(module, "vermagic"));
	print_line("made by", is_ours(module) ? "suture" : "another tool");
	if (is_ours(module))
		print_line("loading", module->replace ? "replaces all live patches loaded before"
						      : "stacks on live patches loaded before");
	vec_foreach(&module->info, it)
		if (str_starts(*it, "suture_patch="))
			print_line("patch", strchr(*it, '=') + 1);
	vec_foreach(&module->info, it)
		if (str_starts(*it, "suture_allow="))
			print_line("allowed", strchr(*it, '=') + 1);
	vec_foreach(&module->functions, it) {
		printf("replaces   %s in %s (%s), proof: %s", it->name, it->object, it->file,
		       it->proof);
		if (it->sympos)
			printf(", the %u. of its name", it->sympos);
		putchar('\n');
	}
	printf("%zu livepatch relocations on %zu symbols, %zu imports\n", module->nr_relocations,
	       module->nr_livepatch_symbols, module->nr_imports);
}

static struct err *run_show(const struct cli *cli, const struct cli_args *args, int *status)
{
	scope_klp_module module = NULL;

	(void)status;
	err_try(klp_module_open(args->argv[0], &module));
	if (cli->json)
		return cli_json(cli, show_json(module, args->argv[0]));
	print_module(module);
	return NULL;
}

const struct command cmd_show = {
	.name = "show",
	.summary = "tell what a livepatch module replaces, in which kernel, with which proofs",
	.args = "MODULE",
	.min_args = 1,
	.max_args = 1,
	.example = "suture show livepatch_fs__pipe.ko",
	.run = run_show,
};
