/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Collects what a guest is given: the modules under test, the modules that they need, the checks,
 * and the plan.
 */
#include "vm/prepare.h"

#include <string.h>

#include "vm/attest.h"
#include "vm/guest_init.h"
#include "vm/initramfs.h"
#include "vm/plan_module.h"
#include "vm/program.h"
#include "vm/protocol.h"
#include "vm/result.h"

/* Returns whether the name can be one word of a plan and a part of paths. */
static bool is_plain_name(const char *name)
{
	for (const char *at = name; *at; at++) {
		if (*at <= ' ' || *at == '/' || *at >= 127)
			return false;
	}
	return *name != '\0';
}

void prepare_patch(struct run *run, unsigned index)
{
	struct vm_module_result *module = &run->result->modules.data[index];
	struct vm_module_file *file = &run->patches[index];
	struct err *err = module_file_open(module->path, file);

	if (err) {
		vm_module_fail(module, VM_PREPARE, "%s", err_message(err));
		err_free(err);
		return;
	}
	free(module->name);
	module->name = xstrdup(file->name);
	err_free(vm_sha256(file->map.bytes, &module->sha256));
	if (!file->livepatch)
		vm_module_fail(module, VM_PREPARE,
			       "%s: this is not a live patch: its .modinfo lacks livepatch=Y",
			       module->path);
	else if (!is_plain_name(file->name))
		vm_module_fail(module, VM_PREPARE,
			       "%s: the name in its .modinfo is not a valid module name",
			       module->path);
}

static void clear_absent(struct vm_module_result *module)
{
	vec_foreach(&module->absent, absent) {
		free(absent->name);
		free(absent->why);
	}
	vec_free(&module->absent);
}

/* Lists the modules to be loaded for one patch; notes those that the tree does not have. */
static void collect_needed(struct run *run, unsigned index, struct str_vec *needed)
{
	struct vm_module_result *module = &run->result->modules.data[index];
	const struct str_vec *lists[] = {&run->patches[index].depends,
					 &run->patches[index].objects};

	clear_absent(module);
	vec_foreach(&run->over.objects, name)
		err_free(module_tree_order(run->tree, *name, needed));
	for (size_t i = 0; i < array_size(lists); i++) {
		vec_foreach(lists[i], name) {
			struct err *err = module_tree_order(run->tree, *name, needed);

			if (err)
				vec_push(&module->absent,
					 (struct vm_absent){xstrdup(*name),
							    xstrdup(err_message(err))});
			err_free(err);
		}
	}
}

static struct err *add_tree_modules(struct run *run, struct initramfs *fs,
				    const struct str_vec *names)
{
	vec_foreach(names, name) {
		scope_free char *path = xasprintf(GUEST_MODULE_PATH, *name);
		const struct vm_module_file *file = module_tree_file(run->tree, *name);

		if (file && !initramfs_has(fs, path))
			err_try(initramfs_add(fs, path, 0644, file->bytes));
	}
	return NULL;
}

/* Adds a line "ALIAS MODULE..." for each alias of a module, and for its name. */
static void add_alias_lines(struct run *run, const char *name, struct strbuf *text)
{
	const struct vm_module_file *file = module_tree_file(run->tree, name);
	scope_str_vec order = {};
	scope_strbuf modules = STRBUF_INIT;

	if (!file)
		return;
	err_free(module_tree_order(run->tree, name, &order));
	vec_foreach(&order, it)
		strbuf_addf(&modules, " %s", *it);
	strbuf_addf(text, "%s%s\n", name, modules.buf);
	vec_foreach(&file->aliases, alias) {
		/* Aliases with a colon belong to devices, which the guest does not have. */
		if (!strpbrk(*alias, ": \t\n"))
			strbuf_addf(text, "%s%s\n", *alias, modules.buf);
	}
}

/*
 * Adds the algorithms for which the modules in `all` may ask the kernel, and the names by which the
 * kernel will ask for any of them.
 */
static struct err *add_aliases(struct run *run, struct initramfs *fs, struct str_vec *all)
{
	scope_strbuf text = STRBUF_INIT;

	if (!all->len)
		return NULL;
	module_tree_order_crypto(run->tree, all);
	str_vec_sort_unique(all);
	err_try(add_tree_modules(run, fs, all));
	vec_foreach(all, name)
		add_alias_lines(run, *name, &text);
	return initramfs_add(fs, GUEST_ALIASES_PATH, 0644,
			     (struct bytes){(const uint8_t *)text.buf, text.len});
}

static struct err *add_programs(const struct vm_spec *spec, struct initramfs *fs)
{
	for (unsigned i = 0; spec->checks && spec->checks[i]; i++) {
		scope_free char *path = plan_check_path(i, spec->checks[i]);

		err_try(program_add(fs, path, spec->checks[i]));
	}
	return NULL;
}

/*
 * Damage that a module leaves behind shows while the modules after it are tried.  After the last
 * module of a boot, the guest waits so many ms instead; it waits longer for a module that is tried
 * alone because damage was seen that it may have done.
 */
#define LINGER_MS 1500
#define LINGER_ALONE_MS 10000

static unsigned linger_ms(const struct run *run, unsigned index)
{
	if (run->alone)
		return LINGER_ALONE_MS;
	for (size_t i = index + 1; i < run->result->modules.len; i++) {
		if (run_is_pending(run, i))
			return 0;
	}
	return LINGER_MS;
}

/* Returns what the larger one of the patch and the one that it replaces adds to limits. */
static unsigned extra_ms(const struct vm_module_file *file, const struct vm_module_file *over)
{
	unsigned own = plan_extra_ms(file->functions, file->objects.len, file->relocations);
	unsigned other = plan_extra_ms(over->functions, over->objects.len, over->relocations);

	return own > other ? own : other;
}

/* A patch of more functions is loaded before most of its modules, which may exceed this by one. */
#define EARLY_FUNCTIONS 600

static size_t prepare_count_functions(const struct vm_module_file *file, const char *object)
{
	size_t count = 0;

	vec_foreach(&file->replaced, it)
		count += !strcmp(*it, object);
	return count;
}

/* Sets which of the modules are loaded before the patch. */
static void prepare_early_modules(const struct vm_module_file *file, struct plan_patch *patch)
{
	size_t count = prepare_count_functions(file, "vmlinux");

	if (!patch->reloadable || file->functions <= EARLY_FUNCTIONS)
		return;
	patch->large = true;
	while (patch->early < patch->needed->len && count < EARLY_FUNCTIONS)
		count += prepare_count_functions(file, patch->needed->data[patch->early++]);
}

static struct err *add_patch(struct run *run, struct initramfs *fs, unsigned index,
			     struct vm_plan *plan, struct str_vec *all)
{
	scope_free char *path = xasprintf(GUEST_PATCH_PATH, index);
	const struct vm_module_file *file = &run->patches[index];
	unsigned extra = extra_ms(file, &run->over);
	scope_str_vec needed = {};

	struct plan_patch patch = {
		.name = file->name,
		.needed = &needed,
		.over_name = run->over.name,
		.reloadable = file->objects.len && !file->depends.len,
		.alone = run->alone,
		.extra_ms = extra,
		.linger_ms = linger_ms(run, index),
	};

	run->large |= extra;
	collect_needed(run, index, &needed);
	prepare_early_modules(file, &patch);
	plan_add_module(plan, run->spec, index, &patch);
	vec_foreach(&needed, name)
		vec_push(all, xstrdup(*name));
	return initramfs_add(fs, path, 0644, file->bytes);
}

struct err *prepare_boot(struct run *run, const char *path, struct vm_plan *plan, uint64_t *size)
{
	scope_initramfs fs = NULL;
	scope_str_vec all = {};

	err_try(initramfs_create(path, &fs));
	err_try(initramfs_add(fs, "init", 0755, guest_init()));
	if (run->over.name)
		err_try(initramfs_add(fs, GUEST_OVER_PATH, 0644, run->over.bytes));
	for (unsigned i = run->first; i < run->result->modules.len; i++) {
		if (run_is_pending(run, i))
			err_try(add_patch(run, fs, i, plan, &all));
	}
	err_try(add_aliases(run, fs, &all));
	err_try(add_programs(run->spec, fs));
	err_try(initramfs_add(fs, GUEST_PLAN_PATH, 0644,
			      (struct bytes){(const uint8_t *)plan->text.buf, plan->text.len}));
	return initramfs_finish(fs, size);
}
