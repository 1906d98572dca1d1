/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads and writes the list of what was published in a repository. */
#include "ship/levels.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/file.h"
#include "base/json.h"

static void level_free(struct ship_level *level)
{
	free(level->suite);
	free(level->package);
	free(level->version);
	free(level->kernel);
	free(level->file);
	free(level->restores);
	free(level->depends);
}

/* No name may lead out of the folder of packages. */
static bool level_parse(const json_t *entry, struct ship_level *level)
{
	*level = (struct ship_level){
		.suite = json_copy_member(entry, "suite"),
		.package = json_copy_member(entry, "package"),
		.version = json_copy_member(entry, "version"),
		.kernel = json_copy_member(entry, "kernel"),
		.file = json_copy_member(entry, "file"),
		.rpm = json_is_true(json_object_get(entry, "rpm")),
		.phase = json_integer_value(json_object_get(entry, "phase")),
		.withdrawn = json_is_true(json_object_get(entry, "withdrawn")),
		.restores = json_copy_member(entry, "restores"),
		.depends = json_copy_member(entry, "depends"),
	};
	return level->suite && level->package && level->version && level->kernel && level->file &&
	       *level->file && *level->file != '.' && !strchr(level->file, '/') &&
	       !strchr(level->suite, '/') && level->phase <= 100;
}

struct err *ship_levels_read(const char *dir, struct ship_levels *levels)
{
	scope_free char *path = xasprintf("%s/" SHIP_LEVELS_FILE, dir), *text = NULL;
	size_t i, size;
	json_t *entry;

	if (!file_exists(path))
		return NULL;
	err_try(file_read(path, &text, &size));

	scope_json object = json_loadb(text, size, 0, NULL);

	levels->key = json_copy_member(object, "key");
	levels->valid_days = json_integer_value(json_object_get(object, "valid_days"));
	json_array_foreach(json_object_get(object, "levels"), i, entry)
	{
		struct ship_level level;

		if (!level_parse(entry, &level)) {
			level_free(&level);
			return err_new("%s: entry %zu is not valid", path, i + 1);
		}
		vec_push(&levels->list, level);
	}
	return levels->key && levels->valid_days ? NULL
						 : err_new("%s is not a list of levels", path);
}

struct err *ship_levels_write(const char *dir, const struct ship_levels *levels)
{
	scope_free char *path = xasprintf("%s/" SHIP_LEVELS_FILE, dir);
	scope_json array = json_array();

	vec_foreach(&levels->list, it)
		json_array_append_new(
			array,
			json_pack("{s:s, s:s, s:s, s:s, s:s, s:b, s:i, s:b, s:s?, s:s?}", "suite",
				  it->suite, "package", it->package, "version", it->version,
				  "kernel", it->kernel, "file", it->file, "rpm", (int)it->rpm,
				  "phase", (int)it->phase, "withdrawn", (int)it->withdrawn,
				  "restores", it->restores, "depends", it->depends));

	scope_json object =
		json_pack("{s:s, s:s, s:i, s:O}", "schema", "suture.repository/1", "key",
			  levels->key, "valid_days", (int)levels->valid_days, "levels", array);
	scope_free char *text = object ? json_dumps(object, JSON_INDENT(2)) : NULL;

	if (!text)
		return err_new("%s: it would contain text that is not UTF-8", path);
	return file_write(path, text, strlen(text));
}

void ship_levels_free(struct ship_levels *levels)
{
	free(levels->key);
	vec_foreach(&levels->list, it)
		level_free(it);
	vec_free(&levels->list);
}

static bool level_is_of(const struct ship_level *level, const char *suite, const char *package,
			bool rpm)
{
	return level->rpm == rpm && !strcmp(level->suite, suite) &&
	       !strcmp(level->package, package);
}

struct ship_level *ship_levels_newest(const struct ship_levels *levels, const char *suite,
				      const char *package, bool rpm)
{
	struct ship_level *newest = NULL;

	vec_foreach(&levels->list, it)
		if (level_is_of(it, suite, package, rpm))
			newest = it;
	return newest;
}

bool ship_level_is_served(const struct ship_levels *levels, const struct ship_level *level)
{
	if (!level->phase)
		return false;
	vec_foreach(&levels->list, it)
		if (it > level && it->phase &&
		    level_is_of(it, level->suite, level->package, level->rpm))
			return false;
	return true;
}

void ship_levels_suites(const struct ship_levels *levels, struct str_vec *suites)
{
	vec_foreach(&levels->list, it)
		vec_push(suites, xstrdup(it->suite));
	str_vec_sort_unique(suites);
}
