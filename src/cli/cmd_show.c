/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Implements `suture show`: shows what a livepatch module contains and which tests it passed. */
#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "base/strbuf.h"
#include "base/text.h"
#include "cli/cli.h"
#include "cli/commands.h"
#include "klp/describe.h"
#include "vm/attest.h"

/* Other tools' modules keep this information in their code, where it cannot be read. */
static bool is_ours(const struct klp_module *module)
{
	return klp_module_info(module, "suture_version");
}

static json_t *show_checks_json(const struct vm_attest *attest)
{
	json_t *checks = json_array();

	vec_foreach(&attest->checks, it)
		json_array_append_new(checks,
				      json_pack("{s:s, s:s, s:b, s:i}", "name", it->name, "phase",
						it->phase, "ok", it->ok, "status", it->status));
	return checks;
}

/* An attestation that cannot be read hides nothing else of the module. */
static json_t *attest_json(const struct vm_attest *attest, const struct err *unreadable)
{
	if (unreadable)
		return json_pack("{s:s, s:o}", "result", "unreadable", "why",
				 printable_json(err_message(unreadable)));
	if (!attest)
		return json_null();

	json_t *trials = json_array();

	vec_foreach(&attest->trials, it)
		json_array_append_new(trials, json_pack("{s:s, s:s, s:s?}", "name", it->name,
							"result", it->result, "why", it->why));
	return json_pack("{s:s, s:b, s:b, s:s, s:s, s:s, s:s, s:o, s:o, s:o, s:o}", "result",
			 attest->pass ? "pass" : "fail", "exercised", attest->exercised, "current",
			 attest->current, "time", attest->time, "kernel", attest->kernel,
			 "build_id", attest->build_id, "suture", attest->suture, "trials", trials,
			 "checks", show_checks_json(attest), "covered",
			 printables_json(&attest->covered), "uncovered",
			 printables_json(&attest->uncovered));
}

static json_t *info_json(const struct klp_module *module, const char *key)
{
	return printable_json(klp_module_info(module, key));
}

static json_t *show_functions_json(const struct klp_module *module)
{
	json_t *functions = json_array();

	vec_foreach(&module->functions, it)
		json_array_append_new(functions,
				      json_pack("{s:o, s:o, s:o, s:i, s:o}", "object",
						printable_json(it->object), "file",
						printable_json(it->file), "name",
						printable_json(it->name), "sympos", it->sympos,
						"proof", printable_json(it->proof)));
	return functions;
}

/* Returns the values of all entries that begin with start, which ends with '='. */
static json_t *all_info_json(const struct klp_module *module, const char *start)
{
	json_t *values = json_array();

	vec_foreach(&module->info, it) {
		if (str_starts(*it, start))
			json_array_append_new(values, printable_json(*it + strlen(start)));
	}
	return values;
}

static json_t *show_json(const struct klp_module *module, json_t *tested, const char *path)
{
	return json_pack(
		"{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:i, s:i, s:i, s:i, s:o}",
		"module", printable_json(path), "name", info_json(module, "name"), "kernel",
		info_json(module, "suture_kernel"), "package", info_json(module, "suture_package"),
		"build_id", info_json(module, "suture_build_id"), "vermagic",
		info_json(module, "vermagic"), "replace",
		is_ours(module) ? json_boolean(module->replace) : json_null(), "functions",
		show_functions_json(module), "cves", all_info_json(module, "suture_cve="), "fuzz",
		all_info_json(module, "suture_fuzz="), "patches",
		all_info_json(module, "suture_patch="), "allowed",
		all_info_json(module, "suture_allow="), "livepatch_relocations",
		(int)module->nr_relocations, "anchored_references", (int)module->nr_anchored,
		"livepatch_symbols", (int)module->nr_livepatch_symbols, "imports",
		(int)module->nr_imports, "tested", tested);
}

static void print_line(const char *label, const char *value)
{
	if (value)
		cli_print("%-10s %s", label, value);
}

static void print_all_info(const char *label, const struct klp_module *module, const char *start)
{
	vec_foreach(&module->info, it) {
		if (str_starts(*it, start))
			print_line(label, *it + strlen(start));
	}
}

static void show_print_module(const struct klp_module *module)
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
	print_all_info("patch", module, "suture_patch=");
	print_all_info("fuzz", module, "suture_fuzz=");
	print_all_info("fixes", module, "suture_cve=");
	print_all_info("allowed", module, "suture_allow=");
	vec_foreach(&module->functions, it) {
		scope_free char *which = it->sympos
						 ? xasprintf(", symbol %u of that name", it->sympos)
						 : xstrdup("");

		cli_print("replaces   %s in %s (%s), proof: %s%s", it->name, it->object, it->file,
			  it->proof, which);
	}
	cli_printf("%zu livepatch relocations on %zu symbols, %zu imports\n",
		   module->nr_relocations, module->nr_livepatch_symbols, module->nr_imports);
	if (module->nr_anchored)
		cli_printf("%zu reference%s by distance from klp_enable_patch\n",
			   module->nr_anchored, module->nr_anchored > 1 ? "s" : "");
}

static void show_print_names(const char *label, const struct str_vec *names)
{
	vec_foreach(names, it)
		cli_print("%-10s %s", label, *it);
}

/* Prints "checks before: repro exit 1", with a line for each phase. */
static void show_print_checks(const struct vm_attest *attest)
{
	scope_names names = NAMES_INIT(SIZE_MAX);

	for (size_t i = 0; i < attest->checks.len; i++) {
		const struct vm_attest_check *it = &attest->checks.data[i];

		names_add(&names, "%s exit %d%s", it->name, it->status,
			  it->ok ? "" : " (NOT AS EXPECTED)");
		if (i + 1 < attest->checks.len && !strcmp(it[1].phase, it->phase))
			continue;

		scope_free char *list = names_end(&names);

		cli_print("%-10s %s: %s", "checks", it->phase, list);
	}
}

static void show_print_trials(const struct vm_attest *attest)
{
	scope_names names = NAMES_INIT(SIZE_MAX);

	vec_foreach(&attest->trials, it)
		names_add(&names, "%s %s", it->name, it->result);

	scope_free char *line = names_end(&names);

	cli_print("%-10s %s", "trials", line);
}

static void print_attest(const struct vm_attest *attest, const struct err *unreadable)
{
	if (unreadable) {
		print_line("tested", "not known: its attestation cannot be read:");
		print_line("", err_message(unreadable));
		return;
	}
	if (!attest) {
		print_line("tested", "no: 'suture test' tries it in a virtual machine");
		return;
	}
	cli_printf("%-10s %s, ", "tested", attest->time);
	cli_word(attest->pass ? 1 : -1, 0, attest->pass ? "passed" : "FAILED");
	cli_print(" in %s, by suture %s", attest->kernel, attest->suture);
	if (!attest->current)
		print_line("", "THE MODULE HAS CHANGED SINCE: the tested module is not this file");
	if (!attest->exercised)
		print_line("",
			   "NOT EXERCISED: no object that it patches could be loaded in the guest");
	show_print_trials(attest);
	show_print_checks(attest);
	show_print_names("run", &attest->covered);
	show_print_names("never run", &attest->uncovered);
}

static struct err *run_show(const struct cli *cli, const struct cli_args *args, int *status)
{
	scope_klp_module module = NULL;
	scope_vm_attest attest = NULL;

	(void)status;
	err_try(klp_module_open(args->argv[0], &module));

	__attribute__((cleanup(err_freep))) struct err *unreadable =
		vm_attest_read(args->argv[0], &attest);

	if (cli->json)
		return cli_json(cli,
				show_json(module, attest_json(attest, unreadable), args->argv[0]));
	show_print_module(module);
	print_attest(attest, unreadable);
	return NULL;
}

const struct command cmd_show = {
	.name = "show",
	.summary = "show what a livepatch module replaces, in which kernel, and how it was proven",
	.args = "MODULE",
	.min_args = 1,
	.files = FILES_MODULES,
	.max_args = 1,
	.example = "suture show livepatch_fs__pipe.ko",
	.run = run_show,
};
