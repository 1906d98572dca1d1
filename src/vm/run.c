/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "vm/vm_internal.h"

#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "base/interrupt.h"
#include "base/proc.h"

#define POLL_MS 10
#define BOOT_MS 120000	/* to the guest's init: much more than a slow host needs */
#define SILENT_MS 45000 /* between two steps, or behind the end of a step's own limit */
#define DAMAGED_MS 10000
#define MEMORY_MB 256 /* what a distribution kernel needs to come up with 2 processors */

struct run {
	const struct vm_spec *spec;
	struct progress *progress;
	struct vm_result *result;
	struct module_tree *tree;
	struct module_file *patches; /* one for each of the spec; bytes NULL: could not be read */
	char *dir;
	const char *accelerator;
	unsigned first; /* of the modules that are still to be tried */
	unsigned boots;
};

static bool is_pending(const struct run *run, size_t index)
{
	return index >= run->first && !run->result->modules.data[index].why;
}

/* Reads a module under test; what is no module fails by that. */
static void open_patch(struct run *run, unsigned index)
{
	struct vm_module_result *module = &run->result->modules.data[index];
	struct module_file *file = &run->patches[index];
	struct err *err = module_file_open(module->path, file);

	if (err) {
		vm_module_fail(module, VM_PREPARE, "%s", err_message(err));
		err_free(err);
		return;
	}
	free(module->name);
	module->name = xstrdup(file->name);
	if (!file->livepatch)
		vm_module_fail(module, VM_PREPARE,
			       "%s: not a live patch: its .modinfo lacks livepatch=Y",
			       module->path);
	else if (strpbrk(file->name, "/ \n") || !*file->name)
		vm_module_fail(module, VM_PREPARE, "%s: its name in .modinfo is not one",
			       module->path);
}

/* The modules to be loaded for one patch; those that are not at hand are noted. */
static void collect_needed(struct run *run, unsigned index, struct str_vec *needed)
{
	struct vm_module_result *module = &run->result->modules.data[index];
	const struct str_vec *lists[] = {&run->patches[index].depends,
					 &run->patches[index].objects};

	for (size_t i = 0; i < array_size(lists); i++) {
		vec_foreach (lists[i], name) {
			struct err *err = module_tree_order(run->tree, *name, needed);

			if (err)
				vec_push(&module->absent,
					 (struct vm_absent){xstrdup(*name),
							    xstrdup(err_message(err))});
			err_free(err);
		}
	}
}

static void clear_absent(struct vm_module_result *module)
{
	vec_foreach (&module->absent, absent) {
		free(absent->name);
		free(absent->why);
	}
	vec_free(&module->absent);
}

static struct err *add_module_files(struct run *run, struct initramfs *fs, unsigned index,
				    const struct str_vec *needed)
{
	scope_free char *patch = xasprintf(GUEST_PATCH_PATH, index);

	err_try(initramfs_add(fs, patch, 0644, run->patches[index].bytes));
	vec_foreach (needed, name) {
		scope_free char *path = xasprintf(GUEST_MODULE_PATH, *name);
		const struct module_file *file = module_tree_file(run->tree, *name);

		if (file && !initramfs_has(fs, path))
			err_try(initramfs_add(fs, path, 0644, file->bytes));
	}
	return NULL;
}

static struct err *add_programs(const struct vm_spec *spec, struct initramfs *fs)
{
	for (unsigned i = 0; spec->checks && spec->checks[i]; i++) {
		const char *slash = strrchr(spec->checks[i], '/');
		scope_free char *path =
			xasprintf(GUEST_CHECK_PATH, i, slash ? slash + 1 : spec->checks[i]);

		err_try(program_add(fs, path, spec->checks[i]));
	}
	return NULL;
}

/* Plan and initramfs for all modules that are pending. */
static struct err *prepare_boot(struct run *run, const char *path, struct plan *plan,
				uint64_t *size)
{
	scope_initramfs fs = NULL;

	err_try(initramfs_create(path, &fs));
	err_try(initramfs_add(fs, "init", 0755, guest_init()));
	for (unsigned i = run->first; i < run->result->modules.len; i++) {
		scope_str_vec needed = {};

		if (!is_pending(run, i))
			continue;
		clear_absent(&run->result->modules.data[i]);
		collect_needed(run, i, &needed);
		plan_add_module(plan, run->spec, i, run->patches[i].name, &needed);
		err_try(add_module_files(run, fs, i, &needed));
	}
	err_try(add_programs(run->spec, fs));
	err_try(initramfs_add(fs, "plan", 0644,
			      (struct bytes){(const uint8_t *)plan->text.buf, plan->text.len}));
	return initramfs_finish(fs, size);
}

/* How the guest has exceeded its time, or NULL. */
static const char *overdue(const struct session *session, uint64_t start_ms)
{
	uint64_t now = vm_now_ms();

	/* A damaged guest may finish the trial, for the rest of what the kernel has to say. */
	if (session->damaged && now > session->damaged_ms + DAMAGED_MS)
		return "the guest does not go on after that";
	if (!session->hello)
		return now > start_ms + BOOT_MS ? "the guest did not boot in time" : NULL;
	if (session->step)
		return now > session->step_start_ms + session->step->limit_ms + SILENT_MS
			       ? "the guest hangs"
			       : NULL;
	return now > session->step_start_ms + SILENT_MS ? "the guest hangs between two steps"
							: NULL;
}

/* Until the guest has done its plan, is gone, or is to be given up; *how says so, or is NULL. */
static struct err *follow(struct run *run, struct guest *guest, struct session *session, char **how)
{
	uint64_t start = vm_now_ms();
	bool running = true, greeted = false;

	session->step_start_ms = start;
	while (!*how && !session->over) {
		if (interrupt_pending())
			return interrupt_error();
		err_try(guest_poll(guest, session, &running));
		if (session->hello && !greeted) {
			greeted = true;
			session->step_start_ms = vm_now_ms();
			if (!run->result->boot_ms)
				run->result->boot_ms = vm_now_ms() - start;
		}
		if (session->last_done >= 0)
			progress_update(run->progress, session->last_done + 1);
		if (session->over)
			break;

		const char *late = overdue(session, start);

		if (!running)
			*how = guest_end(guest);
		else if (late)
			*how = xstrdup(late);
		if (!*how)
			nanosleep(&(struct timespec){.tv_nsec = POLL_MS * 1000000l}, NULL);
	}
	return NULL;
}

static struct err *boot_failure(const struct run *run, const char *how, const char *console,
				const char *qemu_output)
{
	scope_strbuf last = STRBUF_INIT;

	proc_last_lines(*qemu_output ? qemu_output : console, 3, &last);
	return err_new("%s: %s%s%s", run->spec->image, how ? how : "the guest did not boot",
		       last.len ? "; its last words: " : "", last.buf);
}

static struct err *run_guest(struct run *run, const struct guest_config *config,
			     const struct plan *plan, bool *booted)
{
	scope_guest guest = NULL;
	scope_strbuf console = STRBUF_INIT, qemu_output = STRBUF_INIT;
	scope_session session = {.result = run->result,
				 .spec = run->spec,
				 .plan = plan,
				 .module = -1,
				 .last_done = -1,
				 .reason = STRBUF_INIT};
	scope_free char *how = NULL;

	err_try(guest_start(config, &guest));
	run->result->boots++;
	err_try(follow(run, guest, &session, &how));
	guest_stop(guest, &console, &qemu_output);
	*booted = session.hello;
	if (!session.hello)
		return boot_failure(run, how, console.buf, qemu_output.buf);
	session_abort(&session, how ? how : "the guest was lost", console.buf);
	if (session.last_done < (int)run->first)
		return boot_failure(run, "the guest did nothing of its plan", console.buf,
				    qemu_output.buf);
	run->first = session.last_done + 1;
	return NULL;
}

static struct err *boot_once(struct run *run)
{
	scope_free char *initramfs = xasprintf("%s/initramfs", run->dir);
	scope_plan plan = PLAN_INIT;
	uint64_t size = 0;
	bool booted = false;

	err_try(prepare_boot(run, initramfs, &plan, &size));

	struct guest_config config = {
		.image = run->spec->image,
		.initramfs = initramfs,
		.dir = run->dir,
		.accelerator = run->accelerator,
		/* The archive, the files in it, and one of them while the kernel loads it. */
		.memory_mb = run->spec->memory_mb ? run->spec->memory_mb
						  : MEMORY_MB + 3 * (unsigned)(size >> 20),
	};
	struct err *err = run_guest(run, &config, &plan, &booted);

	if (err && !booted && !strcmp(run->accelerator, "kvm") && !interrupt_pending()) {
		progress_note(run->progress, "KVM does not run this kernel; going on without");
		err_free(err);
		accelerator_distrust(run->spec->cache_dir);
		run->accelerator = "tcg";
		return boot_once(run);
	}
	return err;
}

static bool skip_settled(struct run *run)
{
	while (run->first < run->result->modules.len && !is_pending(run, run->first))
		run->first++;
	return run->first < run->result->modules.len;
}

/*
 * The kernel itself takes a module for another release if the symbol versions agree
 * (same_magic() in kernel/module/version.c), but a live patch replaces code byte for byte.
 */
static void check_releases(struct run *run)
{
	const char *ran = run->result->release;

	for (unsigned i = 0; i < run->result->modules.len; i++) {
		const char *release = run->patches[i].release;

		if (ran && release && strcmp(release, ran))
			vm_module_fail(&run->result->modules.data[i], VM_PREPARE,
				       "it was built for %s, and the kernel is %s", release, ran);
	}
}

/* When an earlier boot has told something, a later one that fails does not undo it. */
static struct err *keep_results(struct run *run, struct err *err)
{
	if (!err || err_code(err) == ERR_INTERRUPTED || run->result->boots < 2)
		return err;
	for (size_t i = run->first; i < run->result->modules.len; i++)
		vm_module_fail(&run->result->modules.data[i], VM_PREPARE, "not tried: %s",
			       err_message(err));
	err_free(err);
	return NULL;
}

static struct err *run_all(struct run *run)
{
	const struct vm_spec *spec = run->spec;

	err_try(vm_check_host());
	if (!file_exists(spec->image))
		return err_new("%s: no such kernel image", spec->image);
	err_try(module_tree_open(spec->modules_dir, &run->tree));
	run->patches = xcalloc(run->result->modules.len + 1, sizeof(*run->patches));
	for (unsigned i = 0; i < run->result->modules.len; i++)
		open_patch(run, i);
	err_try(dir_temp(dir_for_temp(), "suture-vm", &run->dir));
	run->accelerator = accelerator_choose(spec->cache_dir);

	struct err *err = NULL;

	while (!err && skip_settled(run)) {
		progress_update(run->progress, run->first);
		err = boot_once(run);
	}
	run->result->accelerator = run->accelerator;
	check_releases(run);
	return keep_results(run, err);
}

static void run_free(struct run *run)
{
	for (unsigned i = 0; run->patches && i < run->result->modules.len; i++)
		module_file_close(&run->patches[i]);
	free(run->patches);
	module_tree_free(run->tree);
	dir_temp_cleanup(&run->dir);
}

struct err *vm_run(const struct vm_spec *spec, struct progress *progress,
		   struct vm_result **resultp)
{
	scope_vm_result result = vm_result_new(spec);
	struct run run = {.spec = spec, .progress = progress, .result = result};

	progress_begin(progress, "Testing in QEMU", result->modules.len, PROGRESS_COUNT);

	struct err *err = run_all(&run);

	progress_end(progress);
	run_free(&run);
	if (err)
		return err;
	result->pass = result->modules.len > 0;
	vec_foreach (&result->modules, module) {
		if (!module->pass)
			vm_module_fail(module, VM_PREPARE, "it was not tried");
		result->pass &= module->pass;
	}
	*resultp = take_ptr(result);
	return NULL;
}
