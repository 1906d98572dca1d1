/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Finds a unit in the list that `suture cover` wrote, and prints all that the list says about it.
 */
#include "cli/cover_explain.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/file.h"
#include "base/json.h"
#include "base/root.h"
#include "base/text.h"
#include "cli/findings.h"
#include "finding/cover_state.h"
#include "finding/json.h"

#define LIST_END ".cover.json"

/* Finds the list in the folder; module, if given, is the NAME of the file. */
static struct err *explain_find_list(const char *folder, const char *module, char **path)
{
	scope_str_vec names = {};
	scope_root root = NULL;
	const char *found = NULL;
	size_t count = 0;

	if (module) {
		*path = xasprintf("%s/%s" LIST_END, folder, module);
		return NULL;
	}
	err_try(root_open(folder, &root));
	err_try(root_list(root, "/", &names));
	vec_foreach(&names, it) {
		if (!str_ends(*it, LIST_END))
			continue;
		found = *it;
		count++;
	}
	if (!count)
		return err_new(
			"%s: contains no list of units; 'suture cover --kernel REL --to VERSION -o %s' writes one",
			folder, folder);
	if (count > 1)
		return err_code_new(ERR_USAGE,
				    "%s: contains %zu lists of units; choose one with --name NAME",
				    folder, count);
	*path = xasprintf("%s/%s", folder, found);
	return NULL;
}

static bool array_has(const json_t *array, const char *text)
{
	size_t index;
	json_t *value;

	json_array_foreach(array, index,
			   value) if (json_is_string(value) &&
				      !strcmp(json_string_value(value), text)) return true;
	return false;
}

static bool unit_is_meant(const json_t *unit, const char *text)
{
	const char *name = json_string_value(json_object_get(unit, "name"));

	return (name && strstr(name, text)) || array_has(json_object_get(unit, "files"), text) ||
	       array_has(json_object_get(unit, "functions"), text) ||
	       array_has(json_object_get(unit, "cves"), text);
}

static void explain_strings(const char *heading, const json_t *array)
{
	scope_str_vec list = {};

	json_add_strings(array, &list);
	if (!list.len)
		return;

	scope_free char *all = str_vec_join(&list, ", ");

	cli_printf("  %-10s %s\n", heading, all);
}

/* Explains what the state means for the patch. */
static const char *explain_state(const char *state)
{
	static const char *const meanings[] = {
		[COVER_PATCHED] = "The module contains all of it.",
		[COVER_REFUSED] =
			"It cannot be live-patched as it is; a patch of your own may carry the fix in another form.",
		[COVER_DROPPED_WITH] =
			"No rule refuses it, but it depends on changes that were left out.",
		[COVER_NOT_BUILT] = "This kernel contains none of its files.",
		[COVER_NO_CODE] = "It changes no code of this kernel.",
		[COVER_STATES] = "",
	};

	return meanings[cover_state_find(state)];
}

static void explain_unit(const json_t *unit)
{
	const char *name = json_string_value(json_object_get(unit, "name"));
	const char *state = json_string_value(json_object_get(unit, "state"));
	scope_findings reasons = {};

	findings_from_json(json_object_get(unit, "reasons"), &reasons);
	cli_printf("%s: %s\n", name ? name : "", state ? state : "");
	explain_strings("files:", json_object_get(unit, "files"));
	explain_strings("functions:", json_object_get(unit, "functions"));
	explain_strings("needs:", json_object_get(unit, "needs"));
	explain_strings("CVEs:", json_object_get(unit, "cves"));
	findings_print(stdout, &reasons, SEVERITY_NOTE);
	cli_printf("%s\n", explain_state(state));
}

struct err *cli_cover_explain(const struct cli *cli, const char *folder, const char *module,
			      const char *text)
{
	scope_free char *path = NULL;
	scope_json meant = json_array();
	scope_json list = NULL;
	json_error_t error;
	size_t index;
	json_t *unit;

	err_try(explain_find_list(folder, module, &path));
	list = json_load_file(path, 0, &error);
	if (!list)
		return err_new("%s:%d: %s", path, error.line, error.text);
	json_array_foreach(json_object_get(list, "units"), index,
			   unit) if (unit_is_meant(unit, text)) json_array_append(meant, unit);
	if (!json_array_size(meant))
		return err_new(
			"%s: no unit is named '%s', or has a file, function or CVE id of that name",
			path, text);
	if (cli->json)
		return cli_json(cli, json_pack("{s:O}", "units", meant));
	json_array_foreach(meant, index, unit)
	{
		if (index)
			cli_printf("\n");
		explain_unit(unit);
	}
	return NULL;
}
