/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "cli/cli.h"
#include "cli/commands.h"
#include "vm/vm.h"

/* Lines of the kernel's log that are shown for a module that failed, unless -v. */
#define LOG_LINES_SHOWN 20

struct list VEC(const char *);

/* Where the kernel's files are; the strings are owned. */
struct kernel {
	char *image, *vmlinux, *modules;
};

static void kernel_free(struct kernel *kernel)
{
	free(kernel->image);
	free(kernel->vmlinux);
	free(kernel->modules);
}

/* An installed kernel is at hand; any other comes from the cache or the archive. */
static struct err *find_release(const struct cli *cli, struct target_spec *spec,
				struct kernel *kernel)
{
	scope_target target = NULL;

	kernel->image = xasprintf("/boot/vmlinuz-%s", spec->release);
	kernel->modules = xasprintf("/lib/modules/%s", spec->release);
	if (!access(kernel->image, R_OK) && dir_exists(kernel->modules))
		return NULL;
	kernel_free(kernel);
	*kernel = (struct kernel){};
	err_try(target_open(spec, cli->progress, &target));
	kernel->image = xstrdup(target->vmlinuz);
	kernel->vmlinux = target->vmlinux ? xstrdup(target->vmlinux) : NULL;
	kernel->modules = target->modules ? xstrdup(target->modules) : NULL;
	return NULL;
}

static struct err *find_kernel(const struct cli *cli, const struct cli_args *args,
			       struct kernel *kernel)
{
	struct target_spec spec = cli_target_spec(args);
	scope_free char *release = NULL;

	if (spec.image) {
		kernel->image = xstrdup(spec.image);
		kernel->modules = spec.modules ? xstrdup(spec.modules) : NULL;
		return NULL;
	}
	if (spec.modules)
		return err_code_new(ERR_USAGE, "--modules goes with --image");
	if (!spec.release) {
		err_try(vm_module_release(args->argv[0], &release));
		spec.release = release;
	}
	return find_release(cli, &spec, kernel);
}

/* "before=fail,patched=pass,after=any" */
static struct err *parse_expect(const char *text, enum vm_expect *expect)
{
	static const char *const outcomes[] = {
		[VM_EXPECT_PASS] = "pass", [VM_EXPECT_FAIL] = "fail", [VM_EXPECT_ANY] = "any"};
	scope_free char *copy = xstrdup(text ? text : "");
	char *save = NULL;

	for (char *item = strtok_r(copy, ",", &save); item; item = strtok_r(NULL, ",", &save)) {
		bool known = false;

		for (unsigned i = 0; i < VM_PHASE_COUNT * array_size(outcomes); i++) {
			enum vm_phase phase = i / array_size(outcomes);
			enum vm_expect outcome = i % array_size(outcomes);
			scope_free char *form =
				xasprintf("%s=%s", vm_phase_name(phase), outcomes[outcome]);

			if (!strcmp(item, form)) {
				expect[phase] = outcome;
				known = true;
			}
		}
		if (!known)
			return err_code_new(ERR_USAGE,
					    "--expect: '%s' is not (before|patched|after)="
					    "(pass|fail|any)",
					    item);
	}
	return NULL;
}

static void collect_values(const struct cli_args *args, const char *name, struct list *list)
{
	const char *value;
	size_t at = 0;

	while ((value = cli_option_next(args, name, &at)))
		vec_push(list, value);
	vec_push(list, NULL);
}

static json_t *json_strings(const struct str_vec *strings)
{
	json_t *array = json_array();

	vec_foreach(strings, it)
		json_array_append_new(array, json_string(*it));
	return array;
}

static json_t *checks_json(const struct vm_module_result *module)
{
	json_t *array = json_array();

	vec_foreach(&module->checks, check)
		json_array_append_new(array, json_pack("{s:s, s:s, s:b, s:i, s:b, s:s}", "name",
						       check->name, "phase",
						       vm_phase_name(check->phase), "ok", check->ok,
						       "status", check->status, "timed_out",
						       check->timed_out, "output", check->output));
	return array;
}

static json_t *shows_json(const struct vm_module_result *module)
{
	json_t *array = json_array();

	vec_foreach(&module->shows, show)
		json_array_append_new(array,
				      json_pack("{s:s, s:s, s:s?}", "file", show->file, "phase",
						vm_phase_name(show->phase), "text", show->text));
	return array;
}

static json_t *objects_json(const struct vm_module_result *module)
{
	json_t *array = json_array();

	vec_foreach(&module->objects, object)
		json_array_append_new(array, json_pack("{s:s, s:b, s:o}", "name", object->name,
						       "patched", object->patched, "functions",
						       json_strings(&object->functions)));
	vec_foreach(&module->absent, absent)
		json_array_append_new(array, json_pack("{s:s, s:b, s:s}", "name", absent->name,
						       "patched", 0, "why", absent->why));
	return array;
}

static json_t *module_json(const struct vm_module_result *module)
{
	return json_pack("{s:s, s:s, s:s, s:s?, s:s?, s:i, s:i, s:i, s:i, s:i, s:o, s:o, s:o, s:o, "
			 "s:o, s:o}",
			 "module", module->path, "name", module->name, "result",
			 module->pass ? "pass" : "fail", "failed_at",
			 module->pass ? NULL : vm_stage_name(module->failed_at), "why", module->why,
			 "load_ms", module->load_ms, "transition_ms", module->transition_ms,
			 "disable_ms", module->disable_ms, "unload_ms", module->unload_ms, "cycles",
			 module->cycles, "kernel_log", json_strings(&module->kernel_log),
			 "findings", json_strings(&module->findings), "blockers",
			 json_strings(&module->blockers), "checks", checks_json(module), "shows",
			 shows_json(module), "objects", objects_json(module));
}

/* With one module, its fields are those of the object; `modules` lists all in any case. */
static json_t *result_json(const struct vm_result *result)
{
	json_t *object = json_object(), *modules = json_array();

	vec_foreach(&result->modules, module)
		json_array_append_new(modules, module_json(module));
	if (result->modules.len == 1)
		json_object_update(object, json_array_get(modules, 0));
	json_object_update_new(object,
			       json_pack("{s:s, s:i, s:i, s:s, s:s?, s:o}", "result",
					 result->pass ? "pass" : "fail", "boot_ms", result->boot_ms,
					 "boots", result->boots, "accelerator", result->accelerator,
					 "kernel", result->release, "modules", modules));
	return object;
}

static void print_indented(const char *indent, const char *text)
{
	while (*text) {
		int size = strcspn(text, "\n");

		printf("%s%.*s\n", indent, size, text);
		text += size + (text[size] == '\n');
	}
}

static void print_shows(const struct vm_module_result *module)
{
	vec_foreach(&module->shows, show) {
		printf("    %-8s %s\n", vm_phase_name(show->phase), show->file);
		print_indented("        ", show->text ? show->text : "(cannot be read)");
	}
}

static void print_checks(const struct vm_module_result *module, bool all)
{
	vec_foreach(&module->checks, check) {
		printf("    %-8s check %s: %s\n", vm_phase_name(check->phase), check->name,
		       check->timed_out ? "did not end in time"
		       : check->ok	? "ok"
					: "not ok");
		if (all || !check->ok)
			print_indented("        ", check->output);
	}
}

static void print_objects(const struct vm_module_result *module)
{
	vec_foreach(&module->objects, object)
		printf("    %s: %zu function%s%s\n", object->name, object->functions.len,
		       object->functions.len == 1 ? "" : "s",
		       object->patched ? "" : ", not loaded");
	vec_foreach(&module->absent, absent)
		printf("    %s: not tried, it could not be loaded: %s\n", absent->name,
		       absent->why);
}

static size_t first_finding(const struct vm_module_result *module)
{
	for (size_t i = 0; module->findings.len && i < module->kernel_log.len; i++) {
		if (!strcmp(module->kernel_log.data[i], module->findings.data[0]))
			return i;
	}
	return module->kernel_log.len < LOG_LINES_SHOWN ? 0
							: module->kernel_log.len - LOG_LINES_SHOWN;
}

/* Of a long log the lines from the first finding on, or the last ones. */
static void print_evidence(const struct vm_module_result *module, bool all)
{
	size_t count = module->kernel_log.len;
	size_t first = all ? 0 : first_finding(module);
	size_t end = all || count - first < LOG_LINES_SHOWN ? count : first + LOG_LINES_SHOWN;

	vec_foreach(&module->blockers, blocker)
		print_indented("    ", *blocker);
	if (module->pass && !all)
		return;
	for (size_t i = first; i < end; i++)
		printf("    %s\n", module->kernel_log.data[i]);
	if (end - first < count)
		printf("    (%zu of %zu lines of the kernel's log; -v shows all)\n", end - first,
		       count);
}

static void print_module(const struct vm_module_result *module, bool all)
{
	if (module->pass)
		printf("pass  %s: loaded in %u ms, transition %u ms, back %u ms, unloaded\n",
		       module->name, module->load_ms, module->transition_ms, module->disable_ms);
	else
		printf("FAIL  %s: %s: %s\n", module->name, vm_stage_name(module->failed_at),
		       module->why);
	print_objects(module);
	print_checks(module, all);
	print_shows(module);
	print_evidence(module, all);
}

static void print_result(const struct vm_result *result, bool all)
{
	size_t passed = 0;

	if (result->release)
		printf("kernel %s in QEMU (%s), booted in %.1f s%s\n", result->release,
		       result->accelerator, result->boot_ms / 1e3,
		       result->boots > 1 ? ", again after each module that damaged it" : "");
	vec_foreach(&result->modules, module) {
		print_module(module, all);
		passed += module->pass;
	}
	if (result->modules.len > 1)
		printf("%zu of %zu passed\n", passed, result->modules.len);
}

static struct err *run_spec(const struct cli *cli, const struct vm_spec *spec, int *status)
{
	scope_vm_result result = NULL;

	err_try(vm_run(spec, cli->progress, &result));
	*status = result->pass ? 0 : ERR_REFUSED;
	if (cli->json)
		return cli_json(cli, result_json(result));
	print_result(result, cli->verbosity > 0);
	return NULL;
}

static struct err *run_test(const struct cli *cli, const struct cli_args *args, int *status)
{
	__attribute__((cleanup(kernel_free))) struct kernel kernel = {};
	scope_free char *cache_dir = target_cache_dir();
	struct list checks = {}, shows = {};
	unsigned seconds = 0;
	struct vm_spec spec = {.cache_dir = cache_dir, .patches = (const char *const *)args->argv};

	err_try(cli_number(args, "cycles", 1000, &spec.cycles));
	err_try(cli_number(args, "memory", 65536, &spec.memory_mb));
	err_try(cli_number(args, "timeout", 3600, &seconds));
	err_try(parse_expect(cli_option(args, "expect"), spec.expect));
	err_try(vm_check_host());
	err_try(find_kernel(cli, args, &kernel));
	spec.transition_ms = seconds * 1000;
	spec.check_ms = seconds * 1000;
	spec.image = kernel.image;
	spec.vmlinux = kernel.vmlinux;
	spec.modules_dir = kernel.modules;
	collect_values(args, "check", &checks);
	collect_values(args, "show", &shows);
	spec.checks = checks.data;
	spec.shows = shows.data;

	struct err *err = run_spec(cli, &spec, status);

	vec_free(&checks);
	vec_free(&shows);
	return err;
}

static const struct cli_option options[] = {
	{"kernel", 'k', "REL", "kernel release (default: the one the first module was built for)"},
	{"image", 0, "FILE", "local kernel: its bzImage or vmlinux"},
	{"modules", 0, "DIR", "local kernel: its lib/modules/REL folder"},
	{"check", 'c', "PROG", "a program to run in each phase; it exits with 0 if all is well"},
	{"expect", 0, "LIST", "what checks do, if not pass: before=fail,patched=pass,after=any"},
	{"show", 0, "FILE", "a file of the guest, /proc/version say, to be shown in each phase"},
	{"cycles", 0, "N", "load and unload each module so many times (default: 1)"},
	{"timeout", 0, "SECONDS", "limit of a transition (default: 60) and of a check (30)"},
	{"memory", 0, "MB", "memory of the guest (default: what is needed)"},
	{},
};

const struct command cmd_test = {
	.name = "test",
	.summary = "try live patch modules in the kernel that they are for, in QEMU",
	.args = "[options] MODULE...",
	.min_args = 1,
	.max_args = -1,
	.options = options,
	.help = "For each module in turn: the modules that it patches are loaded, then the patch;\n"
		"its transition has to end; it is disabled and unloaded.  A module fails if the\n"
		"kernel rejects it, warns, crashes or hangs, or if a check fails.  Checks run as\n"
		"root in the guest with SUTURE_PHASE=before|patched|after and SUTURE_MODULE; a\n"
		"program comes with the shared libraries that it names, a script with its\n"
		"interpreter only.  The exit code is 3 if a module fails.\n",
	.example = "suture test --show /proc/version fix.ko",
	.run = run_test,
};
