/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Rules on what changed code does: what both versions of a function call is counted.  While a
 * transition lasts some tasks run the old code and others the new one, so a difference in locks or
 * references is worth a look even where the new code is right.
 */
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/strbuf.h"
#include "base/text.h"
#include "safety/code.h"
#include "safety/safety_internal.h"

/* A function of the unit, in one version or both, with what each calls. */
struct version {
	const struct diff_item *item;
	struct call_vec before, after;
};

struct version_vec VEC(struct version);

static bool same_root(const char *a, const char *b)
{
	size_t len = strcspn(a, ".");

	return len == strcspn(b, ".") && !strncmp(a, b, len);
}

/*
 * "foo.part.0" is what the compiler split off, or made of a function for some of its callers: where
 * the other version calls no foo at all, it is inlined there.  Its calls count as the caller's.
 */
static void join_split_off(const struct elf_object *object, const struct call_vec *other,
			   struct call_vec *calls)
{
	size_t count = calls->len;

	for (size_t i = 0; i < count; i++) {
		const struct call call = calls->data[i];
		const struct elf_symbol *part =
			strchr(call.name, '.') ? elf_find_symbol(object, call.name) : NULL;
		struct call_vec inner = {};
		bool known = !part || !part->section || part->type != STT_FUNC;

		vec_foreach(other, it)
			known |= same_root(it->name, call.name);
		if (known)
			continue;
		code_calls(object, part, &inner);
		vec_foreach(&inner, it)
			for (unsigned k = 0; k < call.count; k++)
				vec_push(calls, *it);
		vec_free(&inner);
	}
	code_merge_calls(calls);
}

static void read_versions(const struct safety_unit *unit, struct version_vec *versions)
{
	size_t count;
	const struct diff_item *items = diff_items(unit->diff, &count);

	for (size_t i = 0; i < count; i++) {
		struct version version = {.item = &items[i]};

		if (items[i].kind != DIFF_FUNCTION || items[i].change == DIFF_SAME ||
		    items[i].flags & (DIFF_COLD | DIFF_INIT))
			continue;
		if (items[i].orig)
			code_calls(unit->orig, items[i].orig, &version.before);
		if (items[i].patched)
			code_calls(unit->patched, items[i].patched, &version.after);
		join_split_off(unit->patched, &version.before, &version.after);
		join_split_off(unit->orig, &version.after, &version.before);
		vec_push(versions, version);
	}
}

static void versions_free(struct version_vec *versions)
{
	vec_foreach(versions, it) {
		vec_free(&it->before);
		vec_free(&it->after);
	}
	vec_free(versions);
}

/* ---- locks and references ---- */

/* Which calls are looked for: one name, or all of a kind. */
struct wanted {
	const char *name;
	enum known_kind kind; /* without a name */
};

static bool is_wanted(const struct wanted *wanted, const char *name)
{
	return wanted->name ? !strcmp(wanted->name, name) : known_is(wanted->kind, name);
}

/* A wanted function that this one calls, itself or through functions of the unit; or NULL. */
static const char *reaches(const struct elf_object *object, const struct elf_symbol *function,
			   const struct wanted *wanted, unsigned depth)
{
	struct call_vec calls = {};
	const char *found = NULL;

	code_calls(object, function, &calls);
	vec_foreach(&calls, it)
		if (!found && is_wanted(wanted, it->name))
			found = it->name;
	vec_foreach(&calls, it) {
		const struct elf_symbol *next = elf_find_symbol(object, it->name);

		if (!found && depth && next && next->section && next->type == STT_FUNC)
			found = reaches(object, next, wanted, depth - 1);
	}
	vec_free(&calls);
	return found;
}

const char *safety_reaches(const struct elf_object *object, const struct elf_symbol *function,
			   enum known_kind kind, unsigned depth)
{
	return reaches(object, function, &(struct wanted){.kind = kind}, depth);
}

/* The function calls it, but only through another function of the unit. */
static bool is_behind_call(const struct elf_object *object, const struct elf_symbol *function,
			   const char *name)
{
	const struct wanted wanted = {.name = name};
	struct call_vec calls = {};
	bool found = false;

	if (function)
		code_calls(object, function, &calls);
	vec_foreach(&calls, it) {
		const struct elf_symbol *next = elf_find_symbol(object, it->name);

		found |= next && next->section && next->type == STT_FUNC &&
			 reaches(object, next, &wanted, 1);
	}
	vec_free(&calls);
	return found;
}

/* One version calls it itself, the other by way of a function: inlined there, or no longer. */
static bool is_only_inlined(const struct safety_unit *unit, const struct version *version,
			    const char *name, bool was_called)
{
	bool before = is_behind_call(unit->orig, version->item->orig, name);
	bool after = is_behind_call(unit->patched, version->item->patched, name);

	return was_called ? after && !before : before && !after;
}

static bool leads_to(const struct elf_object *object, const struct elf_symbol *from,
		     const struct elf_symbol *to)
{
	return from && to && reaches(object, from, &(struct wanted){.name = to->name}, 2);
}

/* One is called by the other, in either version: code can go from one to the other. */
static bool are_related(const struct safety_unit *unit, const struct diff_item *a,
			const struct diff_item *b)
{
	return leads_to(unit->orig, a->orig, b->orig) || leads_to(unit->orig, b->orig, a->orig) ||
	       leads_to(unit->patched, a->patched, b->patched) ||
	       leads_to(unit->patched, b->patched, a->patched);
}

/*
 * What a caller or a function that it calls does instead, because it was inlined, is no longer, or
 * the source has it there, is no difference.  Between others it is one: what one takes is of no use
 * to the other.
 */
static bool is_moved(const struct safety_unit *unit, const struct version_vec *versions,
		     const struct version *version, const char *name)
{
	int here = (int)calls_of(&version->after, name) - (int)calls_of(&version->before, name);
	int all = here;

	vec_foreach(versions, it) {
		int there = (int)calls_of(&it->after, name) - (int)calls_of(&it->before, name);

		if (it == version || !there || !are_related(unit, version->item, it->item))
			continue;
		if (here + there == 0)
			return true;
		all += there;
	}
	return all == 0;
}

/* Adds "name 1 → 2" for each that both versions call a different number of times. */
static void differences(const struct safety_unit *unit, const struct version_vec *versions,
			const struct version *version, enum known_kind kind, bool only_ends,
			struct names *names)
{
	const struct call_vec *sides[] = {&version->before, &version->after};

	for (size_t side = 0; side < array_size(sides); side++) {
		vec_foreach(sides[side], it) {
			unsigned before = calls_of(&version->before, it->name);
			unsigned after = calls_of(&version->after, it->name);

			if (before == after || (side && before) || !known_is(kind, it->name) ||
			    is_moved(unit, versions, version, it->name) ||
			    (only_ends && before && after) ||
			    ((!before || !after) &&
			     is_only_inlined(unit, version, it->name, before)))
				continue;
			names_add(names, "%s %u → %u", it->name, before, after);
		}
	}
}

/* "mutex_lock, _raw_spin_lock": each lock where it is taken first. */
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

/* ---- lock variables ---- */

/* A variable that is a lock, and the functions that name it in either version. */
struct lock_use {
	const char *name;
	struct str_vec before, after;
};

struct lock_use_vec VEC(struct lock_use);

static bool is_lock(const struct type_variable *variable)
{
	static const char *const types[] = {"struct mutex",
					    "struct spinlock",
					    "struct raw_spinlock",
					    "struct rw_semaphore",
					    "struct semaphore",
					    "struct percpu_rw_semaphore",
					    "rwlock_t",
					    "seqlock_t",
					    "struct rt_mutex",
					    "spinlock_t"};

	for (size_t i = 0; i < array_size(types); i++)
		if (!strcmp(variable->type, types[i]))
			return true;
	return false;
}

static void read_users(const struct elf_object *object, const char *name, struct str_vec *users)
{
	const struct elf_symbol *symbol = elf_find_symbol(object, name);

	if (symbol)
		code_users(object, symbol, users);
}

/* Static locals are left out: nobody else can take one. */
static void read_locks(const struct safety_unit *unit, const struct unit_types *post,
		       struct lock_use_vec *locks)
{
	const char *last = "";

	vec_foreach(&post->variables, it) {
		struct lock_use use = {.name = it->name};

		if (!is_lock(it) || strchr(it->name, '.') || !strcmp(it->name, last))
			continue;
		last = it->name;
		read_users(unit->orig, it->name, &use.before);
		read_users(unit->patched, it->name, &use.after);
		vec_push(locks, use);
	}
}

static void locks_free(struct lock_use_vec *locks)
{
	vec_foreach(locks, it) {
		str_vec_free(&it->before);
		str_vec_free(&it->after);
	}
	vec_free(locks);
}

/* It, or what the compiler split off it. */
static bool names_it(const struct str_vec *users, const char *function)
{
	vec_foreach(users, it)
		if (same_root(*it, function))
			return true;
	return false;
}

static bool is_called(const struct call_vec *calls, const struct str_vec *functions)
{
	vec_foreach(functions, it)
		if (calls_of(calls, *it))
			return true;
	return false;
}

/* A function that has to do with this one, or is gone, named the lock: that code may be here now.
 */
static bool has_left(const struct safety_unit *unit, const struct version_vec *versions,
		     const struct version *version, const struct lock_use *lock)
{
	vec_foreach(&lock->before, name) {
		if (names_it(&lock->after, *name))
			continue;
		if (!elf_find_symbol(unit->patched, *name))
			return true;
		vec_foreach(versions, it)
			if (!strcmp(it->item->name, *name) &&
			    are_related(unit, version->item, it->item))
				return true;
	}
	return false;
}

/* As many locks as before, of which one is not one of those that were: old code does not take it.
 */
static void check_lock_variables(const struct safety_unit *unit, const struct version_vec *versions,
				 const struct version *version, const struct lock_use_vec *locks,
				 struct finding_vec *findings)
{
	const char *name = version->item->name;
	bool takes = false;

	vec_foreach(&version->after, it)
		takes |= known_is(KNOWN_ACQUIRE, it->name);
	vec_foreach(locks, it) {
		if (!takes || !names_it(&it->after, name) || names_it(&it->before, name) ||
		    is_called(&version->before, &it->before) ||
		    has_left(unit, versions, version, it))
			continue;
		finding_add(
			findings, "locks-changed", unit->file, name,
			"see that old and new code may run side by side: they exclude each other only where both take the same lock",
			"takes or passes on %s, which the old code does not", it->name);
		return;
	}
}

static void check_locks(const struct safety_unit *unit, const struct version_vec *versions,
			const struct version *version, const struct lock_use_vec *locks,
			struct finding_vec *findings)
{
	const char *remedy =
		"see that old and new code may run side by side: a lock that only one of them takes protects nothing until all tasks have switched";
	scope_names names = NAMES_INIT(NAMES_SHOWN);
	scope_free char *before = first_acquires(unit->orig, version->item->orig);
	scope_free char *after = first_acquires(unit->patched, version->item->patched);

	differences(unit, versions, version, KNOWN_ACQUIRE, false, &names);
	/* The compiler may write a release twice; that there is one at all is the source's. */
	differences(unit, versions, version, KNOWN_RELEASE, true, &names);

	bool differ = names.count;
	scope_free char *list = names_end(&names);

	if (differ)
		finding_add(findings, "locks-changed", unit->file, version->item->name, remedy,
			    "takes or releases locks otherwise than before: %s", list);
	else if (strlen(before) == strlen(after) && strcmp(before, after) != 0)
		finding_add(
			findings, "locks-changed", unit->file, version->item->name,
			"see that the order in which locks are taken is still that of all others, old code included",
			"has its locks in another order: %s; was %s", after, before);
	else
		check_lock_variables(unit, versions, version, locks, findings);
}

static void check_references(const struct safety_unit *unit, const struct version_vec *versions,
			     const struct version *version, struct finding_vec *findings)
{
	scope_names names = NAMES_INIT(NAMES_SHOWN);

	differences(unit, versions, version, KNOWN_REFERENCE, false, &names);

	bool differ = names.count;
	scope_free char *list = names_end(&names);

	if (differ)
		finding_add(
			findings, "references-changed", unit->file, version->item->name,
			"see that a count that old code has taken is given back by new code, and the other way round when the patch is removed",
			"takes or gives back references otherwise than before: %s", list);
}

/* ---- tasks that sleep in it ---- */

static bool starts_thread(const char *name)
{
	return known_is(KNOWN_THREAD_START, name);
}

/* Why a kernel thread may stay in the old code for ever; NULL: none does, as far as is known. */
static const char *why_thread(const struct safety_unit *unit, const struct diff_item *item)
{
	const struct elf_object *orig = unit->orig;
	const char *name =
		reaches(orig, item->orig, &(struct wanted){.kind = KNOWN_THREAD_LOOP}, 0);

	if (name)
		return name;
	if (known_is(KNOWN_THREAD, item->name))
		return "a known one";
	if (!reaches(orig, item->orig, &(struct wanted){.kind = KNOWN_SLEEP}, 2))
		return NULL;
	if (code_is_given_to(orig, item->orig, starts_thread))
		return "a thread is made of it";
	return code_never_returns(item->orig) &&
			       !reaches(orig, item->orig, &(struct wanted){.kind = KNOWN_EXIT}, 1)
		       ? "it never returns"
		       : NULL;
}

static void check_sleep(const struct safety_unit *unit, const struct diff_item *item,
			struct finding_vec *findings)
{
	const char *name = why_thread(unit, item);

	if (name) {
		finding_add(
			findings, "long-sleep", unit->file, item->name,
			"change a function that it calls between its sleeps instead, or make the thread leave it while the patch is loaded",
			"is the loop of a kernel thread (%s): the thread may sleep in it for ever, and the transition does not end before it leaves",
			name);
		return;
	}
	if (known_is(KNOWN_SLEEPER, item->name)) {
		finding_add(
			findings, "long-sleep", unit->file, item->name,
			"change a function that it calls between its sleeps instead, or give the transition the time",
			"tasks sleep in it for as long as nothing happens: the transition waits for them, some 15 seconds at a time");
		return;
	}
	name = reaches(unit->orig, item->orig, &(struct wanted){.kind = KNOWN_SLEEP}, 2);
	if (!name)
		return;
	finding_add(findings, "long-sleep", unit->file, item->name, NULL,
		    "tasks may sleep in it (%s); the transition waits for them", name);
	finding_soften(findings, SEVERITY_NOTE);
}

/* ---- functions that are called later ---- */

/* A function whose address code stores, and that code changes together with it. */
static void check_callback(const struct safety_unit *unit, const struct str_vec *changed,
			   const struct diff_item *item, struct finding_vec *findings)
{
	struct code_reference_vec refs = {};
	const char *from = NULL;

	code_references(unit->orig, item->orig, &refs);
	vec_foreach(&refs, it) {
		const struct elf_symbol *holder = elf_find_symbol(unit->orig, it->from);

		if (!it->call && holder && holder->type == STT_FUNC &&
		    strcmp(it->from, item->name) != 0 && safety_is_changed(changed, it->from) &&
		    reaches(unit->orig, holder, &(struct wanted){.kind = KNOWN_ARM}, 0))
			from = it->from;
	}
	vec_free(&refs);
	if (from)
		finding_add(
			findings, "callback-changed", unit->file, item->name,
			"see that it can deal with what the old code has set up, or cancel that in a pre-patch callback",
			"is called later, and changes together with %s, which arms it: what was armed before meets the new function",
			from);
}

/* ---- cost ---- */

/* Frames that grow by more, on a stack of 16 KiB. */
#define FRAME_GROWTH 256

static void check_cost(const struct safety_unit *unit, const struct diff_item *item,
		       struct finding_vec *findings)
{
	unsigned before = code_frame(item->orig), after = code_frame(item->patched);

	if (known_is(KNOWN_HOT, item->name))
		finding_add(
			findings, "hot-function", unit->file, item->name,
			"see whether a function that runs less often can be changed instead",
			"runs very often, and each call of a replaced function takes a detour of some tens of nanoseconds");
	if (after >= before + FRAME_GROWTH)
		finding_add(findings, "stack-frame", unit->file, item->name,
			    "allocate what is large instead", "takes %u bytes of the stack, was %u",
			    after, before);
}

/* What has been told of the unit's functions and variables, at the lines where these are. */
static void place_findings(const struct safety_unit *unit, const struct unit_types *post,
			   struct finding_vec *findings)
{
	vec_foreach(findings, it) {
		const struct type_function *function;
		const struct type_variable *variable;

		if (it->line || !it->symbol || !finding_is_at(it, unit->file, it->symbol))
			continue;
		function = unit_function_find(post, it->symbol);
		variable = unit_variable_find(post, it->symbol);
		if (function && function->file && !strcmp(function->file, unit->file))
			it->line = function->line;
		else if (variable && !variable->declared)
			it->line = variable->line;
	}
}

void safety_check_code(const struct safety_unit *unit, const struct unit_types *post,
		       const struct str_vec *changed, struct finding_vec *findings)
{
	__attribute__((cleanup(versions_free))) struct version_vec versions = {};
	__attribute__((cleanup(locks_free))) struct lock_use_vec locks = {};

	read_versions(unit, &versions);
	read_locks(unit, post, &locks);
	vec_foreach(&versions, it) {
		if (it->item->change != DIFF_CHANGED)
			continue;
		check_locks(unit, &versions, it, &locks, findings);
		check_references(unit, &versions, it, findings);
		check_sleep(unit, it->item, findings);
		check_callback(unit, changed, it->item, findings);
		check_cost(unit, it->item, findings);
	}
	place_findings(unit, post, findings);
}
