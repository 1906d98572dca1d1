/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Implements `suture test`: tries livepatch modules in QEMU, and records what was tried. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/nearest.h"
#include "cli/cli.h"
#include "cli/commands.h"
#include "cli/trial_report_junit.h"
#include "cli/trial_report_text.h"
#include "cli/trial_report_json.h"
#include "vm/attest.h"

#define THOROUGH_CYCLES 25

struct list VEC(const char *);

/* Where the kernel's files are; the strings are owned. */
struct kernel {
	char *image, *vmlinux, *modules;
	char *release; /* NULL for a local image, which tells it when it runs */
};

static void kernel_free(struct kernel *kernel)
{
	free(kernel->image);
	free(kernel->vmlinux);
	free(kernel->modules);
	free(kernel->release);
}

/* Finds an installed kernel in /boot, and any other in the cache or the archive. */
static struct err *find_release(const struct cli *cli, struct target_spec *spec,
				struct kernel *kernel)
{
	scope_target target = NULL;

	kernel->image = xasprintf("/boot/vmlinuz-%s", spec->release);
	kernel->modules = xasprintf("/lib/modules/%s", spec->release);
	kernel->release = xstrdup(spec->release);
	if (!access(kernel->image, R_OK) && dir_exists(kernel->modules))
		return NULL;
	kernel_free(kernel);
	*kernel = (struct kernel){};
	err_try(target_open(spec, cli->progress, &target));
	kernel->image = xstrdup(target->vmlinuz);
	kernel->vmlinux = target->vmlinux ? xstrdup(target->vmlinux) : NULL;
	kernel->modules = target->modules ? xstrdup(target->modules) : NULL;
	kernel->release = xstrdup(target->release);
	return NULL;
}

/*
 * Refuses to boot a kernel that none of the modules is for: each trial would fail.  Among others, a
 * module for another release fails alone; vm_run() reports one that cannot be read.
 */
static struct err *test_check_releases(const char *kernel, char **modules, int nr_modules)
{
	scope_free char *other = NULL;

	for (int i = 0; i < nr_modules; i++) {
		scope_free char *release = NULL;

		err_free(vm_module_release(modules[i], &release));
		if (!release || !strcmp(release, kernel))
			return NULL;
		if (!other)
			other = take_ptr(release);
	}
	return err_code_new(
		ERR_USAGE,
		"%s is for kernel %s and cannot be tested in %s: without --kernel, the kernel of the first module is taken",
		modules[0], other, kernel);
}

/* A series, such as 6.1 or 6.1-rt-amd64, has one dot. */
static bool is_exact(const char *release)
{
	const char *dot = strchr(release, '.');

	return dot && strchr(dot + 1, '.');
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
		return err_code_new(ERR_USAGE, "--modules requires --image");
	if (!spec.release) {
		err_try(vm_module_release(args->argv[0], &release));
		spec.release = release;
	} else if (is_exact(spec.release)) { /* before the kernel is fetched */
		err_try(test_check_releases(spec.release, args->argv, args->argc));
	}
	err_try(find_release(cli, &spec, kernel));
	return test_check_releases(kernel->release, args->argv, args->argc);
}

/* Reads a list like "before=fail,patched=pass,after=any". */
static struct err *parse_expect(const char *text, enum vm_expect *expect)
{
	/* These are all outcomes of the first phase, then those of the next. */
	static const char *const forms[] = {
		"before=pass", "before=fail", "before=any", "patched=pass", "patched=fail",
		"patched=any", "after=pass",  "after=fail", "after=any",    NULL};
	scope_free char *copy = xstrdup(text ? text : "");
	char *save = NULL;

	for (char *item = strtok_r(copy, ",", &save); item; item = strtok_r(NULL, ",", &save)) {
		unsigned form;

		err_try(cli_choose("expect", item, forms, &form));
		expect[form / (VM_EXPECT_ANY + 1)] = form % (VM_EXPECT_ANY + 1);
	}
	return NULL;
}

/* Refuses options that need another one: ignored, they would let a module pass unnoticed. */
static struct err *check_pairs(const struct cli_args *args, unsigned trials)
{
	if (cli_option(args, "expect") && !cli_option(args, "check"))
		return err_code_new(ERR_USAGE, "--expect requires --check PROG");
	if (trials & VM_TRIAL_BIT(VM_TRIAL_REPLACE) && !cli_option(args, "over") &&
	    !cli_option(args, "thorough"))
		return err_code_new(ERR_USAGE, "--trial replace requires --over OLD.ko");
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

/*
 * Reads "hammer" or "hammer,cycles"; each --trial adds trials, and without one the default trials
 * run.
 */
static struct err *parse_trials(const struct cli_args *args, unsigned *trials)
{
	const char *names[VM_TRIAL_COUNT + 1] = {};
	const char *value;
	size_t at = 0;

	for (enum vm_trial trial = 0; trial < VM_TRIAL_COUNT; trial++)
		names[trial] = vm_trial_name(trial);
	while ((value = cli_option_next(args, "trial", &at))) {
		scope_free char *copy = xstrdup(value);
		char *save = NULL;

		for (char *name = strtok_r(copy, ",", &save); name;
		     name = strtok_r(NULL, ",", &save)) {
			unsigned trial;

			err_try(cli_choose("trial", name, names, &trial));
			*trials |= VM_TRIAL_BIT(trial);
		}
	}
	if (cli_option(args, "thorough"))
		*trials |= vm_trials_all();
	if (!*trials)
		*trials = vm_trials_default();
	if (cli_option(args, "cycles"))
		*trials |= VM_TRIAL_BIT(VM_TRIAL_CYCLES);
	if (cli_option(args, "require-coverage"))
		*trials |= VM_TRIAL_BIT(VM_TRIAL_COVERAGE);
	if (cli_option(args, "over"))
		*trials |= VM_TRIAL_BIT(VM_TRIAL_REPLACE);
	return NULL;
}

/*
 * Writes attestations, except for modules whose trial did not finish, or that are for another
 * kernel: what was attested of them in their own stays. A folder that cannot be written to is no
 * failure.
 */
static void attest_all(const struct cli *cli, const struct vm_result *result)
{
	vec_foreach(&result->modules, module) {
		scope_free char *release = NULL;

		err_free(vm_module_release(module->path, &release));
		if (result->release && release && strcmp(result->release, release))
			continue;
		if (!module->trials.len || module->aborted ||
		    (module->why && module->failed_at == VM_PREPARE))
			continue;

		struct err *err = vm_attest_write(result, module);

		if (err)
			progress_note(cli->progress, "no attestation: %s", err_message(err));
		err_free(err);
	}
}

static struct err *run_spec(const struct cli *cli, const struct cli_args *args,
			    const struct vm_spec *spec, int *status)
{
	const char *junit = cli_option(args, "junit");
	scope_vm_result result = NULL;

	err_try(vm_run(spec, cli->progress, &result));
	*status = result->pass ? 0 : ERR_REFUSED;
	attest_all(cli, result);
	if (cli->json)
		err_try(cli_json(cli, trial_report_json(result)));
	else
		trial_report_print(result, cli->verbosity > 0);
	if (result->pass)
		cli_hint(cli, "'suture load %s' loads it, as root, in the kernel that it is for",
			 args->argv[0]);
	return junit ? trial_report_junit(junit, result) : NULL;
}

/* Checks that the result can be written before minutes are spent on it. */
static struct err *check_junit(const char *path)
{
	const char *slash = path ? strrchr(path, '/') : NULL;
	scope_free char *folder = slash ? xstrndup(path, slash - path + 1) : xstrdup(".");

	if (!path)
		return NULL;
	if (dir_exists(path))
		return err_code_new(ERR_USAGE, "--junit: %s is a folder; name a file", path);
	return access(folder, W_OK) ? err_errno(errno, "--junit: %s", folder) : NULL;
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
	if (spec.memory_mb && spec.memory_mb < VM_MEMORY_MIN_MB)
		return err_code_new(
			ERR_USAGE,
			"--memory %u: a guest needs at least %u MB; without --memory, it gets what it needs",
			spec.memory_mb, VM_MEMORY_MIN_MB);
	err_try(cli_number(args, "timeout", 3600, &seconds));
	err_try(parse_expect(cli_option(args, "expect"), spec.expect));
	err_try(parse_trials(args, &spec.trials));
	err_try(check_pairs(args, spec.trials));
	err_try(check_junit(cli_option(args, "junit")));
	spec.thorough = cli_option(args, "thorough") != NULL;
	spec.require_coverage = cli_option(args, "require-coverage") != NULL;
	spec.over = cli_option(args, "over");
	if (spec.thorough && !spec.cycles)
		spec.cycles = THOROUGH_CYCLES;
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

	struct err *err = run_spec(cli, args, &spec, status);

	vec_free(&checks);
	vec_free(&shows);
	return err;
}

static const struct cli_option test_options[] = {
	{"kernel", 'k', "REL", "kernel release (default: the one the first module was built for)"},
	{"image", 0, "FILE", "local kernel: its bzImage or vmlinux"},
	{"modules", 0, "DIR", "local kernel: its lib/modules/REL folder"},
	{"check", 'c', "PROG", "run a program in each phase; it exits with 0 if all is well"},
	{"expect", 0, "LIST",
	 "expected results of checks, if not pass: before=fail,patched=pass,after=any"},
	{"show", 0, "FILE", "show a file of the guest, such as /proc/version, in each phase"},
	{"trial", 't', "NAME", "run this trial instead of the default ones; may be repeated"},
	{"thorough", 0, NULL, "run all trials, with more time for each and allocations watched"},
	{"cycles", 0, "N", "number of loads and unloads in the cycles trial (3; 25)"},
	{"over", 0, "OLD.ko", "an older live patch that the tested one replaces"},
	{"require-coverage", 0, NULL, "fail if a patched function never ran"},
	{"junit", 0, "FILE", "also write the result as JUnit XML"},
	{"timeout", 0, "SECONDS", "limit of a transition (default: 60) and of a check (30)"},
	{"memory", 0, "MB", "memory of the guest (default: what is needed)"},
	{},
};

const struct command cmd_test = {
	.name = "test",
	.summary = "try live patch modules in QEMU, in the kernel that they are for",
	.args = "[options] MODULE...",
	.min_args = 1,
	.files = FILES_FIRST_MODULE,
	.max_args = -1,
	.options = test_options,
	.help = "For each module in turn, the modules that it patches are loaded, then the patch;\n"
		"its transition must finish; then it is disabled and unloaded.  A module fails if the\n"
		"kernel rejects it, warns, crashes or hangs, or if a check fails.  Checks run as\n"
		"root in the guest with SUTURE_PHASE=before|patched|after and SUTURE_MODULE; a\n"
		"program is copied with the shared libraries that it names, a script only with its\n"
		"interpreter.  NAME.attest.json beside the module records what was tried.\n"
		"The exit code is 3 if a module fails.\n\n"
		"Trials (* unless --trial says otherwise):\n"
		"  load           *  loading, transition, checks and unloading: always run\n"
		"  coverage       *  system calls of all kinds reach the patched functions\n"
		"  hammer         *  all processors call the patched functions during load and unload\n"
		"  cycles         *  the patch is loaded and unloaded repeatedly\n"
		"  late-target    *  a patched module is loaded after the patch\n"
		"  reload-target  *  a patched module is unloaded and loaded again\n"
		"  sleeper        *  sleeping tasks stall a transition, and it is reversed\n"
		"  asleep         *  tasks sleep in the new code while it is unloaded\n"
		"  waiters        *  tasks that wait before the load are woken up after it\n"
		"  trace          *  the patched functions are traced and probed\n"
		"  callees           functions that the patched functions call are traced and probed\n"
		"  faults            tasks in page faults stall a transition, and it is reversed\n"
		"  busy              all processors call other functions during load and unload\n"
		"  leaving-target    a patched module is unloaded during the transition\n"
		"  stack             15 copies of the patch are loaded on top of each other\n"
		"  memory            the patch is used while hardly any memory is left\n"
		"  replace           the patch replaces that of --over, and is replaced by it\n",
	.example = "suture test --show /proc/version fix.ko",
	.run = run_test,
};
