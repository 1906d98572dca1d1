/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Finds what GRUB starts next, from the environment block and the grub.cfg that grub-mkconfig
 * writes.  That file is a script; only the commands of generated files are understood, and others
 * are skipped.
 */
#include "advise/grub.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/strbuf.h"
#include "base/vec.h"

#define MAX_DEPTH 16

struct grub_entry {
	int parent;	/* the index of its submenu, or -1 */
	unsigned order; /* its number in the parent's menu */
	bool submenu;
	char *title, *id; /* id may be NULL */
	char *linux_path; /* NULL if it does not start Linux */
};

struct grub {
	struct VEC(struct grub_entry) entries;
	int open[MAX_DEPTH]; /* the entry that a brace ends, or -1 for another block */
	unsigned depth;
	char *fallback; /* the value of `set default=` that counts without an environment */
	bool saved;	/* `set default=` refers to saved_entry */
	bool bls;
};

static void grub_free(struct grub *grub)
{
	vec_foreach(&grub->entries, it) {
		free(it->title);
		free(it->id);
		free(it->linux_path);
	}
	vec_free(&grub->entries);
	free(grub->fallback);
}

/* Splits a line into words as a shell does; removes quotes, and expands nothing. */
static void cut_words(const char *line, struct str_vec *words)
{
	while (*line) {
		scope_strbuf word = STRBUF_INIT;
		char quote = 0;

		line += strspn(line, " \t");
		if (!*line || *line == '#')
			return;
		for (; *line && (quote || !strchr(" \t", *line)); line++) {
			if (quote ? *line == quote : (*line == '\'' || *line == '"'))
				quote = quote ? 0 : *line;
			else if (*line == '\\' && quote != '\'' && line[1])
				strbuf_addch(&word, *++line);
			else
				strbuf_addch(&word, *line);
		}
		vec_push(words, strbuf_detach(&word));
	}
}

static int innermost(const struct grub *grub)
{
	for (unsigned i = grub->depth; i > 0; i--)
		if (i <= MAX_DEPTH && grub->open[i - 1] >= 0)
			return grub->open[i - 1];
	return -1;
}

static unsigned count_children(const struct grub *grub, int parent)
{
	unsigned count = 0;

	vec_foreach(&grub->entries, it)
		count += it->parent == parent;
	return count;
}

static int grub_add_entry(struct grub *grub, const struct str_vec *words)
{
	struct grub_entry entry = {
		.parent = innermost(grub),
		.submenu = !strcmp(words->data[0], "submenu"),
		.title = xstrdup(words->len > 1 ? words->data[1] : ""),
	};

	entry.order = count_children(grub, entry.parent);
	for (size_t i = 2; i + 1 < words->len; i++)
		if (!strcmp(words->data[i], "$menuentry_id_option") ||
		    !strcmp(words->data[i], "--id")) {
			free(entry.id);
			entry.id = xstrdup(words->data[i + 1]);
		}
	vec_push(&grub->entries, entry);
	return (int)grub->entries.len - 1;
}

static void set_default(struct grub *grub, const char *value)
{
	if (strstr(value, "next_entry"))
		return; /* this is read from the environment */
	if (strstr(value, "saved_entry")) {
		grub->saved = true;
		return;
	}
	free(grub->fallback);
	grub->fallback = xstrdup(value);
}

static void grub_take_line(struct grub *grub, const char *line)
{
	scope_str_vec words = {};

	cut_words(line, &words);
	if (!words.len)
		return;

	const char *first = words.data[0];
	bool entry = !strcmp(first, "menuentry") || !strcmp(first, "submenu");
	int current = innermost(grub);

	if (!strcmp(first, "}")) {
		grub->depth -= grub->depth > 0;
	} else if (!strcmp(words.data[words.len - 1], "{")) {
		int opened = entry ? grub_add_entry(grub, &words) : -1;

		if (grub->depth < MAX_DEPTH)
			grub->open[grub->depth] = opened;
		grub->depth++;
	} else if (str_starts(first, "linux") && words.len > 1 && current >= 0 &&
		   !grub->entries.data[current].submenu) {
		free(grub->entries.data[current].linux_path);
		grub->entries.data[current].linux_path = xstrdup(words.data[1]);
	} else if (!strcmp(first, "set") && words.len > 1 &&
		   str_starts(words.data[1], "default=")) {
		set_default(grub, words.data[1] + strlen("default="));
	} else if (!strcmp(first, "blscfg")) {
		grub->bls = true;
	}
}

/* Finds the entry of a menu that one part of a choice names by number, identifier or title. */
static int find_child(const struct grub *grub, int parent, const char *part)
{
	bool number = *part && strspn(part, "0123456789") == strlen(part);
	unsigned long order = number ? strtoul(part, NULL, 10) : 0;

	for (size_t i = 0; i < grub->entries.len; i++) {
		const struct grub_entry *it = &grub->entries.data[i];

		if (it->parent == parent &&
		    ((number && it->order == order) || (it->id && !strcmp(it->id, part)) ||
		     !strcmp(it->title, part)))
			return (int)i;
	}
	return -1;
}

/* Finds the chosen entry; like GRUB, takes the first one if the chosen one does not exist. */
static int grub_resolve(const struct grub *grub, const char *choice)
{
	scope_free char *copy = xstrdup(choice);
	char *save = NULL;
	int at = -1;

	for (char *part = strtok_r(copy, ">", &save); part; part = strtok_r(NULL, ">", &save)) {
		int child = find_child(grub, at, part);

		if (child < 0)
			break;
		at = child;
	}
	if (at < 0)
		at = find_child(grub, -1, "0");
	for (unsigned i = 0; at >= 0 && grub->entries.data[at].submenu && i < MAX_DEPTH; i++)
		at = find_child(grub, at, "0");
	return at;
}

char *grub_environment_value(const char *environment, const char *name)
{
	size_t len = strlen(name);

	while (environment && *environment) {
		size_t line = strcspn(environment, "\n");

		if (line > len && !strncmp(environment, name, len) && environment[len] == '=')
			return line > len + 1 ? xstrndup(environment + len + 1, line - len - 1)
					      : NULL;
		environment += line + (environment[line] == '\n');
	}
	return NULL;
}

static void grub_parse(const char *config, struct grub *grub)
{
	while (*config) {
		size_t len = strcspn(config, "\n");
		scope_free char *line = xstrndup(config, len);

		grub_take_line(grub, line);
		config += len + (config[len] == '\n');
	}
}

char *grub_next(const char *config, const char *environment, char **why)
{
	struct grub grub = {};
	scope_free char *once = grub_environment_value(environment, "next_entry");
	scope_free char *saved = grub_environment_value(environment, "saved_entry");
	char *path = NULL;

	grub_parse(config, &grub);

	const char *choice = once		   ? once
			     : grub.saved && saved ? saved
			     : grub.fallback	   ? grub.fallback
						   : "0";
	int entry = grub.bls ? -1 : grub_resolve(&grub, choice);

	if (entry >= 0 && grub.entries.data[entry].linux_path)
		path = xstrdup(grub.entries.data[entry].linux_path);
	*why = once		     ? xasprintf("GRUB's entry for one boot is '%s'", once)
	       : grub.saved && saved ? xasprintf("GRUB's saved entry is '%s'", saved)
	       : path		     ? xstrdup("GRUB's default entry")
				     : xstrdup("GRUB's default entry does not start Linux");
	grub_free(&grub);
	return path;
}
