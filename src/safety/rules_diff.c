/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Checks the rules that need only the comparison of the two versions of a unit. */
#include <fnmatch.h>
#include <stdio.h>
#include <string.h>

#include "base/strbuf.h"
#include "safety/safety.h"

static void check_function(const struct diff_item *item, const char *file,
			   struct finding_vec *findings)
{
	if (item->change == DIFF_REMOVED && !(item->flags & DIFF_COLD))
		finding_add(
			findings, "function-removed", file, item->name, NULL,
			"is removed from the source; it stays in the kernel, unused by patched code");
	if (item->change == DIFF_CHANGED && item->flags & DIFF_INIT)
		finding_add(
			findings, "init-function", file, item->name,
			"reboot for this change, or move it to code that runs later",
			"runs once at boot, and its memory is freed afterwards: changing it has no effect on a running kernel (%s)",
			item->why);
	else if (item->change == DIFF_CHANGED && str_starts(item->patched->section->name, ".init."))
		finding_add(
			findings, "init-function", file, item->name,
			"leave it in its section: the running kernel still has it",
			"becomes boot code, which a live patch cannot carry: the running kernel would keep the old function");
	else if (item->change == DIFF_CHANGED &&
		 !(item->flags & (DIFF_TRACEABLE | DIFF_COLD | DIFF_CARRIED)))
		finding_add(
			findings, "not-traceable", file, item->name,
			"make the change in its callers instead",
			"has no call to __fentry__ (notrace, noinstr or assembly), so calls to it cannot be redirected");
	else if (item->change == DIFF_NEW && item->flags & DIFF_REGISTERED)
		finding_add(findings, "registration", file, item->name,
			    "reboot for this change, or call it from a patch callback",
			    "is new and would only be called at boot, which is over");
	else if (item->change == DIFF_NEW && item->flags & DIFF_INIT)
		finding_add(findings, "init-function", file, item->name,
			    "reboot for this change, or do the work in a patch callback",
			    "is new and would only run at boot, which is over");
}

static bool diff_has_function(const struct diff *diff, enum diff_change change, const char *name)
{
	size_t count;
	const struct diff_item *items = diff_items(diff, &count);

	for (size_t i = 0; i < count; i++)
		if (items[i].kind == DIFF_FUNCTION && items[i].change == change &&
		    !strcmp(items[i].name, name))
			return true;
	return false;
}

/*
 * Returns whether the first pointer that differs led to a function that is removed, and leads to
 * one that is new.
 */
static bool holds_renamed(const struct diff *diff, const struct diff_item *item)
{
	return item->is && item->was && diff_has_function(diff, DIFF_NEW, item->is) &&
	       diff_has_function(diff, DIFF_REMOVED, item->was);
}

/* The remedy depends on how the variable changes. */
static const char *data_remedy(const struct diff *diff, const struct diff_item *item)
{
	if (item->orig->section && item->patched->section &&
	    item->orig->section->flags & SHF_WRITE && !(item->patched->section->flags & SHF_WRITE))
		return "leave out the const: the kernel's variable is in writable memory";
	if (holds_renamed(diff, item))
		return "keep the function's old name: the kernel's table keeps calling the function of that name";
	return "set the new value in a patch callback, or keep the data as it is and use a shadow variable";
}

static void check_data(const struct diff *diff, const struct diff_item *item, const char *file,
		       struct finding_vec *findings)
{
	if (item->change == DIFF_CHANGED && item->flags & DIFF_INIT)
		finding_add(findings, "init-data", file, item->name, "reboot for this change",
			    "is read only at boot (%s)", item->why);
	else if (item->change == DIFF_CHANGED && !item->orig)
		finding_add(
			findings, "registration", file, item->name,
			"reboot for this change, or do the work in a patch callback",
			"changes entries through which the kernel finds what to call at boot or when a device starts; a live patch cannot add to them");
	else if (item->change == DIFF_CHANGED)
		finding_add(
			findings, "data-changed", file, item->name, data_remedy(diff, item),
			"already exists in the running kernel; its contents or size would have to change (%s)",
			item->why);
	else if (item->change == DIFF_NEW && item->flags & DIFF_REGISTERED)
		finding_add(
			findings, "registration", file, item->name, "leave it out of the patch",
			"is found by the kernel through section %s at boot; a live patch cannot add to that section",
			item->section);
}

static bool is_variable(const struct diff_item *item, enum diff_change change)
{
	return item->kind == DIFF_DATA && item->change == change &&
	       !(item->flags & (DIFF_INIT | DIFF_READ_ONLY | DIFF_CALLBACK));
}

/* New data exists only while the patch is loaded. */
static void check_new_data(const struct diff_item *items, size_t count, const char *file,
			   struct finding_vec *findings)
{
	for (size_t i = 0; i < count; i++) {
		if (is_variable(&items[i], DIFF_NEW) && !(items[i].flags & DIFF_REGISTERED))
			finding_add(
				findings, "new-state", file, items[i].name,
				"check that its initial value is valid on a system that has been up for a while, and that losing it is harmless",
				"is new: it has its initial value when the patch is loaded, and is lost when the patch is removed or replaced");
		if (is_variable(&items[i], DIFF_REMOVED))
			finding_add(
				findings, "data-removed", file, items[i].name, NULL,
				"is removed from the source; it stays in the kernel, unused by patched code");
	}
}

/* Finds a variable that probably was renamed, by its size: its value stays behind. */
static void check_renamed_data(const struct diff_item *items, size_t count, const char *file,
			       struct finding_vec *findings)
{
	for (size_t i = 0; i < count; i++) {
		for (size_t k = 0; is_variable(&items[i], DIFF_NEW) && k < count; k++) {
			if (!is_variable(&items[k], DIFF_REMOVED) ||
			    items[i].patched->size != items[k].orig->size)
				continue;
			finding_add(
				findings, "data-renamed", file, items[i].name,
				"keep the variable's old name",
				"is new, and %s of the same size is removed: its value in the running kernel is not carried over",
				items[k].name);
			break;
		}
	}
}

/*
 * Live patching itself depends on these files: they redirect calls, find where tasks are, look up
 * symbols, write instructions, and handle the exceptions on the way. The module loader is not among
 * them: the task that loads a patch leaves it as any other task does.
 */
static const char *const own_ground[] = {
	"kernel/livepatch/",
	"kernel/trace/ftrace.c",
	"kernel/trace/fgraph.c",
	"kernel/trace/trace_functions.c",
	"kernel/stacktrace.c",
	"kernel/stop_machine.c",
	"kernel/jump_label.c",
	"kernel/static_call.c",
	"kernel/static_call_inline.c",
	"kernel/extable.c",
	"kernel/kprobes.c",
	"arch/x86/kernel/ftrace",
	"arch/x86/kernel/alternative.c",
	"arch/x86/kernel/unwind",
	"arch/x86/kernel/stacktrace.c",
	"arch/x86/kernel/jump_label.c",
	"arch/x86/kernel/static_call.c",
	"arch/x86/kernel/module.c",
	"arch/x86/kernel/kprobes/",
	"arch/x86/mm/extable.c",
	"kernel/module/livepatch.c",
	"lib/extable.c",
};

static const struct {
	const char *file, *function;
} own_functions[] = {
	/* The livepatch core looks up symbols of patches with these. */
	{"kernel/kallsyms.c", "kallsyms_on_each_*"},
	{"kernel/module/kallsyms.c", "module_kallsyms_on_each_symbol"},
	{"kernel/module/kallsyms.c", "find_kallsyms_symbol_value"},
	/* Tasks are held still with this while their stacks are read. */
	{"kernel/sched/core.c", "task_call_func"},
	{"kernel/sched/core.c", "*klp_*"},
};

static const char ground_message[] =
	"live patching itself runs this code; replacing it while it runs is not safe";

void safety_check_file(const char *file, struct finding_vec *findings)
{
	for (size_t i = 0; i < array_size(own_ground); i++)
		if (str_starts(file, own_ground[i]))
			finding_add(findings, "own-ground", file, NULL, "reboot for this change",
				    "%s", ground_message);
}

static void check_own_function(const struct diff_item *item, const char *file,
			       struct finding_vec *findings)
{
	if (item->change != DIFF_CHANGED || item->flags & (DIFF_INIT | DIFF_COLD))
		return;
	for (size_t i = 0; i < array_size(own_functions); i++) {
		if (strcmp(file, own_functions[i].file) != 0 ||
		    fnmatch(own_functions[i].function, item->name, 0) != 0)
			continue;
		finding_add(findings, "own-ground", file, item->name, "reboot for this change",
			    "%s", ground_message);
		return;
	}
}

void safety_check_diff(const struct diff *diff, const char *file, struct finding_vec *findings)
{
	size_t count;
	const struct diff_item *items = diff_items(diff, &count);

	for (size_t i = 0; i < count; i++) {
		if (items[i].change == DIFF_SAME)
			continue;
		if (items[i].kind == DIFF_FUNCTION) {
			check_function(&items[i], file, findings);
			check_own_function(&items[i], file, findings);
		} else {
			check_data(diff, &items[i], file, findings);
		}
	}
	check_new_data(items, count, file, findings);
	check_renamed_data(items, count, file, findings);
}
