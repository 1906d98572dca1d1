/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Installs live patches: /var/lib/suture/<release>/installed.json lists the modules in order, each
 * in its own folder beside it.  A complete folder is renamed into its place, then the list.  A
 * folder that the list does not name was left by a command that was killed; the next command
 * removes it.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/json.h"
#include "base/path.h"
#include "base/strbuf.h"
#include "live/check.h"
#include "finding/finding.h"
#include "live/lost.h"
#include "live/journal.h"
#include "live/module.h"
#include "live/paths.h"
#include "live/state.h"
#include "live/store.h"
#include "vm/attest.h"

#define LIST_NAME "installed.json"

static char *release_dir(const char *release)
{
	return xasprintf(LIVE_STATE "/%s", release);
}

/*
 * Checks a release from a module or a command line, as it becomes the name of a folder, beside the
 * folders "held" and "packages".
 */
struct err *live_check_release(const char *release)
{
	static const char good[] =
		"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._+~-";
	size_t len = strspn(release, good);

	if (release[len])
		return err_new("a name that contains byte 0x%02x is not a valid kernel release",
			       (unsigned char)release[len]);
	if (!len || len > 64 || *release == '.' || !strcmp(release, "held") ||
	    !strcmp(release, "packages"))
		return err_new("'%s' is not a valid kernel release", release);
	return NULL;
}

static bool installed_has_strings(const json_t *entry)
{
	static const char *const keys[] = {"name", "file", "sha256"};

	for (size_t i = 0; i < array_size(keys); i++)
		if (!json_string_length(json_object_get(entry, keys[i])))
			return false;
	return true;
}

/* Reads the list; returns false if it is not valid.  No path in it may lead out of its folder. */
static bool store_read_list(const json_t *list, const char *dir,
			    struct live_installed_vec *installed)
{
	const json_t *modules = json_object_get(list, "modules");
	size_t i;
	json_t *entry;

	json_array_foreach(modules, i, entry)
	{
		const char *file = json_string_value(json_object_get(entry, "file"));

		if (!installed_has_strings(entry) || strstr(file, "..") || !strchr(file, '/'))
			return false;
		vec_push(installed,
			 (struct live_installed){
				 .name = live_state_text(entry, "name"),
				 .path = xasprintf("%s/%s", dir, file),
				 .sha256 = live_state_text(entry, "sha256"),
				 .digest = live_state_text(entry, "digest"),
				 .time = live_state_text(entry, "time"),
				 .replace = json_is_true(json_object_get(entry, "replace")),
			 });
	}
	return json_is_array(modules);
}

static void installed_clear(struct live_installed_vec *installed)
{
	live_installed_free(installed);
	*installed = (struct live_installed_vec){};
}

struct err *live_installed_read(const struct root *root, const char *release,
				struct live_installed_vec *installed)
{
	err_try(live_check_release(release));

	scope_free char *dir = release_dir(release), *option = live_root_option(root);
	scope_free char *path = xasprintf("%s/" LIST_NAME, dir);
	scope_free char *remedy = xasprintf(
		"what is installed is unknown; 'suture uninstall --all --kernel %s%s' removes it, then install the modules again",
		release, option);
	scope_json list = NULL;

	err_try(live_state_read(root, path, remedy, &list));

	bool good = !list || store_read_list(list, dir, installed);

	if (good)
		return NULL;
	installed_clear(installed);
	return live_state_invalid(root, path, remedy);
}

struct err *live_installed_elsewhere(const struct root *root, const char *release, const char *name,
				     struct str_vec *releases)
{
	scope_str_vec folders = {};

	err_try(root_list(root, LIVE_STATE, &folders));
	vec_foreach(&folders, folder) {
		scope_live_installed installed = {};

		if (!strcmp(*folder, release))
			continue;
		/* Skips damaged lists and folders that name no release. */
		err_free(live_installed_read(root, *folder, &installed));
		vec_foreach(&installed, it)
			if (!strcmp(it->name, name))
				vec_push(releases, xstrdup(*folder));
	}
	return NULL;
}

static struct err *store_write_list(const struct root *root, const char *release,
				    const struct live_installed_vec *installed)
{
	scope_free char *dir = release_dir(release);
	scope_free char *path = xasprintf("%s/" LIST_NAME, dir);
	scope_json array = json_array();
	bool good = true;

	vec_foreach(installed, it) {
		json_t *entry =
			json_pack("{s:s, s:s, s:s, s:s, s:s, s:b}", "name", it->name, "file",
				  it->path + strlen(dir) + 1, "sha256", it->sha256, "digest",
				  it->digest, "time", it->time, "replace", (int)it->replace);

		/* Appending fails for text that is not UTF-8. */
		good &= !json_array_append_new(array, entry);
	}
	if (!good)
		return live_state_write(root, path, NULL);

	json_t *list = json_pack("{s:s, s:s, s:o}", "schema", "suture.installed/1", "kernel",
				 release, "modules", take_ptr(array));

	return live_state_write(root, path, list);
}

static bool store_is_listed(const struct live_installed_vec *installed, const char *dir,
			    const char *name)
{
	scope_free char *prefix = xasprintf("%s/%s/", dir, name);

	vec_foreach(installed, it)
		if (str_starts(it->path, prefix))
			return true;
	return false;
}

/* Removes the remains of killed commands, and the folder itself if nothing is installed. */
static struct err *store_remove_unlisted(const struct root *root, const char *release,
					 const struct live_installed_vec *installed)
{
	scope_free char *dir = release_dir(release);
	scope_str_vec names = {};

	err_try(root_list(root, dir, &names));
	vec_foreach(&names, it) {
		scope_free char *path = xasprintf("%s/%s", dir, *it);

		if (strcmp(*it, LIST_NAME) && !store_is_listed(installed, dir, *it))
			err_try(root_remove(root, path));
	}
	return installed->len ? NULL : root_remove(root, dir);
}

static struct err *store_copy_into(const struct root *root, const char *from, const char *dir,
				   const char *name)
{
	scope_free char *to = xasprintf("%s/%s", dir, name);
	scope_file_map map = {};

	err_try(file_map(from, &map));
	return root_write(root, to, map.bytes.data, map.bytes.size, 0644);
}

/*
 * Returns a file name made from the module's name, as its own file name may not be UTF-8; free().
 */
static char *store_file_name(const struct live_module *module)
{
	return xasprintf("%s%s", module->name, path_module_ending_for(module->path));
}

/* Copies the module, its report or list of units, and its attestation. */
static struct err *store_copy_files(const struct root *root, const struct live_module *module,
				    const char *dir)
{
	scope_free char *attest = vm_attest_path(module->path), *name = store_file_name(module);
	scope_free char *to = xasprintf("%s/%s", dir, name), *attest_to = vm_attest_path(name);

	err_try(root_write(root, to, module->file.data, module->file.size, 0644));
	if (module->report)
		err_try(store_copy_into(root, module->report, dir, path_base(module->report)));
	if (module->cover)
		err_try(store_copy_into(root, module->cover, dir, path_base(module->cover)));
	if (file_exists(attest))
		err_try(store_copy_into(root, attest, dir, attest_to));
	return NULL;
}

/* Makes a new folder with the module; the list names the previous one until it is written. */
static struct err *store_place(const struct root *root, const struct live_module *module,
			       struct live_installed *entry)
{
	scope_free char *dir = release_dir(module->release);
	scope_free char *folder =
		xasprintf("%s/%s-%.12s-%llx", dir, module->name, module->sha256,
			  (unsigned long long)time(NULL) << 16 | (clock_boot_ms() & 0xffff));
	scope_free char *temp = xasprintf("%s/.new.%d", dir, (int)getpid());
	scope_free char *name = store_file_name(module);

	err_try(root_make_dir(root, temp));
	err_try(store_copy_files(root, module, temp));
	err_try(root_rename(root, temp, folder));
	*entry = (struct live_installed){
		.name = xstrdup(module->name),
		.path = xasprintf("%s/%s", folder, name),
		.sha256 = xstrdup(module->sha256),
		.digest = xstrdup(module->digest),
		.time = clock_utc(),
		.replace = module->klp->replace,
	};
	return NULL;
}

static void installed_free_entry(struct live_installed *entry)
{
	free(entry->name);
	free(entry->path);
	free(entry->sha256);
	free(entry->digest);
	free(entry->time);
}

/* A module supersedes an older one of its name, and all others if it has `replace`. */
static bool is_superseded(const struct live_installed *it, const struct live_module *module)
{
	return module->klp->replace || !strcmp(it->name, module->name);
}

static void drop_superseded(struct live_installed_vec *installed, const struct live_module *module,
			    struct str_vec *dropped)
{
	size_t kept = 0;

	vec_foreach(installed, it) {
		if (!is_superseded(it, module)) {
			installed->data[kept++] = *it;
			continue;
		}
		if (strcmp(it->name, module->name))
			vec_push(dropped, xstrdup(it->name));
		installed_free_entry(it);
	}
	installed->len = kept;
}

/* Warns of fixes that superseded modules have and the new one lacks, as far as they can be read. */
static void store_check_lost(const struct root *root, const struct live_installed_vec *installed,
			     const struct live_module *module, struct finding_vec *findings)
{
	vec_foreach(installed, it) {
		scope_free char *path = root_path(root, it->path), *lost = NULL;
		scope_live_module old = NULL;

		if (!is_superseded(it, module))
			continue;
		err_free(live_module_open(path, &old));
		if (old)
			lost = live_module_lost(old, module);
		if (lost)
			finding_add_about(
				findings, SEVERITY_WARN, "lost", module->name, NULL,
				"it replaces the installed %s but lacks what that patch has: %s",
				it->name, lost);
	}
}

/* Writes the module's files, then the list that names them. */
static struct err *store_enter(const struct root *root, const struct live_module *module,
			       struct live_installed_vec *installed, struct str_vec *dropped)
{
	struct live_installed entry;

	err_try(store_place(root, module, &entry));
	drop_superseded(installed, module, dropped);
	vec_push(installed, entry);
	return store_write_list(root, module->release, installed);
}

/* Removes the folders that the list on the disk does not name. */
static struct err *store_sweep(const struct root *root, const char *release)
{
	scope_live_installed installed = {};

	err_try(live_installed_read(root, release, &installed));
	return store_remove_unlisted(root, release, &installed);
}

struct err *live_install(const struct root *root, const char *path, struct live_install *install,
			 struct finding_vec *findings)
{
	scope_live_module module = NULL;
	scope_live_installed installed = {};

	err_try(live_module_open(path, &module));
	err_try(live_installed_read(root, module->release, &installed));
	install->name = xstrdup(module->name);
	install->release = xstrdup(module->release);
	err_try(live_check_install(root, module, findings));
	if (findings_refuse(findings))
		return NULL;
	vec_foreach(&installed, it)
		install->unchanged |= !strcmp(it->sha256, module->sha256);
	store_check_lost(root, &installed, module, findings);
	/* Remains of killed commands may fill the disk; if they stay, a later step reports it. */
	err_free(store_remove_unlisted(root, module->release, &installed));

	struct err *err = store_enter(root, module, &installed, &install->dropped);

	if (err) { /* only the first error is reported */
		err_free(store_sweep(root, module->release));
		return err;
	}
	install->unchanged &= install->dropped.len == 0;
	live_journal(root, EVENT_INSTALLED, module->name, "%s is installed for kernel %s",
		     module->name, module->release);
	return store_remove_unlisted(root, module->release, &installed);
}

void live_install_free(struct live_install *install)
{
	free(install->name);
	free(install->release);
	str_vec_free(&install->dropped);
}

/*
 * Returns the patch's name from a folder's, live_fix for "live_fix-0123456789ab-18f0c2d4"; free().
 */
static char *name_of_folder(const char *folder)
{
	size_t len = strlen(folder);

	for (unsigned parts = 0; parts < 2; parts++)
		while (len && folder[--len] != '-')
			;
	return len ? xstrndup(folder, len) : NULL;
}

/* Removes everything, with the names of the folders, if the list cannot be read. */
static struct err *store_remove_all(const struct root *root, const char *release,
				    struct str_vec *removed)
{
	scope_free char *dir = release_dir(release);
	scope_str_vec folders = {};

	err_free(root_list(root, dir, &folders));
	vec_foreach(&folders, it) {
		char *name = **it != '.' ? name_of_folder(*it) : NULL;

		if (name)
			vec_push(removed, name);
	}
	return root_remove(root, dir);
}

static void store_tell_journal(const struct root *root, const char *release,
			       const struct str_vec *removed)
{
	vec_foreach(removed, it)
		live_journal(root, EVENT_UNINSTALLED, *it,
			     "%s is no longer installed for kernel %s", *it, release);
}

/*
 * Shortens the list before files are removed, so that it never names missing files.  An empty list
 * is removed, which needs no disk space.
 */
static struct err *store_shorten_list(const struct root *root, const char *release,
				      const struct live_installed_vec *installed)
{
	scope_free char *path = xasprintf(LIVE_STATE "/%s/" LIST_NAME, release);

	return installed->len ? store_write_list(root, release, installed)
			      : root_remove(root, path);
}

struct err *live_uninstall(const struct root *root, const char *release,
			   const struct str_vec *names, struct str_vec *removed)
{
	scope_live_installed installed = {};
	size_t kept = 0;

	err_try(live_check_release(release));

	struct err *err = live_installed_read(root, release, &installed);

	if (err && !names) {
		err_free(err);
		err_try(store_remove_all(root, release, removed));
		store_tell_journal(root, release, removed);
		return NULL;
	}
	err_try(err);
	for (size_t i = 0; i < installed.len; i++) {
		struct live_installed *it = &installed.data[i];

		if (names && !str_vec_has(names, it->name)) {
			installed.data[kept++] = *it;
			continue;
		}
		vec_push(removed, xstrdup(it->name));
		installed_free_entry(it);
	}
	installed.len = kept;
	if (removed->len)
		err_try(store_shorten_list(root, release, &installed));
	store_tell_journal(root, release, removed);
	return store_remove_unlisted(root, release, &installed);
}

void live_installed_free(struct live_installed_vec *installed)
{
	vec_foreach(installed, it)
		installed_free_entry(it);
	vec_free(installed);
}
