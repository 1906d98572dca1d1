/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Parses what package managers tell hooks: apt's list, or the JSON of Suture's dnf plugin. */
#include "advise/transaction.h"

#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/strbuf.h"

static char *version_or_none(const char *version)
{
	return version && *version && strcmp(version, "-") != 0 ? xstrdup(version) : NULL;
}

static void transaction_add(struct advise_update_vec *updates, const char *package,
			    const char *arch, const char *from, const char *to)
{
	vec_foreach(updates, it)
		if (!strcmp(it->package, package) && !strcmp(it->arch, arch))
			return; /* apt names a package again for its configuration */
	vec_push(updates, (struct advise_update){
				  .package = xstrdup(package),
				  .arch = xstrdup(arch),
				  .from = version_or_none(from),
				  .to = version_or_none(to),
			  });
}

/* Parses the line NAME OLD [ARCH MULTIARCH] <|=|> NEW [ARCH MULTIARCH] FILE. */
static struct err *parse_apt_line(char *line, unsigned protocol, struct advise_update_vec *updates)
{
	char *words[9] = {};
	char *save = NULL;
	size_t count = 0, wanted = protocol >= 3 ? 9 : 5, to = protocol >= 3 ? 5 : 3;

	for (char *word = strtok_r(line, " ", &save); word && count < wanted;
	     word = strtok_r(NULL, " ", &save))
		words[count++] = word;
	if (!count)
		return NULL;
	if (count < wanted)
		return err_new("the package manager's list has a line of %zu words instead of %zu",
			       count, wanted);

	const char *arch = "";

	if (protocol >= 3)
		arch = strcmp(words[6], "-") ? words[6] : words[2];
	transaction_add(updates, words[0], strcmp(arch, "-") ? arch : "", words[1],
			strcmp(words[wanted - 1], "**REMOVE**") ? words[to] : "-");
	return NULL;
}

static struct err *parse_apt(char *text, struct advise_update_vec *updates)
{
	unsigned protocol = strtoul(text + strlen("VERSION "), NULL, 10);
	char *list = strstr(text, "\n\n");

	if (protocol < 2 || protocol > 3)
		return err_new("the package manager's list has the unknown version %u", protocol);
	if (!list)
		return NULL;

	char *save = NULL;

	for (char *line = strtok_r(list, "\n", &save); line; line = strtok_r(NULL, "\n", &save))
		err_try(parse_apt_line(line, protocol, updates));
	return NULL;
}

static const char *transaction_member(const json_t *object, const char *name)
{
	return json_string_value(json_object_get(object, name));
}

static struct err *parse_json(const char *text, size_t size, struct advise_update_vec *updates)
{
	json_error_t error;
	scope_json object = json_loadb(text, size, JSON_DISABLE_EOF_CHECK, &error);
	size_t index;
	json_t *it;

	if (!object)
		return err_new("the package manager's list is not JSON: %s", error.text);
	json_array_foreach(json_object_get(object, "updates"), index, it)
	{
		const char *package = transaction_member(it, "package");

		if (!package)
			continue;

		size_t before = updates->len;

		transaction_add(updates, package,
				transaction_member(it, "arch") ? transaction_member(it, "arch")
							       : "",
				transaction_member(it, "from"), transaction_member(it, "to"));
		if (updates->len == before)
			continue;

		struct advise_update *update = &updates->data[updates->len - 1];

		update->vendor_reboot = json_is_true(json_object_get(it, "reboot"));
		json_add_strings(json_object_get(it, "cves"), &update->cves);
	}
	return NULL;
}

struct err *transaction_parse(const char *text, size_t size, struct advise_update_vec *updates)
{
	if (size && *text == '{')
		return parse_json(text, size, updates);
	if (size >= strlen("VERSION ") && !strncmp(text, "VERSION ", strlen("VERSION "))) {
		scope_free char *copy = xstrndup(text, size);

		return parse_apt(copy, updates);
	}
	return err_new(
		"the package manager's list is neither apt's (version 2 or 3) nor JSON; set DPkg::Tools::Options::PROGRAM::Version");
}

void transaction_from_apt_json(const json_t *params, struct advise_update_vec *updates)
{
	size_t index;
	json_t *it;

	json_array_foreach(json_object_get(params, "packages"), index, it)
	{
		const json_t *versions = json_object_get(it, "versions");
		const json_t *current = json_object_get(versions, "current");
		const json_t *install = json_object_get(versions, "install");
		const char *name = transaction_member(it, "name"),
			   *arch = transaction_member(it, "architecture");
		const char *mode = transaction_member(it, "mode");
		bool removed = mode && (!strcmp(mode, "deinstall") || !strcmp(mode, "purge"));

		if (name && mode && strcmp(mode, "keep") != 0)
			transaction_add(updates, name, arch ? arch : "",
					transaction_member(current, "version"),
					removed ? NULL : transaction_member(install, "version"));
	}
}
