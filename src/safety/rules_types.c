/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Rules on types: those that changed code uses, as they were and as they are now.  A type of a
 * header comes up in many units; it is told of once.
 */
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/strbuf.h"
#include "base/text.h"
#include "safety/code.h"
#include "safety/safety_internal.h"

/* Structures in structures. */
#define MAX_NESTING 4

struct changed_type {
	char *name;
	char *where; /* "include/linux/foo.h" */
	unsigned line;
	enum type_kind kind;
	struct type_change change;
	char *old_name;		/* NULL: the same */
	char *before, *after;	/* a line a member */
	struct str_vec users;	/* changed functions that have it among their variables */
	struct str_vec embeds;	/* what it holds, for finding out whether it only grew with that */
	struct str_vec derived; /* types that changed only because they hold this one */
	bool reached;		/* from the variables of changed functions */
	bool beside_changes;	/* in a file of which any function changes */
	bool stack_only;
	enum { SHIPPED_UNKNOWN, SHIPPED_SAME, SHIPPED_OTHER } shipped; /* what BTF says of before */
};

struct changed_type_vec VEC(struct changed_type *);

/* What the debug data says of a changed function. */
struct noted_function {
	char *file, *name;
	unsigned line;
	struct str_vec inlined_new, inlined_gone;
};

struct noted_function_vec VEC(struct noted_function);

struct safety_types {
	struct changed_type_vec changed;
	struct noted_function_vec functions;
};

struct safety_types *safety_types_new(void)
{
	return xcalloc(1, sizeof(struct safety_types));
}

void safety_types_free(struct safety_types *types)
{
	if (!types)
		return;
	vec_foreach(&types->changed, it) {
		struct changed_type *changed = *it;

		type_change_free(&changed->change);
		str_vec_free(&changed->users);
		str_vec_free(&changed->embeds);
		str_vec_free(&changed->derived);
		free(changed->old_name);
		free(changed->before);
		free(changed->after);
		free(changed->where);
		free(changed->name);
		free(changed);
	}
	vec_free(&types->changed);
	vec_foreach(&types->functions, it) {
		str_vec_free(&it->inlined_new);
		str_vec_free(&it->inlined_gone);
		free(it->file);
		free(it->name);
	}
	vec_free(&types->functions);
	free(types);
}

void safety_types_freep(struct safety_types **typesp)
{
	safety_types_free(*typesp);
}

/* The path in the source tree, of one that the compiler was given. */
static const char *tree_path(const char *path)
{
	const char *found;

	while ((found = strstr(path, "source/")) && (found == path || found[-1] == '/'))
		path = found + strlen("source/");
	while (str_starts(path, "./"))
		path += 2;
	return path;
}

/* ---- which functions change ---- */

static void changed_functions(const struct diff *diff, struct str_vec *names)
{
	size_t count;
	const struct diff_item *items = diff_items(diff, &count);

	for (size_t i = 0; i < count; i++)
		if (items[i].kind == DIFF_FUNCTION && items[i].patched &&
		    (items[i].change == DIFF_CHANGED || items[i].change == DIFF_NEW))
			vec_push(names, xstrdup(items[i].patched->name));
	str_vec_sort_unique(names);
}

/* The name as the source has it: "foo" of "foo.isra.0". */
bool safety_is_changed(const struct str_vec *changed, const char *name)
{
	size_t len = strlen(name);

	vec_foreach(changed, it)
		if (!strncmp(*it, name, len) && (!(*it)[len] || (*it)[len] == '.'))
			return true;
	return false;
}

/* Marks all types that can be got at from the changed functions. */
static void mark_reached(const struct unit_types *types, const struct str_vec *changed)
{
	struct type_vec todo = {};

	vec_foreach(&types->types, it)
		(*it)->reached = false;
	vec_foreach(&types->functions, it) {
		if (!safety_is_changed(changed, (*it)->name))
			continue;
		vec_foreach(&(*it)->types, name) {
			struct type *type = unit_type_find(types, *name);

			if (type && !type->reached)
				vec_push(&todo, type);
			if (type)
				type->reached = true;
		}
	}
	for (size_t i = 0; i < todo.len; i++) {
		vec_foreach(&todo.data[i]->holds, name) {
			struct type *type = unit_type_find(types, *name);

			if (!type || type->reached)
				continue;
			type->reached = true;
			vec_push(&todo, type);
		}
	}
	vec_free(&todo);
}

static void add_users(const struct unit_types *types, const struct str_vec *changed,
		      const char *type, struct str_vec *users)
{
	vec_foreach(&types->functions, it)
		if (safety_is_changed(changed, (*it)->name) && str_vec_has(&(*it)->types, type))
			vec_push(users, xstrdup((*it)->name));
	str_vec_sort_unique(users);
}

/* ---- whether objects of a type can be older than the patch ---- */

/* Functions that hand out memory of any type. */
static bool allocates(const struct safety_unit *unit, const char *function)
{
	static const char *const signs[] = {"alloc", "kmem", "dup", "priv"};
	const struct elf_symbol *symbol = elf_find_symbol(unit->patched, function);
	struct call_vec calls = {};
	bool found = false;

	if (symbol)
		code_calls(unit->patched, symbol, &calls);
	vec_foreach(&calls, it)
		for (size_t i = 0; i < array_size(signs); i++)
			found |= strstr(it->name, signs[i]) != NULL;
	vec_free(&calls);
	return found;
}

/* What others find an object by that is linked into theirs, wherever it lives. */
static bool is_link(const char *type)
{
	static const char *const links[] = {
		"struct list_head",	   "struct hlist_",	    "struct llist_node",
		"struct rb_node",	   "struct plist_node",	    "struct completion",
		"struct wait_queue_",	   "struct swait_queue",    "struct work_struct",
		"struct delayed_work",	   "struct timer_list",	    "struct hrtimer",
		"struct callback_head",	   "struct rcu_head",	    "struct rcuwait",
		"struct wake_q_node",	   "struct kref",	    "struct notifier_block",
		"struct semaphore_waiter", "struct tasklet_struct", "struct irq_work",
		"struct task_struct *",	   "wait_queue_",	    "struct rt_mutex_waiter",
	};

	for (size_t i = 0; i < array_size(links); i++)
		if (str_starts(type, links[i]))
			return true;
	return false;
}

static bool can_be_linked(const struct unit_types *types, const struct type *type, unsigned depth)
{
	vec_foreach(&type->members, it) {
		const struct type *inner =
			it->type && depth ? unit_type_find(types, it->type) : NULL;

		if (it->type && is_link(it->type))
			return true;
		if (inner && can_be_linked(types, inner, depth - 1))
			return true;
	}
	return false;
}

/* A task may be in the middle of the old function, and its object found by new code. */
static bool may_sleep(const struct safety_unit *unit, const char *function)
{
	const struct elf_symbol *old = elf_find_symbol(unit->orig, function);

	return old && old->section &&
	       (safety_reaches(unit->orig, old, KNOWN_SLEEP, 2) ||
		safety_reaches(unit->orig, old, KNOWN_SLEEPER, 2));
}

/*
 * A type of the unit's own that some function has among its locals, that nothing lasting holds or
 * points at, that has no member to link it by, and that only changed functions know of, of which
 * none sleeps, and none with a pointer to one allocates anything.
 */
static bool lives_on_stack(const struct safety_unit *unit, const struct unit_types *types,
			   const struct str_vec *changed, const struct type *before,
			   const struct type *after)
{
	unsigned uses = before->uses | after->uses;

	if (!(uses & TYPE_ON_STACK) || uses & (TYPE_STATIC | TYPE_LINKED | TYPE_RETURNED) ||
	    !after->file || strcmp(tree_path(after->file), unit->file) != 0 ||
	    can_be_linked(types, before, MAX_NESTING) || can_be_linked(types, after, MAX_NESTING))
		return false;
	vec_foreach(&types->functions, it)
		if (str_vec_has(&(*it)->types, after->name) &&
		    (!safety_is_changed(changed, (*it)->name) || may_sleep(unit, (*it)->name) ||
		     (str_vec_has(&(*it)->pointers, after->name) && allocates(unit, (*it)->name))))
			return false;
	return true;
}

/* ---- collecting ---- */

static struct changed_type *find_changed(const struct safety_types *types, const char *name,
					 const char *where)
{
	vec_foreach(&types->changed, it)
		if (!strcmp((*it)->name, name) && !strcmp((*it)->where, where))
			return *it;
	return NULL;
}

static void compare_types(struct safety_types *out, const struct safety_unit *unit,
			  const struct type_versions *versions, const struct str_vec *changed)
{
	const struct unit_types *post = versions->post;

	vec_foreach(&post->types, it) {
		const struct type *after = *it, *before = type_before(versions, after);
		bool renamed = before && strcmp(before->name, after->name) != 0;
		struct type_change change;
		const char *where = after->file ? tree_path(after->file) : unit->file;
		struct changed_type *told;

		if (!before || before->kind != after->kind)
			continue;
		type_compare(versions, before, after, &change);
		if (!change.text)
			continue;
		bool same = true;
		bool known = unit->kernel && kernel_types_match(unit->kernel, before, &same);
		told = find_changed(out, after->name, where);
		if (told) {
			type_change_free(&change);
		} else {
			told = xcalloc(1, sizeof(*told));
			told->name = xstrdup(after->name);
			told->where = xstrdup(where);
			told->line = after->line;
			told->kind = after->kind;
			told->change = change;
			told->old_name = renamed ? xstrdup(before->name) : NULL;
			told->before = type_render(before);
			told->after = type_render(after);
			told->shipped = !known ? SHIPPED_UNKNOWN
					: same ? SHIPPED_SAME
					       : SHIPPED_OTHER;
			told->stack_only = lives_on_stack(unit, post, changed, before, after);
			vec_foreach(&after->holds, name)
				vec_push(&told->embeds, xstrdup(*name));
			vec_push(&out->changed, told);
		}
		told->reached |= after->reached;
		told->beside_changes |= changed->len > 0;
		add_users(post, changed, after->name, &told->users);
	}
}

/* Types of headers that are looked at for the first time mean what the kernel means. */
static void check_new_types(const struct safety_unit *unit, const struct unit_types *pre,
			    const struct unit_types *post, struct finding_vec *findings)
{
	vec_foreach(&post->types, it) {
		const struct type *type = *it;
		const char *path = type->file ? tree_path(type->file) : "";
		bool same;

		if (unit_type_find(pre, type->name) || !type->reached ||
		    !(str_starts(path, "include/") || str_starts(path, "arch/")) ||
		    !kernel_types_match(unit->kernel, type, &same) || same)
			continue;
		finding_add(
			findings, "type-unlike-kernel", unit->file, type->name,
			"give the configuration and headers that the kernel was built with",
			"the patched code uses it as %s has it, %llu bytes; the kernel has it otherwise",
			path, (unsigned long long)type->size);
	}
}

/* Those of a that b lacks. */
static void take_missing(const struct str_vec *a, const struct str_vec *b, struct str_vec *out)
{
	vec_foreach(a, it)
		if (!b || !str_vec_has(b, *it))
			vec_push(out, xstrdup(*it));
}

static void note_functions(struct safety_types *types, const struct safety_unit *unit,
			   const struct unit_types *pre, const struct unit_types *post,
			   const struct str_vec *changed)
{
	vec_foreach(&post->functions, it) {
		const struct type_function *after = *it;
		const struct type_function *before = unit_function_find(pre, after->name);
		struct noted_function noted = {.line = after->line};

		if (!safety_is_changed(changed, after->name))
			continue;
		noted.file = xstrdup(unit->file);
		noted.name = xstrdup(after->name);
		take_missing(&after->inlined, before ? &before->inlined : NULL, &noted.inlined_new);
		if (before)
			take_missing(&before->inlined, &after->inlined, &noted.inlined_gone);
		vec_push(&types->functions, noted);
	}
}

struct err *safety_types_add(struct safety_types *types, const struct safety_unit *unit,
			     struct finding_vec *findings)
{
	scope_unit_types pre = NULL;
	scope_unit_types post = NULL;
	scope_type_versions versions = {};
	scope_str_vec changed = {};

	if (!unit->pre)
		return NULL;
	changed_functions(unit->diff, &changed);
	err_try(unit_types_read(unit->pre, &pre));
	err_try(unit_types_read(unit->post, &post));
	safety_check_code(unit, post, &changed, findings);
	mark_reached(post, &changed);
	type_versions_init(&versions, pre, post, unit->kernel);
	compare_types(types, unit, &versions, &changed);
	safety_check_variables(unit, &versions, &changed, findings);
	note_functions(types, unit, pre, post, &changed);
	if (unit->kernel)
		check_new_types(unit, pre, post, findings);
	safety_check_prototypes(unit, &versions, &changed, findings);
	return NULL;
}

/* ---- telling ---- */

/* A type whose members only moved because of another one inside it is told of with that one. */
static void find_derived(struct safety_types *types)
{
	vec_foreach(&types->changed, it) {
		struct changed_type *outer = *it;

		if (!outer->change.derived)
			continue;
		outer->change.derived = false;
		vec_foreach(&types->changed, other) {
			struct changed_type *inner = *other;

			if (inner == outer || inner->kind == TYPE_ENUM ||
			    !str_vec_has(&outer->embeds, inner->name) ||
			    inner->change.size_before == inner->change.size_after)
				continue;
			outer->change.derived = true;
			vec_push(&inner->derived, xstrdup(outer->name));
		}
	}
}

static const char *who_uses(const struct changed_type *type, char **names)
{
	*names = names_join(&type->users, NAMES_SHOWN);
	if (type->users.len)
		return "used by ";
	/* Code that has its constants need not have a variable of it. */
	if (type->kind == TYPE_ENUM)
		return "its constants stand in code as numbers";
	return type->reached ? "got at through others" : "no changed function has a variable of it";
}

static bool is_dangerous(const struct type_change *change)
{
	return change->moved || change->resized || change->replaced || change->added_end ||
	       change->size_before != change->size_after;
}

static bool is_renumbered(const struct type_change *change)
{
	return change->renumbered && !change->sentinel;
}

static const char *rule_of(const struct changed_type *type)
{
	const struct type_change *change = &type->change;

	if (type->kind == TYPE_ENUM)
		return is_renumbered(change) || change->reused ? "enum-renumbered"
							       : "enum-extended";
	if (is_dangerous(change))
		return "layout-changed";
	return change->recast || change->retyped || change->removed ? "member-retyped"
								    : "layout-extended";
}

static void tell(const struct changed_type *type, struct finding_vec *findings)
{
	static const char *const remedy =
		"keep what is added in a shadow variable (klp_shadow_alloc()), or allow it if no object of it can be older than the patch";
	static const char *const shipped[] = {
		[SHIPPED_UNKNOWN] = "",
		[SHIPPED_SAME] = "; the kernel has it as it was",
		[SHIPPED_OTHER] = "; the kernel's own is unlike both",
	};
	const char *rule = rule_of(type);
	scope_free char *names = NULL;
	scope_free char *held = names_join(&type->derived, NAMES_SHOWN);
	const char *use = who_uses(type, &names);
	bool layout = !strcmp(rule, "layout-changed");
	bool harmless = type->stack_only || !type->beside_changes;

	finding_add(findings, rule, type->where, type->name,
		    layout ? remedy : "make sure that what the kernel holds still means the same",
		    "%s%s%s%s%s (%s%s)%s%s%s", type->old_name ? "was called " : "",
		    type->old_name ? type->old_name : "", type->old_name ? "; " : "",
		    type->change.text, shipped[type->shipped], use, names,
		    type->derived.len ? "; with it changes what holds it: " : "", held,
		    type->stack_only ? "; it lives on the stack of changed functions only" : "");
	finding_at(findings, type->line);
	/* A cast, a call or a global variable gets at objects, too, and leaves no trace in DWARF.
	 */
	if ((layout && harmless) ||
	    (!strcmp(rule, "member-retyped") && (harmless || !type->change.recast)))
		finding_soften(findings, SEVERITY_WARN);
	/* It may be the same constant by another name. */
	if (!strcmp(rule, "enum-renumbered") && !is_renumbered(&type->change))
		finding_soften(findings, SEVERITY_WARN);
}

void safety_types_check(struct safety_types *types, struct finding_vec *findings)
{
	find_derived(types);
	vec_foreach(&types->changed, it) {
		const struct changed_type *type = *it;

		if (!type->change.derived)
			tell(type, findings);
	}
}

/* ---- for the report ---- */

static const struct noted_function *find_noted(const struct safety_types *types, const char *file,
					       const char *name)
{
	size_t len = strcspn(name, ".");

	vec_foreach(&types->functions, it)
		if (!strcmp(it->file, file) && !strncmp(it->name, name, len) && !it->name[len])
			return it;
	return NULL;
}

static void missing_calls(const struct call_vec *a, const struct call_vec *b, struct str_vec *out)
{
	vec_foreach(a, it)
		if (!calls_of(b, it->name))
			vec_push(out, xstrdup(it->name));
}

void safety_function_facts(const struct safety_types *types, const struct safety_unit *unit,
			   const struct diff_item *item, struct function_facts *facts)
{
	const struct noted_function *noted = find_noted(types, unit->file, item->name);
	struct call_vec before = {}, after = {};

	*facts = (struct function_facts){};
	if (item->orig) {
		facts->size_before = item->orig->size;
		code_calls(unit->orig, item->orig, &before);
	}
	if (item->patched) {
		facts->size_after = item->patched->size;
		code_calls(unit->patched, item->patched, &after);
	}
	missing_calls(&after, &before, &facts->calls_new);
	missing_calls(&before, &after, &facts->calls_gone);
	vec_free(&before);
	vec_free(&after);
	if (!noted)
		return;
	facts->line = noted->line;
	take_missing(&noted->inlined_new, NULL, &facts->inlined_new);
	take_missing(&noted->inlined_gone, NULL, &facts->inlined_gone);
}

void function_facts_free(struct function_facts *facts)
{
	str_vec_free(&facts->calls_new);
	str_vec_free(&facts->calls_gone);
	str_vec_free(&facts->inlined_new);
	str_vec_free(&facts->inlined_gone);
}

void safety_type_views(const struct safety_types *types, struct type_view_vec *views)
{
	vec_foreach(&types->changed, it) {
		const struct changed_type *changed = *it;

		vec_push(views,
			 (struct type_view){xstrdup(changed->name), xstrdup(changed->where),
					    xstrdup(changed->before), xstrdup(changed->after)});
	}
}

void type_view_vec_free(struct type_view_vec *views)
{
	vec_foreach(views, it) {
		free(it->name);
		free(it->where);
		free(it->before);
		free(it->after);
	}
	vec_free(views);
}
