/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Keeps the verdicts on transactions that need a reboot. */
#include "advise/kept.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/json.h"
#include "base/strbuf.h"
#include "base/trust.h"

#define KEPT "/run/suture/transactions.json"
#define DPKG_STATUS "/var/lib/dpkg/status"
#define SESSIONS "/run/systemd/sessions"
#define MAX_KEPT 1000

static char *read_boot_id(const struct root *root)
{
	char *id = root_read_line(root, "/proc/sys/kernel/random/boot_id");

	return id ? id : xstrdup("");
}

/* Returns the entries of this boot, a new reference; NULL if there are none that can be trusted. */
static json_t *kept_load(const struct root *root)
{
	scope_free char *text = NULL, *boot = read_boot_id(root);
	scope_free char *problem = trust_problem(root, KEPT, TRUST_STRICT);

	if (!root_exists(root, KEPT) || problem)
		return NULL;
	err_free(root_read(root, KEPT, &text));

	scope_json object = text ? json_loads(text, 0, NULL) : NULL;
	scope_free char *of = json_copy_member(object, "boot_id");

	if (!of || strcmp(of, boot))
		return NULL;
	return json_incref(json_object_get(object, "packages"));
}

static bool is_entry_of(const json_t *entry, const struct advise_update *update)
{
	const char *package = json_string_value(json_object_get(entry, "package"));
	const char *arch = json_string_value(json_object_get(entry, "arch"));

	return package && arch && !strcmp(package, update->package) && !strcmp(arch, update->arch);
}

static double kept_time(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_REALTIME_COARSE, &ts); /* as the kernel takes the times of files */
	return ts.tv_sec + ts.tv_nsec / 1e9;
}

/*
 * Returns the id of the current run of userspace, which changes with a soft-reboot: that of a
 * target that is only started by one; NULL if systemd does not tell; free().
 */
static char *read_userspace(const struct root *root)
{
	return root_link(root, "/run/systemd/units/invocation:sysinit.target");
}

/* A second update of a package is undone only by the version that was there before the first. */
static void kept_replace(json_t *entries, const struct advise_update *update, const char *userspace)
{
	scope_free char *from = update->from ? xstrdup(update->from) : NULL;
	scope_free char *why = xstrdup(update->why);
	int action = update->unseen;

	for (size_t i = json_array_size(entries); i-- > 0;) {
		const json_t *entry = json_array_get(entries, i);
		int before = (int)json_integer_value(json_object_get(entry, "action"));

		if (!is_entry_of(entry, update))
			continue;
		free(from);
		from = json_copy_member(entry, "from");
		if (before > action) {
			free(why);
			why = json_copy_member(entry, "why");
			action = before;
		}
		json_array_remove(entries, i);
	}
	if (json_array_size(entries) < MAX_KEPT)
		json_array_append_new(
			entries, json_pack("{s:o, s:o, s:o, s:o, s:i, s:o, s:f, s:s?}", "package",
					   printable_json(update->package), "arch",
					   printable_json(update->arch), "from",
					   from ? printable_json(from) : json_null(), "version",
					   printable_json(update->to), "action", action, "why",
					   printable_json(why ? why : update->why), "time",
					   kept_time(), "userspace", userspace));
}

/* Returns whether the entries have one of the package. */
static bool kept_has_update(const json_t *entries, const struct advise_update *update)
{
	const json_t *entry;
	size_t i;

	json_array_foreach(entries, i, entry) if (is_entry_of(entry, update)) return true;
	return false;
}

struct err *advise_keep(const struct root *root, const struct advice *advice)
{
	scope_free char *boot = read_boot_id(root), *userspace = read_userspace(root);
	scope_json entries = kept_load(root);
	bool changed = false;

	if (!json_is_array(entries)) {
		json_dropp(&entries);
		entries = json_array();
	}
	vec_foreach(&advice->updates, it) {
		/* Kernels and mapped files can be seen after the installation, too. */
		if (!it->to || (it->unseen < ACTION_LOG_OUT && !kept_has_update(entries, it)))
			continue;
		kept_replace(entries, it, userspace);
		changed = true;
	}
	if (!changed)
		return NULL;

	scope_json object = json_pack("{s:s, s:O}", "boot_id", boot, "packages", entries);
	scope_free char *text = object ? json_dumps(object, JSON_INDENT(2)) : NULL;

	return text ? root_write(root, KEPT, text, strlen(text), 0644)
		    : err_new("%s: the verdicts cannot be written as JSON", KEPT);
}

/*
 * Returns the version of a package in dpkg's status, or NULL; free().  A package that is unpacked,
 * but not configured, or whose triggers wait, has its files in place.
 */
static char *dpkg_version(const char *status, const struct advise_update *update)
{
	scope_free char *head = xasprintf("Package: %s\n", update->package);

	for (const char *at = status; (at = strstr(at, head)); at += strlen(head)) {
		if (at != status && at[-1] != '\n')
			continue;

		const char *end = strstr(at, "\n\n");
		scope_free char *entry = end ? xstrndup(at, end - at) : xstrdup(at);
		const char *arch = strstr(entry, "\nArchitecture: ");
		const char *version = strstr(entry, "\nVersion: ");

		if (arch && *update->arch && !str_starts(arch + 15, update->arch) &&
		    !str_starts(arch + 15, "all"))
			continue;
		if (version && !strstr(entry, " not-installed\n") &&
		    !strstr(entry, " config-files\n"))
			return xstrndup(version + 10, strcspn(version + 10, "\n"));
	}
	return NULL;
}

/* Returns whether a database of rpm was written after that time. */
static bool rpm_has_changed(const struct root *root, double since)
{
	static const char *const folders[] = {"/usr/lib/sysimage/rpm", "/var/lib/rpm"};
	static const char *const files[] = {"rpmdb.sqlite", "rpmdb.sqlite-wal", "Packages.db",
					    "Packages"};

	for (size_t i = 0; i < array_size(folders) * array_size(files); i++) {
		scope_free char *path = xasprintf("%s/%s", folders[i / array_size(files)],
						  files[i % array_size(files)]);
		struct stat st;

		if (!root_stat(root, path, &st) &&
		    st.st_mtim.tv_sec + st.st_mtim.tv_nsec / 1e9 >= since)
			return true;
	}
	return false;
}

/*
 * Returns whether the transaction did not happen or was undone: dpkg says that the package is not
 * installed, or in its version from before, or rpm was told to install that one and did something.
 * A third version was installed later, which needs the reboot as well.
 */
static bool is_undone(const struct root *root, const char *status, double recorded,
		      const struct advise_update *update)
{
	scope_free char *version = status ? dpkg_version(status, update) : NULL;

	if (status)
		return !version || (update->from && !strcmp(version, update->from));
	return update->from && !strcmp(update->from, update->to) && rpm_has_changed(root, recorded);
}

/* Returns whether a session began before that time, or whether that is not known. */
static bool has_older_session(const struct root *root, double recorded)
{
	scope_str_vec names = {};

	if (!root_exists(root, SESSIONS))
		return true;
	err_free(root_list(root, SESSIONS, &names));
	vec_foreach(&names, it) {
		scope_free char *path = xasprintf(SESSIONS "/%s", *it), *text = NULL;
		const char *start;

		if (str_ends(*it, ".ref")) /* a pipe */
			continue;
		err_free(root_read(root, path, &text));
		start = text ? strstr(text, "\nREALTIME=") : NULL;
		if (!start || strtod(start + strlen("\nREALTIME="), NULL) / 1e6 < recorded)
			return true;
	}
	return false;
}

/* Returns whether a soft-reboot or the end of all sessions has brought the update into effect. */
static bool is_in_effect(const struct root *root, const json_t *entry, enum advise_action action)
{
	const char *before = json_string_value(json_object_get(entry, "userspace"));
	scope_free char *now = read_userspace(root);

	if (action != ACTION_LOG_OUT && action != ACTION_SOFT_REBOOT)
		return false;
	if (before && now && strcmp(before, now))
		return true;
	return action == ACTION_LOG_OUT &&
	       !has_older_session(root, json_number_value(json_object_get(entry, "time")));
}

static bool kept_is_valid(const struct root *root, const char *status, const json_t *entry,
			  const struct advise_update *kept)
{
	return kept->package && kept->arch && kept->to && kept->why &&
	       kept->action >= ACTION_LOG_OUT && kept->action <= ACTION_REBOOT &&
	       !is_undone(root, status, json_number_value(json_object_get(entry, "time")), kept) &&
	       !is_in_effect(root, entry, kept->action);
}

struct err *kept_read(const struct root *root, struct advice *advice)
{
	scope_json entries = kept_load(root);
	scope_free char *status = NULL;
	const json_t *entry;
	size_t i;

	if (json_array_size(entries) && root_exists(root, DPKG_STATUS))
		err_try(root_read(root, DPKG_STATUS, &status));
	if (status && !*status) /* machines with rpm may have an empty file */
		free(take_ptr(status));
	json_array_foreach(entries, i, entry)
	{
		struct advise_update_vec one = {};

		vec_push(&one,
			 (struct advise_update){
				 .package = json_copy_member(entry, "package"),
				 .arch = json_copy_member(entry, "arch"),
				 .from = json_copy_member(entry, "from"),
				 .to = json_copy_member(entry, "version"),
				 .why = json_copy_member(entry, "why"),
				 .action = json_integer_value(json_object_get(entry, "action")),
			 });
		if (kept_is_valid(root, status, entry, one.data)) {
			vec_push(&advice->kept, *one.data);
			vec_free(&one);
		} else {
			advise_update_vec_free(&one);
		}
	}
	return NULL;
}
