/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reports the results of trials for people. */
#include "cli/trial_report_text.h"

#include <stdio.h>
#include <string.h>

#include "base/strbuf.h"

/* Without -v, so many lines of the kernel's log are shown for a module that failed. */
#define LOG_LINES_SHOWN 20
/* Without -v, so many lines of so many bytes are shown of a check's output or a file. */
#define TEXT_LINES_SHOWN 20
#define TEXT_WIDTH_SHOWN 200
/* Without -v, so many patched functions are listed although they ran. */
#define FUNCTIONS_SHOWN 8

/* Prints text from the guest; without all, only the beginning of a long one. */
static void print_indented(const char *indent, const char *text, bool all)
{
	for (unsigned line = 0; *text; line++) {
		int size = strcspn(text, "\n");

		if (!all && line == TEXT_LINES_SHOWN) {
			cli_print("%s(%zu bytes more; -v shows all)", indent, strlen(text));
			return;
		}
		if (!all && size > TEXT_WIDTH_SHOWN)
			cli_print("%s%.*s (%d bytes more; -v shows all)", indent, TEXT_WIDTH_SHOWN,
				  text, size - TEXT_WIDTH_SHOWN);
		else
			cli_print("%s%.*s", indent, size, text);
		text += size + (text[size] == '\n');
	}
}

static void print_trial_shows(const struct vm_module_result *module, bool all)
{
	vec_foreach(&module->shows, show) {
		cli_print("    %-8s %s", vm_phase_name(show->phase), show->file);
		print_indented("        ", show->text ? show->text : "(cannot be read)", all);
	}
}

static void print_trial_checks(const struct vm_module_result *module, bool all)
{
	vec_foreach(&module->checks, check) {
		cli_print("    %-8s check %s: %s%s", vm_phase_name(check->phase), check->name,
			  check->timed_out ? "did not finish in time"
			  : check->ok	   ? "ok"
					   : "not ok",
			  check->starved ? "; the check used up the guest's memory" : "");
		if (all || !check->ok)
			print_indented("        ", check->output, all);
	}
}

static void print_trial_objects(const struct vm_module_result *module)
{
	vec_foreach(&module->objects, object) {
		if (!object->patched && vm_why_absent(module, object->name))
			continue;
		cli_print("    %s: %zu function%s%s", object->name, object->functions.len,
			  object->functions.len == 1 ? "" : "s",
			  object->patched ? "" : ", not loaded");
	}
	vec_foreach(&module->absent, absent)
		cli_print("    %s: not tried, as it could not be loaded: %s", absent->name,
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

/* Prints a long log from its first finding on, or else its last lines. */
static void print_evidence(const struct vm_module_result *module, bool all)
{
	size_t count = module->kernel_log.len;
	size_t first = all ? 0 : first_finding(module);
	size_t end = all || count - first < LOG_LINES_SHOWN ? count : first + LOG_LINES_SHOWN;

	vec_foreach(&module->blockers, blocker)
		print_indented("    ", *blocker, true);
	if (module->pass && !all)
		return;
	for (size_t i = first; i < end; i++)
		cli_print("    %s", module->kernel_log.data[i]);
	if (end - first < count)
		cli_print("    (%zu of %zu lines of the kernel's log; -v shows all)", end - first,
			  count);
}

/* Formats a time as "312 ns", "21.3 us" or "4.1 ms"; free(). */
static char *duration(uint64_t ns)
{
	return ns < 1000      ? xasprintf("%u ns", (unsigned)ns)
	       : ns < 1000000 ? xasprintf("%.1f us", ns / 1e3)
			      : xasprintf("%.1f ms", ns / 1e6);
}

static void print_trial_functions(const struct vm_module_result *module, bool all)
{
	size_t reached = 0;

	vec_foreach(&module->functions, it)
		reached += it->hits > 0;
	if (!module->counted)
		return;
	cli_print("    %zu of %zu patched functions ran", reached, module->functions.len);
	vec_foreach(&module->functions, it) {
		if (!it->hits)
			cli_print("        never ran: %s in %s%s%s", it->name, it->object,
				  it->why ? ": " : "", it->why ? it->why : "");
		else if (all || module->functions.len <= FUNCTIONS_SHOWN)
			cli_print("        %s: %llu times%s%s", it->name,
				  (unsigned long long)it->hits, it->by ? ", by " : "",
				  it->by ? it->by : "");
	}
}

static void print_trial_costs(const struct vm_module_result *module)
{
	vec_foreach(&module->costs, it) {
		scope_free char *patched = duration(it->patched_ns);
		scope_free char *before = duration(it->before_ns);

		if (it->patched_ns && it->before_ns)
			cli_print("    %s: takes %s, without the patch %s", it->by, patched,
				  before);
	}
}

static void print_trial_list(const struct vm_module_result *module)
{
	if (module->trials.len < 2)
		return;
	cli_print("    seconds   trial");
	vec_foreach(&module->trials, it) {
		cli_printf("    %5.1f %s%-5.1f %-13s ", it->start_ms / 1e3, it->ms ? "+" : " ",
			   it->ms / 1e3, vm_trial_name(it->trial));
		cli_word(it->outcome == VM_PASS	  ? 1
			 : it->outcome == VM_FAIL ? -1
						  : 0,
			 0, vm_outcome_name(it->outcome));
		cli_print("%s%s", it->why ? ": " : "", it->why ? it->why : "");
	}
}

static void print_verdict(const struct vm_module_result *module)
{
	bool trial = module->failed_trial != VM_TRIAL_LOAD;
	scope_free char *times =
		module->cycles > 1 ? xasprintf("; %u times", module->cycles) : xstrdup("");

	cli_word(!module->pass ? -1 : vm_was_exercised(module), 6,
		 !module->pass		    ? "FAIL"
		 : vm_was_exercised(module) ? "pass"
					    : "NOT EXERCISED");
	if (!module->pass)
		cli_print("%s: %s%s%s: %s", module->name,
			  trial ? vm_trial_name(module->failed_trial) : "", trial ? ": " : "",
			  vm_stage_name(module->failed_at), module->why);
	else if (!vm_was_exercised(module))
		cli_print(
			"  %s: nothing that the patch replaces was loaded: loaded in %u ms, unloaded%s",
			module->name, module->load_ms, times);
	else
		cli_print(
			"%s: loaded in %u ms, transition %u ms, reverse transition %u ms, unloaded%s",
			module->name, module->load_ms, module->transition_ms, module->disable_ms,
			times);
}

static void print_trial_module(const struct vm_module_result *module, bool all)
{
	print_verdict(module);
	print_trial_objects(module);
	print_trial_functions(module, all);
	print_trial_costs(module);
	print_trial_checks(module, all);
	print_trial_shows(module, all);
	print_trial_list(module);
	print_evidence(module, all);
}

void trial_report_print(const struct vm_result *result, bool all)
{
	size_t passed = 0;

	if (result->release)
		cli_print("kernel %s in QEMU (%s), booted in %.1f s%s", result->release,
			  vm_accelerator_name(result->accelerator), result->boot_ms / 1e3,
			  result->boots > 1 ? ", again after each module that damaged it" : "");
	vec_foreach(&result->modules, module) {
		print_trial_module(module, all);
		passed += module->pass;
	}
	if (result->modules.len > 1)
		cli_print("%zu of %zu passed", passed, result->modules.len);
}
