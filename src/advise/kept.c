/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Keeps the verdicts on transactions that need a reboot. */
#include "advise/kept.h"

#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/strbuf.h"
#include "base/trust.h"

#define KEPT "/run/suture/transactions.json"
#define DPKG_STATUS "/var/lib/dpkg/status"
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

/* A second update of a package is undone only by the version that was there before the first. */
static void kept_replace(json_t *entries, const struct advise_update *update)
{
	scope_free char *from = update->from ? xstrdup(update->from) : NULL;

	for (size_t i = json_array_size(entries); i-- > 0;) {
		const json_t *entry = json_array_get(entries, i);

		if (!is_entry_of(entry, update))
			continue;
		free(from);
		from = json_copy_member(entry, "from");
		json_array_remove(entries, i);
	}
	if (json_array_size(entries) < MAX_KEPT)
		json_array_append_new(entries,
				      json_pack("{s:o, s:o, s:o, s:o, s:i, s:o}", "package",
						printable_json(update->package), "arch",
						printable_json(update->arch), "from",
						from ? printable_json(from) : json_null(),
						"version", printable_json(update->to), "action",
						(int)update->action, "why",
						printable_json(update->why)));
}

struct err *advise_keep(const struct root *root, const struct advice *advice)
{
	scope_free char *boot = read_boot_id(root);
	scope_json entries = kept_load(root);
	bool changed = false;

	if (!json_is_array(entries)) {
		json_dropp(&entries);
		entries = json_array();
	}
	vec_foreach(&advice->updates, it) {
		/* Kernels and mapped files can be seen after the installation, too. */
		if (it->action < ACTION_KEXEC || it->kernel || it->units.len || !it->to)
			continue;
		kept_replace(entries, it);
		changed = true;
	}
	if (!changed)
		return NULL;

	scope_json object = json_pack("{s:s, s:O}", "boot_id", boot, "packages", entries);
	scope_free char *text = object ? json_dumps(object, JSON_INDENT(2)) : NULL;

	return text ? root_write(root, KEPT, text, strlen(text), 0644)
		    : err_new("%s: the verdicts cannot be written as JSON", KEPT);
}

/* Returns the version of an installed package in dpkg's status, or NULL; free(). */
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
		if (version && strstr(entry, "\nStatus: ") && strstr(entry, " installed\n"))
			return xstrndup(version + 10, strcspn(version + 10, "\n"));
	}
	return NULL;
}

/*
 * Returns whether dpkg says that the transaction did not happen or was undone: the package is not
 * installed, or in its version from before.  A third version was installed later, which needs the
 * reboot as well.
 */
static bool is_undone(const char *status, const struct advise_update *update)
{
	scope_free char *version = status ? dpkg_version(status, update) : NULL;

	return status && (!version || (update->from && !strcmp(version, update->from)));
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
		struct advise_update kept = {
			.package = json_copy_member(entry, "package"),
			.arch = json_copy_member(entry, "arch"),
			.from = json_copy_member(entry, "from"),
			.to = json_copy_member(entry, "version"),
			.why = json_copy_member(entry, "why"),
			.action = json_integer_value(json_object_get(entry, "action")),
		};
		bool whole = kept.package && kept.arch && kept.to && kept.why &&
			     (kept.action == ACTION_KEXEC || kept.action == ACTION_REBOOT);

		if (whole && !is_undone(status, &kept)) {
			vec_push(&advice->kept, kept);
			continue;
		}
		free(kept.package);
		free(kept.arch);
		free(kept.from);
		free(kept.to);
		free(kept.why);
	}
	return NULL;
}
