/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The result of `suture test` for people. */
#include <stdio.h>
#include <string.h>

#include "cli/test_output.h"

/* Lines of the kernel's log that are shown for a module that failed, unless -v. */
#define LOG_LINES_SHOWN 20
/* Patched functions that are listed although they were run, unless -v. */
#define FUNCTIONS_SHOWN 8

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

/* "312 ns", "21.3 us", "4.1 ms" */
static char *duration(uint64_t ns)
{
	return ns < 1000      ? xasprintf("%u ns", (unsigned)ns)
	       : ns < 1000000 ? xasprintf("%.1f us", ns / 1e3)
			      : xasprintf("%.1f ms", ns / 1e6);
}

static void print_functions(const struct vm_module_result *module, bool all)
{
	size_t reached = 0;

	vec_foreach(&module->functions, it)
		reached += it->hits > 0;
	if (!module->counted)
		return;
	printf("    %zu of %zu patched functions were run\n", reached, module->functions.len);
	vec_foreach(&module->functions, it) {
		if (!it->hits)
			printf("        never run: %s in %s%s%s\n", it->name, it->object,
			       it->why ? ": " : "", it->why ? it->why : "");
		else if (all || module->functions.len <= FUNCTIONS_SHOWN)
			printf("        %s: %llu times%s%s\n", it->name,
			       (unsigned long long)it->hits, it->by ? ", by " : "",
			       it->by ? it->by : "");
	}
}

static void print_costs(const struct vm_module_result *module)
{
	vec_foreach(&module->costs, it) {
		scope_free char *patched = duration(it->patched_ns);
		scope_free char *before = duration(it->before_ns);

		if (it->patched_ns && it->before_ns)
			printf("    %s: takes %s, without the patch %s\n", it->by, patched, before);
	}
}

static void print_trials(const struct vm_module_result *module)
{
	if (module->trials.len < 2)
		return;
	printf("    seconds   trial\n");
	vec_foreach(&module->trials, it)
		printf("    %5.1f %s%-5.1f %-13s %s%s%s\n", it->start_ms / 1e3, it->ms ? "+" : " ",
		       it->ms / 1e3, vm_trial_name(it->trial), vm_outcome_name(it->outcome),
		       it->why ? ": " : "", it->why ? it->why : "");
}

static void print_verdict(const struct vm_module_result *module)
{
	bool trial = module->failed_trial != VM_TRIAL_LOAD;

	if (module->pass)
		printf("pass  %s: loaded in %u ms, transition %u ms, back %u ms, unloaded",
		       module->name, module->load_ms, module->transition_ms, module->disable_ms);
	else
		printf("FAIL  %s: %s%s%s: %s", module->name,
		       trial ? vm_trial_name(module->failed_trial) : "", trial ? ": " : "",
		       vm_stage_name(module->failed_at), module->why);
	if (module->pass && module->cycles > 1)
		printf("; %u times", module->cycles);
	putchar('\n');
}

static void print_module(const struct vm_module_result *module, bool all)
{
	print_verdict(module);
	print_objects(module);
	print_functions(module, all);
	print_costs(module);
	print_checks(module, all);
	print_shows(module);
	print_trials(module);
	print_evidence(module, all);
}

void test_print(const struct vm_result *result, bool all)
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
