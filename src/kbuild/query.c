/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Asks the tree's makefiles how they would compile a unit. */
#include "kbuild/query.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/file.h"
#include "base/path.h"
#include "base/text.h"
#include "kbuild/farm.h"
#include "kbuild/kept.h"
#include "kbuild/scripts.h"

/* Makes below get the goals in one argument of a shell, whose size Linux limits to 128 KiB. */
#define GOALS_AT_ONCE 800

/* The limit of programs of scripts/ that the kbuild package lacks and makefiles ask for in turn. */
#define MISSING_TOOLS 8

void kbuild_command_free(struct kbuild_command *command)
{
	free(command->compile);
	free(command->source);
	free(command->depfile);
	free(command->objtool);
	free(command->finish);
	*command = (struct kbuild_command){};
}

/* Returns the value of `key=` at the start of a line of text; free(). */
static char *query_find_value(const char *text, const char *key)
{
	size_t len = strlen(key);

	for (const char *line = text; *line; line += strcspn(line, "\n"), line += *line == '\n') {
		if (!strncmp(line, key, len) && line[len] == '=')
			return xstrndup(line + len + 1, strcspn(line + len + 1, "\n"));
	}
	return NULL;
}

struct err *kbuild_command_parse(const char *name, const char *text, struct kbuild_command *command)
{
	scope_free char *enabled = query_find_value(text, "enabled");
	scope_free char *delayed = query_find_value(text, "delayed");
	const struct {
		const char *key;
		char **value;
	} keys[] = {
		{"compile", &command->compile}, {"source", &command->source},
		{"depfile", &command->depfile}, {"objtool", &command->objtool},
		{"finish", &command->finish},
	};

	*command = (struct kbuild_command){};
	for (size_t i = 0; i < array_size(keys); i++) {
		scope_free char *value = query_find_value(text, keys[i].key);

		if (value) {
			*keys[i].value = xstrdup(str_trim(value));
			continue;
		}
		kbuild_command_free(command);
		return err_new("%s: the output of its makefile lacks \"%s\"", name, keys[i].key);
	}
	/*
	 * With IBT or LTO, objtool runs only on vmlinux.o or the module, which contain all units,
	 * even those that are exempt when they are checked alone. Its flags for a unit are then the
	 * same.
	 */
	if ((!enabled || !*enabled) && (!delayed || !strcmp(delayed, "")))
		command->objtool[0] = '\0';
	return NULL;
}

static char *query_answer_path(const char *dir, const char *object)
{
	int len = path_base(object) - object;

	return xasprintf("%s/%.*s.%s.suture", dir, len, object, object + len);
}

/* Files that a pattern rule makes: make's message names these, not the tool that the rule lacks. */
static const struct {
	const char *suffix, *tool;
} made_by[] = {
	{".asn1.h", "scripts/asn1_compiler"},
	{".asn1.c", "scripts/asn1_compiler"},
};

/*
 * Returns the tool of "No rule to make target 'scripts/x/y', needed by …", or the one that makes
 * the named file, or NULL if it is neither; free().
 */
static char *query_missing_tool(const char *output)
{
	static const char sign[] = "No rule to make target '";
	const char *at = strstr(output, sign);

	if (!at)
		return NULL;
	at += strlen(sign);

	scope_free char *target = xstrndup(at, strcspn(at, "'"));

	for (size_t i = 0; i < array_size(made_by); i++)
		if (str_ends(target, made_by[i].suffix))
			return xstrdup(made_by[i].tool);
	return str_starts(target, "scripts/") && !strstr(target, "..") ? take_ptr(target) : NULL;
}

static struct err *query_make_tool(const struct kbuild *kbuild, const char *dir, char *path)
{
	scope_free char *parent = path_parent(path);
	scope_free char *obj = xasprintf("obj=%s", parent);
	char *words[] = {"-f", "source/scripts/Makefile.build", obj, path};
	struct str_vec args = {words, array_size(words), 0};

	return kbuild_make(kbuild, dir, &args, NULL);
}

/* Runs make once, and builds tools of scripts/ that turn out to be missing. */
static struct err *query_run(const struct kbuild *kbuild, const struct kbuild_query *query,
			     const struct str_vec *args)
{
	for (unsigned made = 0;; made++) {
		scope_strbuf output = STRBUF_INIT;
		struct err *err = kbuild_make(kbuild, query->dir, args, &output);
		scope_free char *missing =
			err && made < MISSING_TOOLS ? query_missing_tool(output.buf) : NULL;

		if (!missing)
			return err;
		err_free(err);
		err_try(query_make_tool(kbuild, query->dir, missing));
	}
}

static void query_begin(const struct kbuild_query *query, char *folder, struct str_vec *args)
{
	const char *const words[] = {"MAKEFILES=suture-query.mk", "-f",
				     "source/scripts/Makefile.build", "need-builtin=1",
				     "need-modorder=1"};

	for (size_t i = 0; i < array_size(words); i++)
		vec_push(args, xstrdup(words[i]));
	vec_push(args, xasprintf("-j%u", query->jobs ? query->jobs : 1));
	vec_push(args, folder);
}

/* Asks for some of the objects with one make, which descends from the top Kbuild file. */
static struct err *query_ask(const struct kbuild *kbuild, const struct kbuild_query *query,
			     const struct kbuild_unit *const *units, size_t count)
{
	scope_str_vec args = {};

	query_begin(query, xstrdup("obj=."), &args);
	for (size_t i = 0; i < count; i++)
		vec_push(&args, xasprintf("./%s", units[i]->goal));
	return query_run(kbuild, query, &args);
}

/*
 * Before v6.1, the top Kbuild file names no folders. The top Makefile does, and exports what it
 * links from each one.
 */
static void query_roots(const struct kbuild *kbuild, struct str_vec *roots)
{
	static const char suffix[] = "/built-in.a";
	scope_free char *objects = xstrdup(kbuild_env(kbuild, "KBUILD_VMLINUX_OBJS"));
	char *save = NULL;

	for (char *word = strtok_r(objects, " ", &save); word; word = strtok_r(NULL, " ", &save))
		if (str_ends(word, suffix))
			vec_push(roots, xstrndup(word, strlen(word) - strlen(suffix)));
}

/* Returns the innermost of the folders that contain an object, or NULL. */
static const char *query_root_of(const struct str_vec *roots, const char *goal)
{
	const char *found = NULL;

	vec_foreach(roots, it) {
		size_t len = strlen(*it);

		if (str_starts(goal, *it) && goal[len] == '/' && (!found || len > strlen(found)))
			found = *it;
	}
	return found;
}

/*
 * Makefiles that descend from such a folder ignore all objects except those in a variable
 * (scripts/Makefile.build, "ifdef single-build"), which each of them filters. A variable from
 * make's command line cannot be changed by a makefile, but one that --eval sets can.
 */
static struct err *query_ask_below(const struct kbuild *kbuild, const struct kbuild_query *query,
				   const struct kbuild_unit_list *units,
				   const struct str_vec *roots, const char *root)
{
	scope_str_vec args = {};
	scope_strbuf goals = STRBUF_INIT;

	vec_foreach(units, it)
		if (query_root_of(roots, (*it)->goal) == root)
			strbuf_addf(&goals, " %s", (*it)->goal);
	if (!goals.len)
		return NULL;
	query_begin(query, xasprintf("obj=%s", root), &args);
	vec_push(&args, xstrdup("--eval=single-build = 1"));
	vec_push(&args, xasprintf("--eval=export KBUILD_SINGLE_TARGETS =%s", goals.buf));
	return query_run(kbuild, query, &args);
}

static struct err *query_ask_all(const struct kbuild *kbuild, const struct kbuild_query *query,
				 const struct kbuild_unit_list *units)
{
	scope_str_vec roots = {};

	query_roots(kbuild, &roots);
	vec_foreach(&roots, it)
		err_try(query_ask_below(kbuild, query, units, &roots, *it));
	for (size_t i = 0; !roots.len && i < units->len; i += GOALS_AT_ONCE) {
		size_t left = units->len - i;

		err_try(query_ask(kbuild, query, units->data + i,
				  left < GOALS_AT_ONCE ? left : GOALS_AT_ONCE));
	}
	return NULL;
}

/* nftw() passes no argument to its callback, which therefore adds the files to this list. */
static struct {
	struct str_vec files;
	size_t prefix;
} generated;

static int query_note_generated(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	const char *name = path + ftw->base;

	if (type == FTW_F && S_ISREG(st->st_mode) && !(st->st_mode & 0111) && name[0] != '.' &&
	    !str_starts(name, "suture-"))
		vec_push(&generated.files, xstrdup(path + generated.prefix));
	return 0;
}

/* Lists the regular files below dir that are no programs, relative to it. */
static void query_list_files(const char *dir, struct str_vec *files)
{
	generated.files = (struct str_vec){};
	generated.prefix = strlen(dir) + 1;
	nftw(dir, query_note_generated, 32, FTW_PHYS);
	*files = generated.files;
}

/* Returns what kept_*() work on: the folder of a query in place of the cache. */
static struct kbuild query_answers(const struct kbuild *kbuild, const char *keep)
{
	struct kbuild answers = *kbuild;

	answers.cache = (char *)keep;
	return answers;
}

static struct err *query_keep_generated(const struct kbuild *answers,
					const struct kbuild_query *query)
{
	scope_str_vec files = {};

	query_list_files(query->dir, &files);
	vec_foreach(&files, it) {
		scope_free char *from = xasprintf("%s/%s", query->dir, *it);
		scope_free char *name = xasprintf("generated/%s", *it);

		err_try(kept_copy(answers, from, name));
	}
	return NULL;
}

struct err *kbuild_generated_link(const struct kbuild *kbuild, const char *dir, const char *keep)
{
	scope_free char *tree = xasprintf("%s/generated", keep);
	scope_str_vec files = {};

	query_list_files(tree, &files);
	vec_foreach(&files, it) {
		scope_free char *file = xasprintf("%s/%s", tree, *it);

		err_try(farm_put(dir, kbuild->target->build_dir, *it, file));
	}
	return NULL;
}

static char *query_kept_name(const char *object)
{
	return xasprintf("commands/%s", object);
}

/*
 * If a generated file is damaged or missing, all answers are dropped, since it is not known for
 * which of them it was generated.
 */
static struct err *query_drop_damaged(const struct kbuild *answers)
{
	static const char *const names[] = {"commands", "generated", "seals/commands",
					    "seals/generated"};

	if (kept_tree_is_whole(answers, "generated"))
		return NULL;
	for (size_t i = 0; i < array_size(names); i++) {
		scope_free char *path = kept_path(answers, names[i]);

		err_try(dir_remove(path));
	}
	return NULL;
}

struct err *kbuild_unit_descend(const struct kbuild_unit *unit, const char *upper,
				const char *lower)
{
	scope_free char *parent = path_parent(unit->object);
	const char *climb = strstr(unit->goal, "/..");

	if (climb) {
		scope_free char *from = xstrndup(unit->goal, climb - unit->goal);

		err_try(farm_descend(upper, lower, from));
	}
	return farm_descend(upper, lower, parent);
}

static struct err *query_prepare(const struct kbuild *kbuild, const struct kbuild_query *query,
				 const struct kbuild_unit_list *units)
{
	scope_free char *script = xasprintf("%s/suture-query.mk", query->dir);

	err_try(kbuild_dir_make(kbuild, query->dir, query->source));
	err_try(file_write_scratch(script, kbuild_script_query, strlen(kbuild_script_query)));
	/* Otherwise make would create the folders through the links, in the target's own tree. */
	vec_foreach(units, it)
		err_try(kbuild_unit_descend(*it, query->dir, kbuild->target->build_dir));
	return NULL;
}

static struct err *query_keep_answers(const struct kbuild *answers,
				      const struct kbuild_query *query,
				      const struct kbuild_unit_list *units)
{
	err_try(query_keep_generated(answers, query));
	vec_foreach(units, it) {
		scope_free char *answer = query_answer_path(query->dir, (*it)->object);
		scope_free char *name = query_kept_name((*it)->object);

		if (!file_exists(answer))
			return err_new("%s: no makefile says how to build it", (*it)->object);
		err_try(kept_copy(answers, answer, name));
	}
	return NULL;
}

static struct err *query_ask_missing(const struct kbuild *kbuild, const struct kbuild_query *query,
				     const struct kbuild_unit_list *units)
{
	struct kbuild answers = query_answers(kbuild, query->keep);
	struct kbuild_unit_list missing = {};
	struct err *err = NULL;

	err_try(query_drop_damaged(&answers));
	vec_foreach(units, it) {
		scope_free char *name = query_kept_name((*it)->object);

		if (!kept_has(&answers, name))
			vec_push(&missing, *it);
	}
	if (missing.len)
		err = query_prepare(kbuild, query, &missing);
	if (!err && missing.len)
		err = query_ask_all(kbuild, query, &missing);
	if (!err && missing.len)
		err = query_keep_answers(&answers, query, &missing);
	vec_free(&missing);
	return err;
}

struct err *kbuild_commands_query(const struct kbuild *kbuild, const struct kbuild_query *query,
				  const struct kbuild_unit_list *units,
				  struct kbuild_command *commands)
{
	err_try(query_ask_missing(kbuild, query, units));
	for (size_t i = 0; i < units->len; i++) {
		const char *object = units->data[i]->object;
		scope_free char *kept = xasprintf("%s/commands/%s", query->keep, object);
		scope_free char *text = NULL;

		err_try(file_read(kept, &text, NULL));
		err_try(kbuild_command_parse(object, text, &commands[i]));
	}
	return NULL;
}
