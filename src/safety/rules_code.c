/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Rules on what changed code does. During a transition some tasks run old code and others new code,
 * so a difference in locks or references deserves a check even where the new code is right.
 */
#include "safety/rules_code.h"

#include <string.h>

#include "base/alloc.h"
#include "base/interrupt.h"
#include "base/strbuf.h"
#include "base/text.h"
#include "safety/alloc_sizes.h"
#include "safety/call_changes.h"
#include "safety/code.h"
#include "safety/lock_variables.h"
#include "safety/rules_memory.h"

/* ---- locks and references ---- */

/* Returns "mutex_lock, _raw_spin_lock": each lock, in the order in which it is first taken. */
static char *first_acquires(const struct elf_object *object, const struct elf_symbol *function)
{
	scope_names names = NAMES_INIT(SIZE_MAX);
	struct call_vec calls = {};

	code_call_sequence(object, function, &calls);
	for (size_t i = 0; i < calls.len; i++) {
		bool seen = !known_is(KNOWN_ACQUIRE, calls.data[i].name);

		for (size_t k = 0; k < i; k++)
			seen |= !strcmp(calls.data[k].name, calls.data[i].name);
		if (!seen)
			names_add(&names, "%s", calls.data[i].name);
	}
	vec_free(&calls);
	return names_end(&names);
}

static void check_locks(const struct unit_context *context, const struct function_calls_vec *all,
			const struct function_calls *function, const struct lock_use_vec *locks,
			struct finding_vec *findings)
{
	const struct safety_unit *unit = context->unit;
	const char *name = function->item->name, *lock;
	const char *remedy =
		"check that old and new code may run side by side: a lock that only one of them takes protects nothing until all tasks have switched";
	scope_names names = NAMES_INIT(NAMES_SHOWN);
	scope_free char *before = first_acquires(unit->orig, function->item->orig);
	scope_free char *after = first_acquires(unit->patched, function->item->patched);

	function_calls_compare(context, all, function, KNOWN_ACQUIRE, false, &names);
	/*
	 * The compiler may emit a release twice, so only a release that is missing or new comes
	 * from the source.
	 */
	function_calls_compare(context, all, function, KNOWN_RELEASE, true, &names);

	bool differ = names.count;
	scope_free char *list = names_end(&names);

	if (differ)
		finding_add(findings, "locks-changed", unit->file, name, remedy,
			    "changes which locks it takes or releases: %s", list);
	else if (strlen(before) == strlen(after) && strcmp(before, after) != 0)
		finding_add(
			findings, "locks-changed", unit->file, name,
			"check that the lock order still matches all other users, including unpatched code",
			"changes the order in which it takes locks: %s; was %s", after, before);
	else if ((lock = lock_uses_new(context, all, function, locks)))
		finding_add(
			findings, "locks-changed", unit->file, name,
			"check that old and new code may run side by side: they exclude each other only where both take the same lock",
			"takes or passes on %s, which the old code does not take", lock);
}

static void check_references(const struct unit_context *context,
			     const struct function_calls_vec *all,
			     const struct function_calls *function, struct finding_vec *findings)
{
	scope_names names = NAMES_INIT(NAMES_SHOWN);

	function_calls_compare(context, all, function, KNOWN_REFERENCE, false, &names);

	bool differ = names.count;
	scope_free char *list = names_end(&names);

	if (differ)
		finding_add(
			findings, "references-changed", context->unit->file, function->item->name,
			"check that new code drops the references that old code has taken, and old code those of new code after the patch is removed",
			"changes its reference counting: %s", list);
}

/* ---- tasks that sleep in the function ---- */

static bool starts_thread(const char *name)
{
	return known_is(KNOWN_THREAD_START, name);
}

/* Returns why a kernel thread may stay in the old code forever; NULL if no reason is known. */
static const char *why_thread(const struct unit_context *context, const struct diff_item *item)
{
	const struct elf_object *orig = context->unit->orig;
	const char *name = callgraph_find(context->before, item->orig->name, KNOWN_THREAD_LOOP, 0);

	if (name)
		return name;
	if (known_is(KNOWN_THREAD, item->name))
		return "it is a known one";
	if (!callgraph_find(context->before, item->orig->name, KNOWN_SLEEP, 2))
		return NULL;
	if (code_is_given_to(orig, item->orig, starts_thread))
		return "a thread is started with it";
	return code_never_returns(orig, item->orig) &&
			       !callgraph_find(context->before, item->orig->name, KNOWN_EXIT, 1)
		       ? "it never returns"
		       : NULL;
}

static void check_sleep(const struct unit_context *context, const struct diff_item *item,
			struct finding_vec *findings)
{
	const struct safety_unit *unit = context->unit;
	const char *name = why_thread(context, item);

	if (name) {
		finding_add(
			findings, "thread-loop", unit->file, item->name,
			"change a function that it calls between its sleeps instead, or make the thread leave it while the patch is loaded",
			"is the loop of a kernel thread (%s): the thread may sleep in it forever, and the transition cannot finish before the thread leaves it",
			name);
		return;
	}
	if (known_is(KNOWN_SLEEPER, item->name)) {
		finding_add(
			findings, "long-sleep", unit->file, item->name,
			"change a function that it calls between its sleeps instead, or allow the transition more time",
			"tasks sleep in it until something happens; the transition waits for them, some 15 seconds at a time");
		return;
	}
	name = callgraph_find(context->before, item->orig->name, KNOWN_SLEEP, 2);
	if (!name)
		return;
	finding_add(findings, "long-sleep", unit->file, item->name, NULL,
		    "tasks may sleep in it (%s); the transition waits for them", name);
	finding_soften(findings, SEVERITY_NOTE);
}

/* Functions that the cold part calls are followed to this depth. */
#define COLD_DEPTH 2

/*
 * Returns a function that may sleep, and that this one or a function of the unit that it calls
 * calls; NULL if none is known. The function that the cold part belongs to is not followed.
 */
static const char *what_sleeps(const struct unit_context *context, const struct elf_symbol *from,
			       const char *parent, unsigned depth)
{
	const struct elf_object *orig = context->unit->orig;
	const char *found = alloc_that_sleeps(from);
	struct call_vec calls = {};

	code_calls(orig, from, &calls);
	for (size_t i = 0; i < calls.len && !found; i++)
		if (known_is(KNOWN_BLOCKING, calls.data[i].name))
			found = calls.data[i].name;
	for (size_t i = 0; depth && i < calls.len && !found; i++) {
		const char *name = calls.data[i].name;
		const struct elf_symbol *to =
			call_changes_same_root(name, parent) ? NULL : elf_find_symbol(orig, name);

		if (to && to->section && to->type == STT_FUNC)
			found = what_sleeps(context, to, parent, depth - 1);
	}
	vec_free(&calls);
	return found;
}

/*
 * The kernel checks the stacks of sleeping tasks for addresses from the start of the old function
 * to the next symbol. The cold part has its own symbol elsewhere.
 */
static void check_cold_sleep(const struct unit_context *context, const struct diff_item *item,
			     struct finding_vec *findings)
{
	const struct elf_object *orig = context->unit->orig;
	const struct elf_symbol *cold = code_cold_part(orig, item->orig);
	const char *found = cold ? what_sleeps(context, cold, item->orig->name, COLD_DEPTH) : NULL;

	if (found)
		finding_add(
			findings, "long-sleep", context->unit->file, item->name,
			"check that a task can finish the old code of the function after others run the new code",
			"its old .cold part may sleep (%s), where the kernel does not look: a task that sleeps there counts as switched and still finishes the old code",
			found);
}

/* ---- functions that are called later ---- */

/* Reports a function whose address code stores, and that changes together with that code. */
static void check_callback(const struct unit_context *context, const struct diff_item *item,
			   struct finding_vec *findings)
{
	const struct safety_unit *unit = context->unit;
	struct code_reference_vec refs = {};
	const char *from = NULL;

	code_references(unit->orig, item->orig, &refs);
	vec_foreach(&refs, it) {
		const struct elf_symbol *holder = elf_find_symbol(unit->orig, it->from);

		if (!it->call && holder && holder->type == STT_FUNC &&
		    strcmp(it->from, item->name) != 0 && context_is_changed(context, it->from) &&
		    callgraph_find(context->before, holder->name, KNOWN_ARM, 0))
			from = it->from;
	}
	vec_free(&refs);
	if (from)
		finding_add(
			findings, "callback-changed", unit->file, item->name,
			"check that it can handle what the old code has set up, or cancel that in a pre-patch callback",
			"is called later, and changes together with %s, which arms it: what was armed before the patch calls the new function",
			from);
}

/* ---- cost ---- */

/* Frames that grow by more than this are reported; a stack has 16 KiB. */
#define FRAME_GROWTH 256

static void check_cost(const struct safety_unit *unit, const struct diff_item *item,
		       struct finding_vec *findings)
{
	unsigned before = code_frame(item->orig), after = code_frame(item->patched);

	if (known_is(KNOWN_HOT, item->name))
		finding_add(findings, "hot-function", unit->file, item->name,
			    "check whether a function that runs less often can be changed instead",
			    "runs very often; redirecting adds tens of nanoseconds to every call");
	if (known_is(KNOWN_BPF_INLINED, item->name))
		finding_add(
			findings, "bpf-inlined", unit->file, item->name,
			"change the code that the verifier inserts too, and load BPF programs again",
			"BPF programs contain instructions in place of calls to it, which a live patch does not change");
	if (after >= before + FRAME_GROWTH)
		finding_add(findings, "stack-frame", unit->file, item->name,
			    "allocate the large object dynamically",
			    "takes %u bytes of the stack, was %u", after, before);
}

/* Gives the findings on functions and variables of the unit their lines. */
static void place_findings(const struct unit_context *context, struct finding_vec *findings)
{
	const struct safety_unit *unit = context->unit;
	const struct unit_types *post = context->versions->post;

	vec_foreach(findings, it) {
		const struct type_function *function;
		const struct type_variable *variable;

		if (it->line || !it->symbol || !finding_is_at(it, unit->file, it->symbol))
			continue;
		function = unit_types_find_function(post, it->symbol);
		variable = unit_types_find_variable(post, it->symbol);
		if (function && function->file && !strcmp(function->file, unit->file))
			it->line = function->line;
		else if (variable && !variable->declared)
			it->line = variable->line;
	}
}

void safety_check_code(const struct unit_context *context, struct finding_vec *findings)
{
	scope_function_calls all = {};
	scope_lock_uses locks = {};

	function_calls_read(context, &all);
	lock_uses_read(context, &locks);
	vec_foreach(&all, it) {
		if (it->item->change != DIFF_CHANGED || interrupt_pending())
			continue;
		check_locks(context, &all, it, &locks, findings);
		check_references(context, &all, it, findings);
		check_sleep(context, it->item, findings);
		check_cold_sleep(context, it->item, findings);
		check_callback(context, it->item, findings);
		check_cost(context->unit, it->item, findings);
	}
	safety_check_memory(context, &all, findings);
	place_findings(context, findings);
}
