/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdio.h>
#include <string.h>

#include "base/strbuf.h"
#include "cli/cli.h"
#include "cli/commands.h"
#include "klp/describe.h"
#include "vm/attest.h"

/* What other tools' modules do is in their code, where it cannot be read. */
static bool is_ours(const struct klp_module *module)
{
	return klp_module_info(module, "suture_version");
}

static json_t *strings_json(const struct str_vec *strings)
{
	json_t *array = json_array();

	vec_foreach(strings, it)
		json_array_append_new(array, json_string(*it));
	return array;
}

static json_t *attest_json(const struct vm_attest *attest)
{
	json_t *trials = json_array();

	if (!attest)
		return json_null();
	vec_foreach(&attest->trials, it)
		json_array_append_new(trials, json_pack("{s:s, s:s, s:s?}", "name", it->name,
							"result", it->result, "why", it->why));
	return json_pack("{s:s, s:b, s:b, s:s, s:s, s:s, s:s, s:o, s:o, s:o}", "result",
			 attest->pass ? "pass" : "fail", "exercised", attest->exercised, "current",
			 attest->current, "time", attest->time, "kernel", attest->kernel,
			 "build_id", attest->build_id, "suture", attest->suture, "trials", trials,
			 "covered", strings_json(&attest->covered), "uncovered",
			 strings_json(&attest->uncovered));
}

static json_t *show_json(const struct klp_module *module, const struct vm_attest *attest,
			 const char *path)
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
	return json_pack("{s:s, s:s?, s:s?, s:s?, s:s?, s:s?, s:o, s:o, s:o, s:o, s:i, s:i, s:i, "
			 "s:o}",
			 "module", path, "name", klp_module_info(module, "name"), "kernel",
			 klp_module_info(module, "suture_kernel"), "package",
			 klp_module_info(module, "suture_package"), "build_id",
			 klp_module_info(module, "suture_build_id"), "vermagic",
			 klp_module_info(module, "vermagic"), "replace",
			 is_ours(module) ? json_boolean(module->replace) : json_null(), "functions",
			 functions, "patches", patches, "allowed", allowed, "livepatch_relocations",
			 (int)module->nr_relocations, "livepatch_symbols",
			 (int)module->nr_livepatch_symbols, "imports", (int)module->nr_imports,
			 "tested", attest_json(attest));
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

static void print_names(const char *label, const struct str_vec *names)
{
	vec_foreach(names, it)
		printf("%-10s %s\n", label, *it);
}

static void print_attest(const struct vm_attest *attest)
{
	if (!attest) {
		print_line("tested", "no: suture test tries it in a virtual machine");
		return;
	}
	printf("%-10s %s, %s in %s, by suture %s\n", "tested", attest->time,
	       attest->pass ? "passed" : "FAILED", attest->kernel, attest->suture);
	if (!attest->current)
		print_line("", "THE MODULE HAS CHANGED SINCE: what was tested is not this file");
	if (!attest->exercised)
		print_line("", "NOT EXERCISED: what it patches could not be loaded in the guest");
	printf("%-10s", "trials");
	for (size_t i = 0; i < attest->trials.len; i++)
		printf("%s %s %s", i ? "," : "", attest->trials.data[i].name,
		       attest->trials.data[i].result);
	putchar('\n');
	print_names("run", &attest->covered);
	print_names("never run", &attest->uncovered);
}

static struct err *run_show(const struct cli *cli, const struct cli_args *args, int *status)
{
	scope_klp_module module = NULL;
	scope_vm_attest attest = NULL;

	(void)status;
	err_try(klp_module_open(args->argv[0], &module));
	err_try(vm_attest_read(args->argv[0], &attest));
	if (cli->json)
		return cli_json(cli, show_json(module, attest, args->argv[0]));
	print_module(module);
	print_attest(attest);
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
