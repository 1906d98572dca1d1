/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Rules on the code and data that a live patch would load. */
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/strbuf.h"
#include "base/text.h"
#include "safety/known.h"
#include "safety/safety.h"

static void check_keys(const struct diff_part *part, const char *file, struct finding_vec *findings)
{
	vec_foreach(&part->keys, key) {
		if (key->harmless) {
			finding_add(
				findings, "module-key", file, key->function, NULL,
				"%s belongs to a module: that tracepoint stays silent in the replaced function, a static call goes the slower way",
				key->key);
			finding_soften(findings, SEVERITY_NOTE);
		} else {
			finding_add(
				findings, "module-key", file, key->function,
				"use static_key_enabled() in the patched source",
				"its static branch on %s, which a module owns, would stay as compiled whatever the key says",
				key->key);
		}
	}
}

static void check_lists(const struct diff_part *part, const char *file,
			struct finding_vec *findings)
{
	const struct diff_list *last = NULL;

	vec_foreach(&part->lists, list) {
		bool runtime = str_starts(list->section, "runtime_");
		bool told = last && !strcmp(last->function, list->function) &&
			    !strcmp(last->section, list->section);

		last = list;
		if (told)
			continue;
		finding_add(
			findings, runtime ? "runtime-constant" : "unknown-section", file,
			list->function,
			runtime ? "call a function that uses the constant instead of using it in the patched one"
				: "avoid the construct in the patched code",
			runtime ? "contains a constant that the kernel fills in at boot, in its own code only (%s)"
				: "is listed in section %s, which says what is to be done with its code: a live patch cannot carry that over",
			list->section);
	}
}

static void check_lost_references(const struct diff_part *part, const char *file,
				  struct finding_vec *findings)
{
	const struct diff_lost *last = NULL;

	vec_foreach(&part->lost, it) {
		bool told = last && it->jump == last->jump &&
			    !strcmp(it->function, last->function) &&
			    !strcmp(it->target, last->target);

		last = it;
		if (told)
			continue;
		if (it->jump)
			finding_add(
				findings, "short-jump", file, it->function,
				"make the change in its callers",
				"its short jump to %s, in the same section, does not reach from where a live patch is",
				it->target);
		else
			finding_add(findings, "reference-lost", file, it->function,
				    "avoid the construct in the patched code",
				    "refers into section %s, which is not carried over",
				    it->target);
	}
}

/* One of the callees that may keep what it is given; NULL: none. */
static const char *keeper(const struct diff_stored *stored)
{
	for (size_t i = 0; i < stored->nr_callees; i++)
		if (!known_is(KNOWN_BORROWER, stored->callees[i]))
			return stored->callees[i];
	return NULL;
}

static void tell_stored(const struct diff_stored *stored, const char *object, const char *callee,
			const char *file, struct finding_vec *findings)
{
	const char *remedy =
		"make sure that nothing keeps the pointer when the patch is removed, or never remove the patch";
	const char *how = stored->written    ? "is stored by"
			  : stored->returned ? "is returned by"
			  : callee	     ? "is passed on by"
					     : "is kept by";
	scope_free char *to = callee && !stored->written && !stored->returned
				      ? xasprintf(" (to %s)", callee)
				      : xstrdup("");

	if (object)
		finding_add(
			findings, "address-stored", file, object, remedy,
			"comes with the patch and its address %s %s%s: it must not be used after the patch is unloaded",
			how, stored->function, to);
	else
		finding_add(
			findings, "address-stored", file, stored->function, remedy,
			"stores the address of a constant, which comes with the patch and goes with it");
}

/* "foo" of "foo.cold", which is a part of it. */
static bool is_of_function(const struct diff_stored *stored, const char *function)
{
	size_t len = strcspn(stored->function, ".");

	return strlen(function) == len && !strncmp(stored->function, function, len);
}

/* All strings whose address a function and its cold part store, in one finding. */
static void tell_strings(const struct diff_part *part, const struct diff_stored *first,
			 const char *file, struct finding_vec *findings)
{
	scope_free char *function = xstrndup(first->function, strcspn(first->function, "."));
	scope_names names = NAMES_INIT(SIZE_MAX);
	scope_str_vec texts = {};

	vec_foreach(&part->stored, it) {
		if (!it->text || !it->written || !is_of_function(it, function))
			continue;
		if (it < first)
			return; /* it has been told */
		str_vec_add(&texts, it->text);
	}
	vec_foreach(&texts, it)
		names_add(&names, "\"%.40s\"", *it);

	scope_free char *list = names_end(&names);

	finding_add(
		findings, "address-stored", file, function,
		"make sure that nothing keeps the pointer when the patch is removed, or never remove the patch",
		texts.len == 1
			? "stores the address of the string %s, which comes with the patch and goes with it"
			: "stores the addresses of the strings %s, which come with the patch and go with it",
		list);
}

/*
 * A constant with a name is a table: whoever gets its address may keep it.  Strings are passed to
 * all sorts of functions that print or copy them, and a variable is told of as such; both are kept
 * for certain where code writes the address into an object.
 */
static void check_stored(const struct diff_part *part, const char *file,
			 struct finding_vec *findings)
{
	const char *last = "";

	vec_foreach(&part->stored, it) {
		const char *object = it->object;
		bool table = object && it->read_only;
		const char *callee = keeper(it);

		if (it->text && it->written) {
			tell_strings(part, it, file, findings);
			continue;
		}
		if ((!it->written && !(table && (it->returned || it->hidden || callee))) ||
		    !strcmp(last, object ? object : it->function))
			continue;
		last = object ? object : it->function;
		tell_stored(it, object, callee, file, findings);
	}
}

void safety_check_part(const struct diff_part *part, const char *file, struct finding_vec *findings)
{
	vec_foreach(&part->ambiguous, name)
		finding_add(
			findings, "static-local-ambiguous", file, *name,
			"give the variable a name of its own in the patched source",
			"several static variables of that name: which of the running kernel's it is cannot be told");
	vec_foreach(&part->stored_functions, name)
		finding_add(
			findings, "address-stored", file, *name,
			"make sure that nothing keeps the pointer when the patch is removed, or never remove the patch",
			"is new and its address is passed on: it must not be called after the patch is unloaded");
	check_stored(part, file, findings);
	check_keys(part, file, findings);
	check_lists(part, file, findings);
	check_lost_references(part, file, findings);
}
