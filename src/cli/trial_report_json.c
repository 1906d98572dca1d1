/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reports the results of trials as JSON. */
#include "cli/trial_report_json.h"

#include "base/json.h"

static json_t *trial_checks_json(const struct vm_module_result *module)
{
	json_t *array = json_array();

	vec_foreach(&module->checks, check)
		json_array_append_new(array,
				      json_pack("{s:o, s:s, s:b, s:i, s:b, s:b, s:o}", "name",
						text_json(check->name), "phase",
						vm_phase_name(check->phase), "ok", check->ok,
						"status", check->status, "timed_out",
						check->timed_out, "used_up_memory", check->starved,
						"output", text_json(check->output)));
	return array;
}

static json_t *trial_shows_json(const struct vm_module_result *module)
{
	json_t *array = json_array();

	vec_foreach(&module->shows, show)
		json_array_append_new(array,
				      json_pack("{s:o, s:s, s:o}", "file", text_json(show->file),
						"phase", vm_phase_name(show->phase), "text",
						text_json(show->text)));
	return array;
}

static json_t *trial_objects_json(const struct vm_module_result *module)
{
	json_t *array = json_array();

	vec_foreach(&module->objects, object) {
		const char *why = object->patched ? NULL : vm_why_absent(module, object->name);
		json_t *entry = json_pack("{s:o, s:b, s:o}", "name", text_json(object->name),
					  "patched", object->patched, "functions",
					  printables_json(&object->functions));

		if (why)
			json_object_set_new(entry, "why", text_json(why));
		json_array_append_new(array, entry);
	}
	vec_foreach(&module->absent, absent)
		if (!vm_has_object(module, absent->name))
			json_array_append_new(array, json_pack("{s:o, s:b, s:o}", "name",
							       text_json(absent->name), "patched",
							       0, "why", text_json(absent->why)));
	return array;
}

static json_t *trial_list_json(const struct vm_module_result *module)
{
	json_t *array = json_array();

	vec_foreach(&module->trials, it)
		json_array_append_new(array, json_pack("{s:s, s:s, s:o, s:i, s:i}", "name",
						       vm_trial_name(it->trial), "result",
						       vm_outcome_name(it->outcome), "why",
						       text_json(it->why), "start_ms",
						       (int)it->start_ms, "ms", (int)it->ms));
	return array;
}

/* The array is null if the kernel cannot count calls. */
static json_t *trial_functions_json(const struct vm_module_result *module)
{
	scope_json array = json_array();

	vec_foreach(&module->functions, it)
		json_array_append_new(
			array, json_pack("{s:o, s:o, s:i, s:I, s:o, s:o}", "object",
					 text_json(it->object), "name", text_json(it->name),
					 "sympos", it->sympos, "calls", (json_int_t)it->hits, "by",
					 text_json(it->by), "why", text_json(it->why)));
	return module->counted ? take_ptr(array) : json_null();
}

static json_t *trial_costs_json(const struct vm_module_result *module)
{
	json_t *array = json_array();

	vec_foreach(&module->costs, it)
		json_array_append_new(array, json_pack("{s:o, s:I, s:I}", "by", text_json(it->by),
						       "without_ns", (json_int_t)it->before_ns,
						       "patched_ns", (json_int_t)it->patched_ns));
	return array;
}

static void trial_members_add(json_t *object, json_t *members)
{
	json_object_update_new(object, members);
}

static json_t *trial_module_json(const struct vm_module_result *module)
{
	json_t *object = json_object();

	trial_members_add(
		object,
		json_pack("{s:o, s:o, s:s, s:b, s:s?, s:s?, s:o}", "module",
			  printable_json(module->path), "name", text_json(module->name), "result",
			  module->pass ? "pass" : "fail", "exercised", vm_was_exercised(module),
			  "failed_at", module->pass ? NULL : vm_stage_name(module->failed_at),
			  "failed_trial", module->pass ? NULL : vm_trial_name(module->failed_trial),
			  "why", text_json(module->why)));
	trial_members_add(object,
			  json_pack("{s:i, s:i, s:i, s:i, s:i, s:s?}", "load_ms", module->load_ms,
				    "transition_ms", module->transition_ms, "disable_ms",
				    module->disable_ms, "unload_ms", module->unload_ms, "cycles",
				    module->cycles, "sha256", module->sha256));
	trial_members_add(object, json_pack("{s:o, s:o, s:o}", "trials", trial_list_json(module),
					    "coverage", trial_functions_json(module), "costs",
					    trial_costs_json(module)));
	trial_members_add(object, json_pack("{s:o, s:o, s:o}", "kernel_log",
					    printables_json(&module->kernel_log), "findings",
					    printables_json(&module->findings), "blockers",
					    printables_json(&module->blockers)));
	trial_members_add(object, json_pack("{s:o, s:o, s:o}", "checks", trial_checks_json(module),
					    "shows", trial_shows_json(module), "objects",
					    trial_objects_json(module)));
	return object;
}

json_t *trial_report_json(const struct vm_result *result)
{
	json_t *object = json_object(), *modules = json_array();

	vec_foreach(&result->modules, module)
		json_array_append_new(modules, trial_module_json(module));
	if (result->modules.len == 1)
		json_object_update(object, json_array_get(modules, 0));
	trial_members_add(object, json_pack("{s:s, s:i, s:i, s:s, s:o, s:s?, s:o}", "result",
					    result->pass ? "pass" : "fail", "boot_ms",
					    result->boot_ms, "boots", result->boots, "accelerator",
					    vm_accelerator_name(result->accelerator), "kernel",
					    text_json(result->release), "build_id",
					    result->build_id, "modules", modules));
	return object;
}
