/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Loads and installs live patches that come in packages, as the settings want it.  An update run of
 * many machines must not stop because of a live patch, so that a module that cannot be loaded is
 * written down for `suture status`, and is no error.
 */
#include "live/packaged.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "base/json.h"
#include "base/strbuf.h"
#include "live/conf.h"
#include "live/load.h"
#include "live/machine.h"
#include "live/module.h"
#include "live/patches.h"
#include "live/paths.h"
#include "live/state.h"
#include "live/store.h"
#include "live/unload.h"

#define PACKAGES_DIR LIVE_STATE "/packages"

static const char *const end_names[] = {
	[LIVE_PACKAGED_BEGUN] = "interrupted", [LIVE_PACKAGED_KEPT] = "kept",
	[LIVE_PACKAGED_AT_BOOT] = "at boot",   [LIVE_PACKAGED_LOADED] = "loaded",
	[LIVE_PACKAGED_FAILED] = "not loaded", [LIVE_PACKAGED_FELL_BACK] = "fell back",
};

const char *live_packaged_name(enum live_packaged_end end)
{
	return end_names[end];
}

static bool packaged_find_end(const char *name, enum live_packaged_end *end)
{
	for (size_t i = 0; i < array_size(end_names); i++) {
		if (!strcmp(end_names[i], name)) {
			*end = i;
			return true;
		}
	}
	return false;
}

static char *packaged_path(const char *release)
{
	return xasprintf(PACKAGES_DIR "/%s.json", release);
}

void live_packaged_clear(struct live_packaged *packaged)
{
	free(packaged->release);
	free(packaged->module);
	free(packaged->name);
	free(packaged->why);
	free(packaged->time);
	str_vec_free(&packaged->names);
	*packaged = (struct live_packaged){};
}

void live_packaged_free(struct live_packaged_vec *packaged)
{
	vec_foreach(packaged, it)
		live_packaged_clear(it);
	vec_free(packaged);
}

/* Reads the file of one release; *there is false if there is none. */
static struct err *packaged_read_one(const struct root *root, const char *release, bool *there,
				     struct live_packaged *packaged)
{
	static const char remedy[] = "install the package of the live patch again";
	scope_free char *path = packaged_path(release), *end = NULL;
	scope_json object = NULL;
	size_t i;
	json_t *name;

	*there = false;
	err_try(live_state_read(root, path, remedy, &object));
	if (!object)
		return NULL;
	end = live_state_text(object, "result");
	if (!packaged_find_end(end, &packaged->end) ||
	    !json_is_array(json_object_get(object, "names")))
		return live_state_invalid(root, path, remedy);
	packaged->release = xstrdup(release);
	packaged->module = live_state_text(object, "module");
	packaged->name = live_state_text(object, "name");
	packaged->why = live_state_text(object, "why");
	packaged->time = live_state_text(object, "time");
	json_array_foreach(json_object_get(object, "names"), i, name) if (json_is_string(name))
		str_vec_add(&packaged->names, json_string_value(name));
	*there = true;
	return NULL;
}

struct err *live_packaged_read(const struct root *root, struct live_packaged_vec *packaged,
			       struct finding_vec *findings)
{
	scope_str_vec files = {};

	err_try(root_list(root, PACKAGES_DIR, &files));
	vec_foreach(&files, it) {
		struct live_packaged one = {};
		bool there = false;

		if (!str_ends(*it, ".json"))
			continue;

		scope_free char *release = xstrndup(*it, strlen(*it) - strlen(".json"));

		finding_add_error(findings, SEVERITY_WARN, "state",
				  packaged_read_one(root, release, &there, &one));
		if (there)
			vec_push(packaged, one);
		else
			live_packaged_clear(&one);
	}
	return NULL;
}

static struct err *packaged_write(const struct root *root, struct live_packaged *packaged)
{
	scope_free char *path = packaged_path(packaged->release);

	free(packaged->time);
	packaged->time = clock_utc();
	return live_state_write(
		root, path,
		json_pack("{s:s, s:s, s:o, s:o, s:s, s:o, s:s, s:o}", "schema", "suture.packaged/1",
			  "kernel", packaged->release, "module", printable_json(packaged->module),
			  "name", printable_json(packaged->name), "result",
			  live_packaged_name(packaged->end), "why", printable_json(packaged->why),
			  "time", packaged->time, "names", printables_json(&packaged->names)));
}

static void packaged_end(struct live_packaged *packaged, enum live_packaged_end end,
			 const char *why)
{
	scope_free char *copy = why ? xstrdup(why) : NULL;

	free(packaged->why);
	packaged->why = take_ptr(copy);
	packaged->end = end;
}

/* Ends with what refused, or with what the load of a module came to. */
static void packaged_fail(struct live_packaged *packaged, const struct finding_vec *findings,
			  const struct live_outcome_vec *outcomes)
{
	const char *why = "it was not loaded";

	vec_foreach(outcomes, it)
		if (it->end != LIVE_END_DONE && it->why)
			why = it->why;
	vec_foreach(findings, it)
		if (it->severity == SEVERITY_REFUSE)
			why = it->message;
	packaged_end(packaged, LIVE_PACKAGED_FAILED, why);
}

/* Returns whether package managers have changed to another root, in which /sys may yet be that of
 * the machine. */
static bool is_in_chroot(void)
{
	struct stat own, init;

	return !stat("/", &own) && !stat("/proc/1/root/.", &init) &&
	       (own.st_dev != init.st_dev || own.st_ino != init.st_ino);
}

/*
 * Returns whether this process may change the kernel that runs, and it is that release.  An image
 * of a system that is being made may lack /proc.
 */
static bool is_running(const struct root *root, const char *release)
{
	scope_live_machine machine = NULL;

	if (!root_is_machine(root) || is_in_chroot())
		return false;
	err_free(live_machine_read(root, &machine));
	return machine && machine->livepatch && !machine->container &&
	       !strcmp(machine->release, release);
}

static struct err *packaged_load(const struct root *root, const char *path, int lock,
				 struct progress *progress, struct finding_vec *findings,
				 struct live_outcome_vec *outcomes)
{
	return live_load(root,
			 &(struct live_load_spec){.modules = &path,
						  .nr_modules = path != NULL,
						  .wait_ms = -1,
						  .watch_ms = LIVE_WATCH_MS,
						  .installed = !path,
						  .lock = lock},
			 progress, findings, outcomes);
}

static bool outcomes_are_done(const struct live_outcome_vec *outcomes)
{
	vec_foreach(outcomes, it)
		if (it->end != LIVE_END_DONE)
			return false;
	return outcomes->len;
}

/* Returns whether another level for this kernel is installed, which its load can fall back to. */
static bool has_fallback(const struct root *root, const struct live_packaged *packaged)
{
	scope_live_installed installed = {};

	err_free(live_installed_read(root, packaged->release, &installed));
	vec_foreach(&installed, it)
		if (strcmp(it->name, packaged->name))
			return true;
	return false;
}

/* The replaced level is still installed: it is loaded again. */
static struct err *packaged_fall_back(const struct root *root, int lock, struct progress *progress,
				      struct live_packaged *packaged)
{
	scope_findings findings = {};
	scope_live_outcomes outcomes = {};
	scope_live_patches patches = NULL;

	if (!has_fallback(root, packaged))
		return NULL;
	err_try(packaged_load(root, NULL, lock, progress, &findings, &outcomes));
	err_try(live_patches_read(root, &patches));
	vec_foreach(&patches->list, it)
		if (str_vec_has(&packaged->names, it->name) && it->state == LIVE_ENABLED)
			packaged->end = LIVE_PACKAGED_FELL_BACK;
	return NULL;
}

static struct err *packaged_place(const struct root *root, const char *path,
				  struct finding_vec *findings, struct live_packaged *packaged,
				  enum live_packaged_end end)
{
	struct live_install install = {};
	struct err *err = live_install(root, path, &install, findings);

	live_install_free(&install);
	err_try(err);
	if (findings_refuse(findings))
		packaged_fail(packaged, findings, &(struct live_outcome_vec){});
	else
		packaged_end(packaged, end, NULL);
	return NULL;
}

static struct err *packaged_carry_out(const struct root *root, const struct live_module *module,
				      int lock, struct progress *progress,
				      struct finding_vec *findings, struct live_packaged *packaged)
{
	scope_live_outcomes outcomes = {};
	struct live_conf conf;

	err_try(live_conf_read(root, &conf));
	if (conf.load_packages == LIVE_PACKAGES_NO) {
		packaged_end(packaged, LIVE_PACKAGED_KEPT, "load-packages = no");
		return NULL;
	}
	if (module->attested == LIVE_ATTESTED_OTHER || module->attested == LIVE_ATTESTED_FAIL ||
	    module->attested == LIVE_ATTESTED_UNREADABLE) {
		finding_add_about(findings, SEVERITY_REFUSE, "tested", module->name,
				  "install the package again", "%s", module->attest_why);
		packaged_fail(packaged, findings, &outcomes);
		return NULL;
	}
	if (conf.load_packages == LIVE_PACKAGES_BOOT || !is_running(root, module->release))
		return packaged_place(root, module->path, findings, packaged,
				      LIVE_PACKAGED_AT_BOOT);
	err_try(packaged_load(root, module->path, lock, progress, findings, &outcomes));
	if (!findings_refuse(findings) && outcomes_are_done(&outcomes))
		return packaged_place(root, module->path, findings, packaged, LIVE_PACKAGED_LOADED);
	packaged_fail(packaged, findings, &outcomes);
	return packaged_fall_back(root, lock, progress, packaged);
}

struct err *live_packaged_install(const struct root *root, const char *path, int lock,
				  struct progress *progress, struct finding_vec *findings,
				  struct live_packaged *packaged)
{
	scope_live_module module = NULL;
	scope_live_installed installed = {};
	bool there;

	err_try(live_module_open(path, &module));
	err_try(live_check_release(module->release));
	err_free(packaged_read_one(root, module->release, &there, packaged));

	struct str_vec names = packaged->names;

	packaged->names = (struct str_vec){};
	live_packaged_clear(packaged);
	packaged->names = names;
	packaged->release = xstrdup(module->release);
	packaged->name = xstrdup(module->name);
	packaged->module = xstrdup(path);
	str_vec_add(&packaged->names, module->name);
	err_try(packaged_write(root, packaged));

	struct err *err = packaged_carry_out(root, module, lock, progress, findings, packaged);

	if (err && err_code(err) == ERR_INTERRUPTED)
		return err;
	if (err)
		packaged_end(packaged, LIVE_PACKAGED_FAILED, err_message(err));
	err_free(err);
	return packaged_write(root, packaged);
}

/* Unloads those of the names that are loaded. */
static struct err *packaged_unload(const struct root *root, const struct str_vec *names,
				   struct progress *progress, struct live_outcome_vec *outcomes)
{
	scope_live_patches patches = NULL;
	scope_str_vec loaded = {};

	err_try(live_patches_read(root, &patches));
	for (size_t i = patches->list.len; i-- > 0;) /* the last one loaded is on top */
		if (str_vec_has(names, patches->list.data[i].name))
			vec_push(&loaded, xstrdup(patches->list.data[i].name));
	if (!loaded.len)
		return NULL;
	return live_unload(root, &(struct live_unload_spec){.names = &loaded, .wait_ms = -1},
			   progress, outcomes);
}

struct err *live_packaged_remove(const struct root *root, const char *release,
				 struct progress *progress, struct str_vec *removed,
				 struct live_outcome_vec *outcomes)
{
	scope_live_packaged list = {};
	struct live_packaged packaged = {};
	bool there;

	err_try(live_check_release(release));
	err_try(packaged_read_one(root, release, &there, &packaged));
	vec_push(&list, packaged);
	if (!there)
		return NULL;

	struct err *unloaded = NULL;

	if (is_running(root, release))
		unloaded = packaged_unload(root, &packaged.names, progress, outcomes);

	scope_free char *path = packaged_path(release);
	struct err *err = live_uninstall(root, release, &packaged.names, removed);

	if (!err)
		err = root_remove(root, path);
	if (unloaded && err)
		err_free(err);
	return unloaded ? unloaded : err;
}
