/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Decides what the next state of a repository is: new levels, phases, successors of bad levels. */
#include "ship/publish.h"

#include <stdlib.h>
#include <string.h>

#include "advise/kernels.h"
#include "advise/version.h"
#include "base/alloc.h"
#include "base/file.h"
#include "base/file_kind.h"
#include "base/path.h"
#include "base/proc.h"
#include "base/strbuf.h"
#include "ship/lists.h"
#include "ship/meta.h"
#include "ship/repo.h"
#include "ship/successor.h"
#include "ship/subject.h"

#define VALID_DAYS 14

struct publishing {
	const struct ship_publish_spec *spec;
	struct ship_repo *repo;
	struct ship_change_vec *changes;
};

void ship_changes_free(struct ship_change_vec *changes)
{
	vec_foreach(changes, it) {
		free(it->package);
		free(it->version);
		free(it->restores);
	}
	vec_free(changes);
}

static void tell_change(const struct publishing *publishing, const struct ship_level *level,
			const char *what)
{
	vec_push(publishing->changes,
		 (struct ship_change){.package = xstrdup(level->package),
				      .version = xstrdup(level->version),
				      .phase = level->phase,
				      .rpm = level->rpm,
				      .what = what,
				      .restores =
					      level->restores ? xstrdup(level->restores) : NULL});
}

/* Reads a field of a .deb; its absence is "". */
static struct err *deb_field(const char *file, const char *field, char **value)
{
	const char *const argv[] = {"dpkg-deb", "-f", file, field, NULL};

	err_try(ship_ask(argv, value));
	(*value)[strcspn(*value, "\n")] = '\0';
	return NULL;
}

/* Reads the whole package, so that damage is found here and not by clients. */
static struct err *deb_describe(const char *file, struct ship_level *level)
{
	const char *const check[] = {"dpkg-deb", "--contents", file, NULL};

	err_try(err_wrap(ship_run(check), "%s is damaged", file));
	err_try(deb_field(file, "Package", &level->package));
	err_try(deb_field(file, "Version", &level->version));
	return deb_field(file, "Suture-Kernel", &level->kernel);
}

static struct err *rpm_describe(const char *file, struct ship_level *level)
{
	const char *const check[] = {"rpm", "-K", "--nosignature", file, NULL};
	const char *const ask[] = {
		"rpm",
		"-qp",
		"--nosignature",
		"--qf",
		"%{NAME}\\n%{EPOCHNUM}:%{VERSION}-%{RELEASE}\\n[%{PROVIDENAME}\\n]",
		file,
		NULL};
	static const char prefix[] = "suture-kernel(";
	scope_free char *text = NULL;

	err_try(err_wrap(ship_run(check), "%s is damaged", file));
	err_try(ship_ask(ask, &text));

	char *rest = text, *name = strsep(&rest, "\n"), *version = strsep(&rest, "\n");
	char *at = rest ? strstr(rest, prefix) : NULL;

	level->package = xstrdup(name);
	level->version = xstrdup(version && str_starts(version, "0:") ? version + 2
				 : version			      ? version
								      : "");
	level->kernel = at ? xstrndup(at + strlen(prefix), strcspn(at + strlen(prefix), ")\n"))
			   : xstrdup("");
	return NULL;
}

/* A repository has live patches, and Suture itself, which they need. */
static struct err *check_kind(const char *file, const struct ship_level *level)
{
	bool live = *level->kernel && str_starts(level->package, SHIP_PREFIX);

	if (live || !strcmp(level->package, "suture"))
		return NULL;
	return err_new("%s: %s is neither a package of 'suture package' nor Suture itself", file,
		       level->package);
}

static struct err *check_newer(const struct publishing *publishing, const char *file,
			       const struct ship_level *level, bool *same)
{
	const struct ship_level *newest = ship_levels_newest(
		&publishing->repo->levels, publishing->spec->suite, level->package, level->rpm);
	int order = newest ? version_compare(level->version, newest->version) : 1;

	*same = false;
	if (order > 0)
		return NULL;

	scope_free char *old =
		xasprintf("%s/" SHIP_KEPT "/%s", publishing->repo->tree, newest->file);

	if (order == 0 && !level->rpm) /* an rpm was changed by signing it */
		err_try(file_equal(file, old, same));
	if (*same)
		return NULL;
	return err_code_new(
		ERR_REFUSED,
		"%s: version %s is not later than %s, which the suite %s has; package it with a higher --level",
		file, level->version, newest->version, publishing->spec->suite);
}

static struct err *sign_rpm(const char *file, const char *key)
{
	scope_free char *gpg = proc_find("gpg"), *name = xasprintf("_gpg_name %s", key);
	scope_free char *program = xasprintf("__gpg %s", gpg ? gpg : "gpg");
	const char *const argv[] = {"rpmsign", "--define",  name, "--define",
				    program,   "--addsign", file, NULL};

	return ship_run(argv);
}

/* Adds a file to the tree's packages. If it exists, it is the same package from another suite. */
static struct err *keep_file(const struct publishing *publishing, const char *file,
			     const struct ship_level *level)
{
	scope_free char *to = xasprintf("%s/" SHIP_KEPT "/%s", publishing->repo->tree, level->file);
	bool equal = false;

	if (file_exists(to)) {
		err_try(file_equal(file, to, &equal));
		if (!equal && !level->rpm)
			return err_code_new(
				ERR_REFUSED,
				"%s: another suite has a package of this name with other contents",
				file);
		return NULL;
	}
	err_try(file_copy(file, to));
	return level->rpm ? sign_rpm(to, publishing->repo->levels.key) : NULL;
}

static struct err *add_file(const struct publishing *publishing, const char *file)
{
	const struct ship_publish_spec *spec = publishing->spec;
	struct ship_levels *levels = &publishing->repo->levels;
	struct ship_level level = {.suite = xstrdup(spec->suite),
				   .file = xstrdup(path_base(file)),
				   .rpm = str_ends(file, ".rpm"),
				   .phase = spec->phase < 0 ? 100 : spec->phase};
	bool same = false;
	struct err *err = file_kind_not_package(file);

	if (!err)
		err = level.rpm ? rpm_describe(file, &level) : deb_describe(file, &level);

	if (!err)
		err = check_kind(file, &level);
	if (!err && level.rpm && level.phase != 100)
		err = err_code_new(ERR_USAGE,
				   "%s: dnf has no phases; publish it once the phase is 100", file);
	if (!err)
		err = check_newer(publishing, file, &level, &same);
	if (!err && !same)
		err = keep_file(publishing, file, &level);
	if (err || same) {
		struct ship_levels unused = {};

		vec_push(&unused.list, level);
		if (!err)
			tell_change(publishing, &unused.list.data[0], "kept");
		ship_levels_free(&unused);
		return err;
	}
	vec_push(&levels->list, level);
	tell_change(publishing, &levels->list.data[levels->list.len - 1], "added");
	return NULL;
}

/* Sets the phase of a package's newest level; with NULL, of every package that is phased in. */
static struct err *set_phase(const struct publishing *publishing, const char *package)
{
	const struct ship_publish_spec *spec = publishing->spec;
	struct ship_levels *levels = &publishing->repo->levels;
	bool found = false;

	vec_foreach(&levels->list, it) {
		bool wanted = package ? !strcmp(it->package, package) : it->phase < 100;

		if (!wanted || strcmp(it->suite, spec->suite) || it->rpm || it->depends ||
		    it != ship_levels_newest(levels, it->suite, it->package, false))
			continue;
		it->phase = spec->phase;
		found = true;
		tell_change(publishing, it, "phase");
	}
	if (found)
		return NULL;
	return package ? err_new("the suite %s has no package %s", spec->suite, package)
		       : err_new("no level in the suite %s is being phased in", spec->suite);
}

static struct err *withdraw(const struct publishing *publishing, const char *package)
{
	struct ship_levels *levels = &publishing->repo->levels;
	struct ship_level successor = {};

	err_try(ship_successor_make(publishing->repo, publishing->spec->suite, package,
				    &successor));
	vec_push(&levels->list, successor);
	tell_change(publishing, &levels->list.data[levels->list.len - 1], "withdrawn");
	return NULL;
}

static bool is_file_item(const char *item)
{
	return strchr(item, '/') || strstr(item, ".ko") || str_ends(item, ".deb") ||
	       str_ends(item, ".rpm") || str_ends(item, ".patch");
}

static struct err *publish_items(const struct publishing *publishing)
{
	const struct ship_publish_spec *spec = publishing->spec;

	for (size_t i = 0; i < spec->nr_items; i++) {
		const char *item = spec->items[i];

		if (spec->withdraw)
			err_try(withdraw(publishing, item));
		else if (is_file_item(item))
			err_try(add_file(publishing, item));
		else if (spec->phase >= 0)
			err_try(set_phase(publishing, item));
		else
			return err_code_new(
				ERR_USAGE,
				"'%s' is not a file; for a package of the repository, give --phase or --withdraw",
				item);
	}
	if (!spec->nr_items && spec->phase >= 0)
		err_try(set_phase(publishing, NULL));
	return NULL;
}

static bool is_suite(const char *name)
{
	static const char good[] = "abcdefghijklmnopqrstuvwxyz0123456789-.";

	return *name && *name != '.' && *name != '-' && !name[strspn(name, good)];
}

/* The key is a part of reprepro's configuration, of which it must not become another line. */
static bool is_key(const char *key)
{
	return *key && !key[strcspn(key, "\n\r\t")] && *key != '-' && *key != '!';
}

static struct err *publish_settings(const struct ship_publish_spec *spec,
				    struct ship_levels *levels)
{
	if (!is_suite(spec->suite))
		return err_code_new(ERR_USAGE, "--suite: '%s' is not the name of a suite",
				    spec->suite);
	if (spec->key && !is_key(spec->key))
		return err_code_new(ERR_USAGE, "--key: '%s' does not name a key", spec->key);
	if (spec->key) {
		free(levels->key);
		levels->key = xstrdup(spec->key);
	}
	if (!levels->key)
		return err_code_new(
			ERR_USAGE,
			"a new repository needs --key, the OpenPGP key that signs its lists");
	if (spec->valid_days)
		levels->valid_days = spec->valid_days;
	if (!levels->valid_days)
		levels->valid_days = VALID_DAYS;
	return NULL;
}

struct err *ship_publish(const struct ship_publish_spec *spec, struct ship_change_vec *changes)
{
	scope_ship_repo repo = {};

	err_try(ship_repo_open(spec->repo, &repo));
	err_try(publish_settings(spec, &repo.levels));
	err_try(publish_items(&(struct publishing){spec, &repo, changes}));
	err_try(ship_meta_update(&repo, spec->suite));
	return ship_repo_commit(&repo);
}
