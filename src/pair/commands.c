/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Asks the makefiles how each reached unit is compiled: the unpatched ones, and the patched ones
 * where their answer may differ.
 */
#include "pair/commands.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/file.h"
#include "base/path.h"
#include "base/strbuf.h"
#include "base/text.h"
#include "pair/protection.h"

/* Returns whether makefiles generate something into the folder of this object. */
static bool commands_generate_into(const struct pairing *pairing, const char *object)
{
	scope_free char *parent = path_parent(object);
	scope_free char *path = xasprintf("%s/generated/%s", pairing->kbuild.cache, parent);

	return dir_exists(path);
}

static bool commands_units_only(const struct pairing *pairing)
{
	vec_foreach(&pairing->changes.changes, it) {
		if (!str_ends(it->path, ".c"))
			return false;
	}
	return true;
}

struct paired_list VEC(struct paired_unit *);

/*
 * Asks for the commands of some units in one run of make. If that fails and the other units should
 * go on, it asks for each half, until the failing unit is known.
 */
static struct err *commands_query(struct pairing *pairing, enum side side,
				  const struct paired_list *asked)
{
	scope_free char *dir =
		xasprintf("%s/query-%u", pairing->result->work, pairing->nr_queries++);
	struct kbuild_query query = {
		.dir = dir,
		.source = side == PRE ? pairing->places[PLACE_PRE].tree : pairing->query_tree,
		.keep = side == PRE ? pairing->kbuild.cache : pairing->post_keep,
		.jobs = pairing_jobs(pairing->spec),
	};
	struct kbuild_unit_list units = {};

	vec_foreach(asked, it)
		vec_push(&units, (*it)->unit->in[side]);

	scope_free struct kbuild_command *commands = xcalloc(units.len + 1, sizeof(*commands));
	struct err *err = kbuild_commands_query(&pairing->kbuild, &query, &units, commands);

	vec_free(&units);
	for (size_t i = 0; i < asked->len; i++)
		asked->data[i]->command[side] = commands[i];
	err = err_wrap(err, "the makefiles of the %s source cannot be evaluated",
		       side == PRE ? "unpatched" : "patched");
	if (!err || !pairing->spec->keep_going || err_code(err) == ERR_INTERRUPTED)
		return err;
	vec_foreach(asked, it)
		kbuild_command_free(&(*it)->command[side]);
	if (asked->len == 1)
		return pairing_fail(pairing, asked->data[0], err, NULL);
	err_free(err);

	size_t half = asked->len / 2;
	const struct paired_list one = {asked->data, half, 0};
	const struct paired_list two = {asked->data + half, asked->len - half, 0};

	err_try(commands_query(pairing, side, &one));
	return commands_query(pairing, side, &two);
}

/* Asks for the commands of the units that are set in pick. */
static struct err *commands_query_side(struct pairing *pairing, enum side side, const bool *pick)
{
	struct paired_list asked = {};

	for (size_t i = 0; i < pairing->units.len; i++)
		if (pick[i] && !pairing->units.data[i].failure)
			vec_push(&asked, &pairing->units.data[i]);

	struct err *err = commands_query(pairing, side, &asked);

	vec_free(&asked);
	return err;
}

static bool commands_equal(const struct kbuild_command *one, const struct kbuild_command *two)
{
	return !strcmp(one->compile, two->compile) && !strcmp(one->source, two->source) &&
	       !strcmp(one->objtool, two->objtool) && !strcmp(one->finish, two->finish);
}

/* The object's and its module's names are flags that follow from other changes. */
static bool flag_matters(const char *flag)
{
	return *flag == '-' && !str_starts(flag, "-W") && !str_starts(flag, "-DKBUILD_") &&
	       !str_starts(flag, "-D__KBUILD_");
}

/* Notes flags that a file loses by the change of a makefile. */
static void commands_note_dropped(struct pairing *pairing, const struct paired_unit *unit)
{
	scope_free char *words = NULL;
	scope_str_vec dropped = {};
	char *save = NULL;

	if (!unit->own_post_command || !unit->unit->in[PRE] || unit->failure)
		return;
	words = xstrdup(unit->command[PRE].compile);
	for (char *word = strtok_r(words, " ", &save); word; word = strtok_r(NULL, " ", &save))
		if (flag_matters(word) && !str_has_word(unit->command[POST].compile, word, " "))
			vec_push(&dropped, xstrdup(word));

	scope_free char *list = str_vec_join(&dropped, " ");

	if (dropped.len)
		finding_add(&pairing->result->findings, "flags-dropped", unit->unit->source, NULL,
			    "check that the file does not need the flag",
			    "the patched makefile no longer compiles it with %s", list);
}

/* Returns whether the makefiles have objtool process any of the files. */
static bool commands_have_objtool(const struct pairing *pairing)
{
	vec_foreach(&pairing->units, it)
		if (it->unit->in[PRE] && !it->failure && *it->command[PRE].objtool)
			return true;
	return false;
}

/* Finds files that a changed makefile compiles without the protections that the kernel has. */
static void commands_find_unprotected(struct pairing *pairing, const struct paired_unit *unit)
{
	const struct kbuild_command *pre = &unit->command[PRE], *post = &unit->command[POST];
	bool is_new = !unit->unit->in[PRE];
	scope_free char *lost = NULL;

	if (!unit->own_post_command || unit->failure || !pairing->reach->makefiles_change)
		return;
	lost = is_new ? protection_overridden(post->compile)
		      : protection_lost(pre->compile, post->compile);
	if (lost)
		finding_add(
			&pairing->result->findings, "protection-lost", unit->unit->source, NULL,
			"leave the flags as they are",
			"the patched makefile changes flags on which the kernel's code relies: %s",
			lost);
	if (!*post->objtool &&
	    (is_new ? str_ends(unit->unit->source, ".c") && commands_have_objtool(pairing)
		    : *pre->objtool))
		finding_add(
			&pairing->result->findings, "protection-lost", unit->unit->source, NULL,
			"leave OBJECT_FILES_NON_STANDARD out of the patch",
			"the patched makefile keeps objtool from the file, so that its functions have no data for stack traces and its returns no mitigations");
}

/* A changed makefile matters to the units whose command it changes. */
static void commands_judge(struct paired_unit *unit)
{
	if (!unit->unit->in[PRE] || !unit->unit->in[POST] || unit->certain || unit->failure)
		return;
	if (unit->own_post_command && !commands_equal(&unit->command[PRE], &unit->command[POST]))
		unit->certain = true;
	else if (!(unit->unit->reasons & REACH_INCLUDE))
		unit->same = true;
}

struct err *commands_ask(struct pairing *pairing)
{
	size_t count = pairing->units.len;
	scope_free bool *pre = xcalloc(count + 1, sizeof(*pre));
	scope_free bool *post = xcalloc(count + 1, sizeof(*post));
	bool units_only = commands_units_only(pairing);

	for (size_t i = 0; i < count; i++)
		pre[i] = pairing->units.data[i].unit->in[PRE];
	err_try(commands_query_side(pairing, PRE, pre));
	for (size_t i = 0; i < count; i++) {
		struct paired_unit *unit = &pairing->units.data[i];

		/* One command does for both sides unless makefiles or generators change. */
		post[i] = unit->unit->in[POST] &&
			  (!unit->unit->in[PRE] || pairing->reach->makefiles_change ||
			   (!units_only && commands_generate_into(pairing, unit->unit->object)));
		unit->own_post_command = post[i];
	}
	err_try(commands_query_side(pairing, POST, post));
	for (size_t i = 0; i < count; i++)
		commands_judge(&pairing->units.data[i]);
	for (size_t i = 0; i < count; i++)
		commands_note_dropped(pairing, &pairing->units.data[i]);
	for (size_t i = 0; i < count; i++)
		commands_find_unprotected(pairing, &pairing->units.data[i]);
	return NULL;
}
