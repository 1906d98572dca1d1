/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Implements vm_run(): boots guests until each module has been tried, and sums up. */
#include "vm/vm.h"

#include <string.h>

#include "base/file.h"
#include "base/tempdir.h"
#include "vm/accelerator.h"
#include "vm/boot.h"
#include "vm/doubts.h"
#include "vm/prepare.h"
#include "vm/result.h"
#include "vm/run.h"
#include "vm/suspects.h"

static bool skip_settled(struct run *run)
{
	while (run->first < run->result->modules.len && !run_is_pending(run, run->first))
		run->first++;
	return run->first < run->result->modules.len;
}

/*
 * Fails modules that were built for another release.  The kernel itself accepts these if the symbol
 * versions agree (same_magic() in kernel/module/version.c), but a live patch replaces code byte for
 * byte.
 */
static void check_releases(struct run *run)
{
	const char *ran = run->result->release;

	for (unsigned i = 0; i < run->result->modules.len; i++) {
		const char *release = run->patches[i].release;

		if (ran && release && strcmp(release, ran))
			vm_module_fail(&run->result->modules.data[i], VM_PREPARE,
				       "the module was built for %s, but the kernel is %s", release,
				       ran);
	}
}

static bool was_tried(const struct run *run)
{
	vec_foreach(&run->result->modules, module) {
		if (module->trials.len)
			return true;
	}
	return false;
}

/* Keeps what earlier boots have found when a later one fails. */
static struct err *keep_results(struct run *run, struct err *err)
{
	if (!err || err_code(err) == ERR_INTERRUPTED || !was_tried(run))
		return err;
	suspects_give_up(run, err_message(err));
	for (size_t i = run->first; i < run->result->modules.len; i++)
		run_break_off(&run->result->modules.data[i], err_message(err));
	err_free(err);
	return NULL;
}

static struct err *run_all(struct run *run)
{
	const struct vm_spec *spec = run->spec;

	err_try(vm_check_host());
	for (const char *const *file = spec->shows; file && *file; file++) {
		if (strpbrk(*file, " \t\n") || !**file)
			return err_code_new(ERR_USAGE,
					    "'%s': file names must not contain white space", *file);
		if (**file != '/')
			return err_code_new(
				ERR_USAGE,
				"'%s': a file of the guest needs an absolute path, such as /proc/version",
				*file);
	}
	if (!file_exists(spec->image))
		return err_new("%s: the kernel image does not exist", spec->image);
	err_try(module_tree_open(spec->modules_dir, &run->tree));
	if (spec->over)
		err_try(module_file_open(spec->over, &run->over));
	run->patches = xcalloc(run->result->modules.len + 1, sizeof(*run->patches));
	run->cleared = xcalloc(run->result->modules.len + 1, sizeof(*run->cleared));
	run->leaked = xcalloc(run->result->modules.len + 1, sizeof(*run->leaked));
	for (unsigned i = 0; i < run->result->modules.len; i++)
		prepare_patch(run, i);
	err_try(dir_temp(dir_for_temp(), "suture-vm", &run->dir));
	run->accelerator = accelerator_choose(spec->cache_dir);

	struct err *err = NULL;

	while (!err && skip_settled(run)) {
		err = boot_run(run);
		progress_end(run->progress);
	}
	if (!err)
		err = suspects_settle(run);
	run->result->accelerator = run->accelerator;
	check_releases(run);
	return keep_results(run, err);
}

static void run_free(struct run *run)
{
	for (unsigned i = 0; run->patches && i < run->result->modules.len; i++)
		module_file_close(&run->patches[i]);
	free(run->patches);
	module_file_close(&run->over);
	doubts_free(run);
	module_tree_free(run->tree);
	dir_temp_cleanup(&run->dir);
}

struct err *vm_run(const struct vm_spec *spec, struct progress *progress,
		   struct vm_result **resultp)
{
	scope_vm_result result = vm_result_new(spec);
	struct run run = {.spec = spec, .progress = progress, .result = result};

	struct err *err = run_all(&run);

	progress_end(progress);
	run_free(&run);
	if (err)
		return err;
	result->pass = result->modules.len > 0;
	vec_foreach(&result->modules, module) {
		if (!module->pass)
			vm_module_fail(module, VM_PREPARE, "the module was not tried");
		result->pass &= module->pass;
	}
	*resultp = take_ptr(result);
	return NULL;
}
