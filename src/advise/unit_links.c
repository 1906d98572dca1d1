/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads what all unit files say about units that stop together. */
#include "advise/unit_links.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "advise/unit_text.h"
#include "base/alloc.h"
#include "base/file.h"
#include "base/path.h"
#include "base/strbuf.h"
#include "base/text.h"
#include "base/vec.h"

#define MAX_UNIT_TEXT 65536 /* more of a unit's file is not read */

struct unit_link {
	char *dependent, *unit; /* the first stops with the second */
};

struct unit_alias {
	char *alias, *unit;
};

struct unit_links {
	const struct root *root;
	bool read;
	struct VEC(struct unit_link) list;
	struct VEC(struct unit_alias) aliases;
	char text[MAX_UNIT_TEXT];
};

struct unit_links *unit_links_new(const struct root *root)
{
	struct unit_links *links = xcalloc(1, sizeof(*links));

	links->root = root;
	return links;
}

void unit_links_free(struct unit_links *links)
{
	if (!links)
		return;
	vec_foreach(&links->list, it) {
		free(it->dependent);
		free(it->unit);
	}
	vec_free(&links->list);
	vec_foreach(&links->aliases, it) {
		free(it->alias);
		free(it->unit);
	}
	vec_free(&links->aliases);
	free(links);
}

/* Returns whether units of this kind only serve others, which start again without harm. */
static bool is_harmless_kind(const char *name)
{
	return str_ends(name, ".socket") || str_ends(name, ".timer") || str_ends(name, ".path");
}

static void links_add(struct unit_links *links, const char *dependent, const char *unit)
{
	if (!is_harmless_kind(dependent) && strcmp(dependent, unit))
		vec_push(&links->list, (struct unit_link){xstrdup(dependent), xstrdup(unit)});
}

struct links_reader {
	struct unit_links *links;
	const char *unit; /* whose file is read */
};

static void links_take(const char *section, const char *key, const char *value, void *data)
{
	static const char *const keys[] = {"Requires", "Requisite", "BindsTo", "PartOf",
					   "StopPropagatedFrom"};
	const struct links_reader *reader = data;
	bool to = !strcmp(key, "PropagatesStopTo");
	scope_free char *copy = NULL;
	char *save = NULL;

	if (strcmp(section, "[Unit]") || (!to && !str_is_among(key, keys, array_size(keys))))
		return;
	copy = xstrdup(value);
	for (char *name = strtok_r(copy, " \t", &save); name; name = strtok_r(NULL, " \t", &save))
		if (to)
			links_add(reader->links, name, reader->unit);
		else
			links_add(reader->links, reader->unit, name);
}

/* Reads a file of the folder, without following links. */
static void links_read_file(struct unit_links *links, int folder, const char *file,
			    const char *unit)
{
	scope_close int fd = openat(folder, file, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOFOLLOW);
	ssize_t len = fd < 0 ? -1 : read(fd, links->text, MAX_UNIT_TEXT - 1);

	if (len <= 0)
		return;
	links->text[len] = '\0';
	unit_text_read(links->text, links_take, &(struct links_reader){links, unit});
}

/* Reads drop-ins, "x.service.d/y.conf", and links for Requires=, "x.service.requires/y.service". */
static void links_read_below(struct unit_links *links, int parent, const char *name)
{
	bool drop_ins = str_ends(name, ".d");
	scope_free char *unit =
		xstrndup(name, strlen(name) - strlen(drop_ins ? ".d" : ".requires"));
	int fd = openat(parent, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
	DIR *dir = dir_take(fd);
	const struct dirent *entry;

	if (!dir)
		return;
	while ((entry = readdir(dir)))
		if (*entry->d_name == '.')
			continue;
		else if (!drop_ins)
			links_add(links, unit, entry->d_name);
		else if (str_ends(entry->d_name, ".conf"))
			links_read_file(links, fd, entry->d_name, unit);
	closedir(dir);
}

/* Notes an alias, and reads a unit's file that lies elsewhere ("systemctl link"). */
static void links_follow(struct unit_links *links, const char *folder, const char *name)
{
	scope_free char *path = xasprintf("%s/%s", folder, name);
	scope_free char *target = root_link(links->root, path), *text = NULL;

	if (!target || !strcmp(target, "/dev/null"))
		return;
	if (strcmp(path_base(target), name)) {
		vec_push(&links->aliases,
			 (struct unit_alias){xstrdup(name), xstrdup(path_base(target))});
		return;
	}
	err_free(root_read(links->root, path, &text));
	if (text)
		unit_text_read(text, links_take, &(struct links_reader){links, name});
}

static void links_read_folder(struct unit_links *links, const char *folder)
{
	int fd = root_openat(links->root, folder, O_RDONLY | O_DIRECTORY, 0);
	DIR *dir = dir_take(fd);
	const struct dirent *entry;

	if (!dir)
		return;
	while ((entry = readdir(dir)))
		if (entry->d_type == DT_LNK)
			links_follow(links, folder, entry->d_name);
		else if (str_ends(entry->d_name, ".d") || str_ends(entry->d_name, ".requires"))
			links_read_below(links, fd, entry->d_name);
		else if (*entry->d_name != '.' && !is_harmless_kind(entry->d_name))
			links_read_file(links, fd, entry->d_name, entry->d_name);
	closedir(dir);
}

static bool links_is_alias(const struct unit_links *links, const char *name, const char *unit)
{
	vec_foreach(&links->aliases, it)
		if (!strcmp(it->alias, name) && !strcmp(it->unit, unit))
			return true;
	return false;
}

/* Returns whether the name in a unit's file may mean the unit; "%i" may stand for anything. */
static bool links_means(const struct unit_links *links, const char *name, const char *unit)
{
	const char *last = strrchr(name, '%');

	if (last) {
		const char *end = last[1] ? last + 2 : last + 1;
		size_t fixed = strcspn(name, "%");

		return strlen(unit) >= fixed + strlen(end) && !strncmp(name, unit, fixed) &&
		       str_ends(unit, end);
	}
	return !strcmp(name, unit) || links_is_alias(links, name, unit);
}

static bool is_mount(const char *name)
{
	return str_ends(name, ".mount") || str_ends(name, ".automount") || str_ends(name, ".swap");
}

const char *unit_links_find(struct unit_links *links, const char *unit, bool *mounted)
{
	const char *found = NULL;

	for (size_t i = 0; !links->read && i < UNIT_FOLDERS; i++)
		links_read_folder(links, unit_folders[i]);
	links->read = true;
	vec_foreach(&links->list, it) {
		if (!links_means(links, it->unit, unit) || links_means(links, it->dependent, unit))
			continue;
		*mounted = is_mount(it->dependent);
		found = it->dependent;
		if (*mounted)
			break;
	}
	return found;
}
