/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Checks the rules on the code and data that a live patch would load. */
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/strbuf.h"
#include "base/text.h"
#include "safety/known.h"
#include "safety/safety.h"
#include "safety/string_keepers.h"

static void check_keys(const struct diff_part *part, const char *file, struct finding_vec *findings)
{
	vec_foreach(&part->keys, key) {
		if (key->harmless) {
			finding_add(
				findings, "module-key", file, key->function, NULL,
				"uses %s, which belongs to a module: that tracepoint stays silent in the replaced function, and a static call falls back to an indirect call",
				key->key);
			finding_soften(findings, SEVERITY_NOTE);
		} else {
			finding_add(
				findings, "module-key", file, key->function,
				"use static_key_enabled() in the patched source",
				"its static branch on %s, which a module owns, would stay as compiled, whatever the key's value is",
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
				: "is listed in section %s, whose meaning Suture does not know, so a live patch cannot carry its entry",
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
				"its short jump to %s, in the same section, cannot reach the kernel from a live patch",
				it->target);
		else
			finding_add(findings, "reference-lost", file, it->function,
				    "avoid the construct in the patched code",
				    "refers into section %s, which a live patch does not carry",
				    it->target);
	}
}

/* Returns one of the callees that may keep a pointer that it is given; NULL if there is none. */
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
			"is part of the patch, and its address %s %s%s: it must not be used after the patch is unloaded",
			how, stored->function, to);
	else
		finding_add(
			findings, "address-stored", file, stored->function, remedy,
			"stores the address of a constant that is part of the patch and is freed with it");
}

/* Returns whether the name is "foo" of "foo.cold", which is a part of it. */
static bool is_of_function(const struct diff_stored *stored, const char *function)
{
	size_t len = strcspn(stored->function, ".");

	return strlen(function) == len && !strncmp(stored->function, function, len);
}

/* Reports all strings whose address a function and its cold part store, in one finding. */
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
			return; /* it has been reported */
		str_vec_add(&texts, it->text);
	}
	vec_foreach(&texts, it)
		names_add(&names, "\"%.40s\"", *it);

	scope_free char *list = names_end(&names);

	finding_add(
		findings, "address-stored", file, function,
		"make sure that nothing keeps the pointer when the patch is removed, or never remove the patch",
		texts.len == 1
			? "stores the address of the string %s, which is part of the patch and is freed with it"
			: "stores the addresses of the strings %s, which are part of the patch and are freed with it",
		list);
}

/* Returns a callee that is known to keep a string that it is given; NULL if there is none. */
static const char *keeper_of_string(const struct diff_stored *stored)
{
	for (size_t i = 0; i < stored->nr_callees; i++)
		if (string_keeper(stored->callees[i], stored->arguments[i]))
			return stored->callees[i];
	return NULL;
}

static void tell_kept_string(const struct diff_stored *stored, const char *callee, const char *file,
			     struct finding_vec *findings)
{
	scope_free char *function = xstrndup(stored->function, strcspn(stored->function, "."));

	finding_add(
		findings, "address-stored", file, function,
		"make sure that what it registers is gone when the patch is removed, or never remove the patch",
		"passes the string \"%.40s\" to %s(), which keeps the pointer; the string is part of the patch and is freed with it",
		stored->text, callee);
}

/*
 * A named constant is a table, whose address may be kept by any code that gets it. Strings are
 * passed to many functions that print or copy them, and new variables are reported as such; both
 * are reported only where code writes their address into an object, and strings also where a
 * function is known to keep them.
 */
static void check_stored(const struct diff_part *part, const char *file,
			 struct finding_vec *findings)
{
	const char *last = "";

	vec_foreach(&part->stored, it) {
		const char *object = it->object;
		bool table = object && it->read_only;
		const char *callee = keeper(it);
		const char *string_callee = it->text ? keeper_of_string(it) : NULL;

		if (string_callee)
			tell_kept_string(it, string_callee, file, findings);
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
			"rename the variable in the patched source so that its name is unique",
			"several static variables have this name, and it cannot be determined which one of the running kernel is meant");
	vec_foreach(&part->stored_functions, name)
		finding_add(
			findings, "address-stored", file, *name,
			"make sure that nothing keeps the pointer when the patch is removed, or never remove the patch",
			"is new, and its address is passed on: it must not be called after the patch is unloaded");
	check_stored(part, file, findings);
	check_keys(part, file, findings);
	check_lists(part, file, findings);
	check_lost_references(part, file, findings);
}
