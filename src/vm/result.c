/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Names the values of vm_run()'s results, and makes, fails and frees results. */
#include "vm/result.h"

#include <string.h>

#include "base/strbuf.h"
#include "vm/module_file.h"

static const char *const stage_names[VM_STAGE_COUNT] = {
	[VM_PREPARE] = "prepare", [VM_TARGETS] = "targets",	  [VM_BEFORE] = "before",
	[VM_LOAD] = "load",	  [VM_TRANSITION] = "transition", [VM_PATCHED] = "patched",
	[VM_DISABLE] = "disable", [VM_UNLOAD] = "unload",	  [VM_AFTER] = "after",
};

static const char *const phase_names[VM_PHASE_COUNT] = {
	[VM_PHASE_BEFORE] = "before",
	[VM_PHASE_PATCHED] = "patched",
	[VM_PHASE_AFTER] = "after",
};

const char *vm_stage_name(enum vm_stage stage)
{
	return stage_names[stage];
}

const char *vm_phase_name(enum vm_phase phase)
{
	return phase_names[phase];
}

const char *vm_outcome_name(enum vm_outcome outcome)
{
	static const char *const names[] = {
		[VM_PASS] = "pass", [VM_FAIL] = "fail", [VM_SKIP] = "skip"};

	return names[outcome];
}

struct vm_result *vm_result_new(const struct vm_spec *spec)
{
	struct vm_result *result = xcalloc(1, sizeof(*result));

	for (const char *const *path = spec->patches; path && *path; path++)
		vec_push(&result->modules,
			 (struct vm_module_result){.path = xstrdup(*path),
						   .name = module_name_of_path(*path)});
	return result;
}

void vm_module_fail(struct vm_module_result *module, enum vm_stage stage, const char *fmt, ...)
{
	scope_strbuf why = STRBUF_INIT;
	va_list ap;

	module->pass = false;
	if (module->why)
		return;
	va_start(ap, fmt);
	strbuf_vaddf(&why, fmt, ap);
	va_end(ap);
	module->failed_at = stage;
	module->why = strbuf_detach(&why);
}

bool vm_was_exercised(const struct vm_module_result *module)
{
	vec_foreach(&module->objects, object) {
		if (object->patched)
			return true;
	}
	return false;
}

bool vm_has_object(const struct vm_module_result *module, const char *name)
{
	vec_foreach(&module->objects, it)
		if (!strcmp(it->name, name))
			return true;
	return false;
}

const char *vm_why_absent(const struct vm_module_result *module, const char *name)
{
	vec_foreach(&module->absent, it)
		if (!strcmp(it->name, name))
			return it->why;
	return NULL;
}

/* Frees all that trials have found; keeps what is known of the file. */
static void outcome_free(struct vm_module_result *module)
{
	free(module->why);
	vec_foreach(&module->trials, trial)
		free(trial->why);
	vec_free(&module->trials);
	vec_foreach(&module->functions, function) {
		free(function->object);
		free(function->name);
		free(function->by);
		free(function->why);
	}
	vec_free(&module->functions);
	vec_foreach(&module->costs, cost)
		free(cost->by);
	vec_free(&module->costs);
	str_vec_free(&module->kernel_log);
	str_vec_free(&module->findings);
	str_vec_free(&module->blockers);
	vec_foreach(&module->checks, check) {
		free(check->name);
		free(check->output);
	}
	vec_free(&module->checks);
	vec_foreach(&module->shows, show) {
		free(show->file);
		free(show->text);
	}
	vec_free(&module->shows);
	vec_foreach(&module->objects, object) {
		free(object->name);
		str_vec_free(&object->functions);
	}
	vec_free(&module->objects);
	vec_foreach(&module->absent, absent) {
		free(absent->name);
		free(absent->why);
	}
	vec_free(&module->absent);
}

static void module_result_free(struct vm_module_result *module)
{
	outcome_free(module);
	free(module->path);
	free(module->name);
	free(module->sha256);
}

void vm_module_reset(struct vm_module_result *module)
{
	outcome_free(module);
	*module = (struct vm_module_result){
		.path = module->path, .name = module->name, .sha256 = module->sha256};
}

void vm_result_free(struct vm_result *result)
{
	if (!result)
		return;
	vec_foreach(&result->modules, module)
		module_result_free(module);
	vec_free(&result->modules);
	free(result->release);
	free(result->build_id);
	free(result);
}

void vm_result_freep(struct vm_result **resultp)
{
	vm_result_free(*resultp);
}
