/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Finds out which security fixes a live patch contains, by its .modinfo and its report. */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/cve.h"
#include "base/file.h"
#include "base/json.h"
#include "base/strbuf.h"
#include "live/fixes.h"
#include "live/module.h"

static void cves_add_strings(const json_t *array, struct str_vec *cves)
{
	size_t index;
	json_t *it;

	json_array_foreach(array, index,
			   it) if (json_is_string(it) && cve_is_id(json_string_value(it)))
		vec_push(cves, xstrdup(json_string_value(it)));
}

/*
 * The report of a cumulative patch lists fixes by unit, and the patch contains only units in state
 * "patched".  Other reports may have a list "cves", or CVE ids in the names of patches.
 */
bool live_report_cves(const char *text, size_t size, struct str_vec *cves)
{
	scope_json report = json_loadb(text, size, 0, NULL);
	size_t index;
	json_t *it;

	if (!report)
		return false;
	cves_add_strings(json_object_get(report, "cves"), cves);
	json_array_foreach(json_object_get(report, "units"), index, it)
	{
		const char *state = json_string_value(json_object_get(it, "state"));

		if (state && !strcmp(state, "patched"))
			cves_add_strings(json_object_get(it, "cves"), cves);
	}
	json_array_foreach(json_object_get(report, "patches"), index, it)
	{
		const char *name = json_is_string(it)
					   ? json_string_value(it)
					   : json_string_value(json_object_get(it, "name"));

		if (name)
			cve_find(name, strlen(name), cves);
	}
	str_vec_sort_unique(cves);
	return true;
}

/*
 * A module lists the ids that it fixes. Those of older versions have the names of their patches
 * only, and ids in these count; the report beside the module may have more. A report that cannot be
 * read adds none.
 */
void live_module_cves(const struct live_module *module, struct str_vec *cves)
{
	scope_free uint8_t *text = NULL;
	size_t size = 0;

	vec_foreach(&module->klp->info, it)
		if (str_starts(*it, "suture_cve=") || str_starts(*it, "suture_patch="))
			cve_find(*it, strlen(*it), cves);
	if (module->report)
		err_free(file_load(module->report, &text, &size));
	if (text)
		live_report_cves((const char *)text, size, cves);
	str_vec_sort_unique(cves);
}
