/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads the rules about packages, units and files, and finds the one that applies. */
#include "advise/rules.h"

#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

#include "advise/rules_builtin.h"
#include "base/strbuf.h"
#include "base/text.h"
#include "base/trust.h"

static const struct {
	const char *name;
	unsigned actions; /* a bit for each allowed action; 0 if the kind has no actions */
} rule_kinds[] = {
	[RULE_PACKAGE] = {"package", 1 << RULE_MAPPED | 1 << RULE_NOTHING | 1 << RULE_LOG_OUT |
					     1 << RULE_SOFT_REBOOT | 1 << RULE_KEXEC |
					     1 << RULE_REBOOT | 1 << RULE_KERNEL |
					     1 << RULE_MICROCODE | 1 << RULE_MODULES},
	[RULE_UNIT] = {"unit", 1 << RULE_NOTHING | 1 << RULE_RESTART | 1 << RULE_REEXECUTE |
				       1 << RULE_LOG_OUT | 1 << RULE_SOFT_REBOOT |
				       1 << RULE_REBOOT},
	[RULE_FILE] = {"file", 1 << RULE_IGNORE},
	[RULE_DATA] = {"data", 0},
	[RULE_PROGRAM] = {"program", 1 << RULE_IGNORE},
	[RULE_INTERPRETER] = {"interpreter", 0},
};

static const char *const actions[] = {
	[RULE_MAPPED] = "mapped",   [RULE_NOTHING] = "nothing",
	[RULE_RESTART] = "restart", [RULE_REEXECUTE] = "re-execute",
	[RULE_LOG_OUT] = "log-out", [RULE_SOFT_REBOOT] = "soft-reboot",
	[RULE_KEXEC] = "kexec",	    [RULE_REBOOT] = "reboot",
	[RULE_KERNEL] = "kernel",   [RULE_MICROCODE] = "microcode",
	[RULE_MODULES] = "modules", [RULE_IGNORE] = "ignore",
};

struct rules {
	struct rule_vec list; /* in the order in which they are tried */
};

static void rule_free(struct advise_rule *rule)
{
	free(rule->name);
	free(rule->why);
	str_vec_free(&rule->match);
	str_vec_free(&rule->except);
	str_vec_free(&rule->with);
}

void rule_vec_free(struct rule_vec *rules)
{
	vec_foreach(rules, rule)
		rule_free(rule);
	vec_free(rules);
}

struct rules_parser {
	const char *file;
	unsigned line;
	struct rule_vec *rules;
	size_t first; /* the index of this text's first rule */
	struct str_vec
		*words; /* the list that a line with a blank at its start continues, or NULL */
};

static struct err *rules_wrong(const struct rules_parser *parser, const char *what,
			       const char *text)
{
	return err_new("%s:%u: %s: '%.80s'", parser->file, parser->line, what, text);
}

static void rules_add_words(struct str_vec *words, char *text)
{
	char *save = NULL;

	for (char *word = strtok_r(text, " \t", &save); word; word = strtok_r(NULL, " \t", &save))
		vec_push(words, xstrdup(word));
}

static struct err *parse_section(struct rules_parser *parser, char *line)
{
	char *end = strchr(line, ']');
	char *name = line + 1 + strcspn(line + 1, " ]");

	parser->words = NULL;
	if (!end || end[1] || *name != ' ')
		return rules_wrong(parser, "a section has the form [KIND NAME]", line);
	*end = '\0';
	*name++ = '\0';
	for (size_t i = 0; i < array_size(rule_kinds); i++) {
		if (strcmp(rule_kinds[i].name, line + 1))
			continue;

		struct advise_rule rule = {
			.kind = i,
			.name = xstrdup(str_trim(name)),
			.action = i == RULE_UNIT      ? RULE_RESTART
				  : i == RULE_PACKAGE ? RULE_MAPPED
						      : RULE_IGNORE,
		};

		vec_push(parser->rules, rule);
		return NULL;
	}
	return rules_wrong(parser, "the kind of rule is unknown", line + 1);
}

static struct err *set_action(struct rules_parser *parser, struct advise_rule *rule,
			      const char *value)
{
	for (size_t i = 0; i < array_size(actions); i++)
		if (!strcmp(actions[i], value) && rule_kinds[rule->kind].actions & 1u << i) {
			rule->action = i;
			return NULL;
		}
	return rules_wrong(parser, "this kind of rule has no such action", value);
}

static struct err *parse_key(struct rules_parser *parser, char *line)
{
	char *equals = strchr(line, '=');
	struct advise_rule *rule = parser->rules->len > parser->first
					   ? &parser->rules->data[parser->rules->len - 1]
					   : NULL;

	parser->words = NULL;
	if (!equals || !rule)
		return rules_wrong(parser, "the line is neither [KIND NAME] nor KEY = VALUE", line);
	*equals = '\0';

	const char *key = str_trim(line);
	char *value = str_trim(equals + 1);

	if (!strcmp(key, "match") || !strcmp(key, "not")) {
		parser->words = *key == 'm' ? &rule->match : &rule->except;
		rules_add_words(parser->words, value);
		return NULL;
	}
	if (!strcmp(key, "with") && rule->kind == RULE_DATA) {
		parser->words = &rule->with;
		rules_add_words(parser->words, value);
		return NULL;
	}
	if (!strcmp(key, "action"))
		return set_action(parser, rule, value);
	if (!strcmp(key, "why")) {
		free(rule->why);
		rule->why = xstrdup(value);
		return NULL;
	}
	if (!strcmp(key, "apply") && rule->kind == RULE_UNIT) {
		if (strcmp(value, "yes") && strcmp(value, "no"))
			return rules_wrong(parser, "'apply' takes yes or no", value);
		rule->apply = *value == 'y' ? APPLY_YES : APPLY_NO;
		return NULL;
	}
	return rules_wrong(parser, "the key is unknown", key);
}

static struct err *rules_parse_line(struct rules_parser *parser, char *line)
{
	bool continued = *line == ' ' || *line == '\t';

	line = str_trim(line);
	if (!*line || *line == '#')
		return NULL;
	if (continued) {
		if (!parser->words)
			return rules_wrong(parser, "the line continues nothing", line);
		rules_add_words(parser->words, line);
		return NULL;
	}
	return *line == '[' ? parse_section(parser, line) : parse_key(parser, line);
}

struct err *rules_parse(const char *file, const char *text, struct rule_vec *rules)
{
	struct rules_parser parser = {.file = file, .rules = rules, .first = rules->len};

	while (*text) {
		size_t len = strcspn(text, "\n");
		scope_free char *line = xstrndup(text, len);

		parser.line++;
		err_try(rules_parse_line(&parser, line));
		text += len + (text[len] == '\n');
	}
	for (size_t i = parser.first; i < rules->len; i++)
		if (!rules->data[i].match.len)
			return err_new("%s: [%s %s] has no 'match'", file,
				       rule_kinds[rules->data[i].kind].name, rules->data[i].name);
	return NULL;
}

/* A file of rules; a file of a later folder replaces one of the same name. */
struct source {
	char *name, *file, *text;
	bool local; /* it is in /etc, and its rules are tried first */
};

struct source_vec VEC(struct source);

static void source_free(struct source *source)
{
	free(source->name);
	free(source->file);
	free(source->text);
}

static void sources_free(struct source_vec *sources)
{
	vec_foreach(sources, source)
		source_free(source);
	vec_free(sources);
}

static void rules_add_source(struct source_vec *sources, struct source source)
{
	vec_foreach(sources, it)
		if (!strcmp(it->name, source.name)) {
			source_free(it);
			*it = source;
			return;
		}
	vec_push(sources, source);
}

static struct err *add_folder(const struct root *root, const char *dir, bool local,
			      struct source_vec *sources)
{
	scope_str_vec names = {};

	err_try(root_list(root, dir, &names));
	vec_foreach(&names, name) {
		scope_free char *path = xasprintf("%s/%s", dir, *name);
		char *text;

		if (!str_ends(*name, ".conf") || **name == '.')
			continue;

		scope_free char *problem = local ? trust_problem(root, path, TRUST_STRICT) : NULL;

		if (problem)
			return err_new("%s", problem);
		err_try(root_read(root, path, &text));
		rules_add_source(sources, (struct source){xstrdup(*name), root_path(root, path),
							  text, local});
	}
	return NULL;
}

static int compare_sources(const void *a, const void *b)
{
	const struct source *x = a, *y = b;

	if (x->local != y->local)
		return x->local ? -1 : 1;
	return strcmp(x->name, y->name);
}

static struct err *gather(const struct root *root, struct source_vec *sources)
{
	for (const struct rules_builtin *it = rules_builtin; it->name; it++)
		rules_add_source(sources, (struct source){xstrdup(it->name), xstrdup(it->name),
							  xstrdup(it->text), false});
	err_try(add_folder(root, "/usr/share/suture/advise.d", false, sources));
	err_try(add_folder(root, "/etc/suture/advise.d", true, sources));
	qsort(sources->data, sources->len, sizeof(*sources->data), compare_sources);
	return NULL;
}

struct err *rules_load(const struct root *root, struct rules **rulesp)
{
	scope_rules rules = xcalloc(1, sizeof(*rules));
	struct source_vec sources = {};
	struct err *err = gather(root, &sources);

	for (size_t i = 0; !err && i < sources.len; i++)
		err = rules_parse(sources.data[i].file, sources.data[i].text, &rules->list);
	sources_free(&sources);
	if (!err)
		*rulesp = take_ptr(rules);
	return err;
}

void rules_free(struct rules *rules)
{
	if (!rules)
		return;
	rule_vec_free(&rules->list);
	free(rules);
}

void rules_freep(struct rules **rulesp)
{
	rules_free(*rulesp);
}

static bool rule_matches(const struct str_vec *patterns, const char *subject)
{
	vec_foreach(patterns, pattern)
		if (!fnmatch(*pattern, subject, 0))
			return true;
	return false;
}

const struct advise_rule *rules_find(const struct rules *rules, enum rule_kind kind,
				     const char *subject)
{
	vec_foreach(&rules->list, rule)
		if (rule->kind == kind && rule_matches(&rule->match, subject) &&
		    !rule_matches(&rule->except, subject))
			return rule;
	return NULL;
}

bool rules_want_data(const struct rules *rules, const char *code)
{
	vec_foreach(&rules->list, rule)
		if (rule->kind == RULE_DATA &&
		    (code ? rule_matches(&rule->with, code) : !rule->with.len))
			return true;
	return false;
}
