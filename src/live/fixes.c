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
#include "finding/cover_state.h"
#include "live/cover_claim.h"
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
 * Adds the fixes of a cumulative patch, whose report lists them by unit. A fix may lie in several
 * units, so one that is left out keeps all its fixes open.
 */
static void cves_add_units(const json_t *units, struct str_vec *cves)
{
	scope_str_vec carried = {}, open = {};
	size_t index;
	json_t *it;

	json_array_foreach(units, index, it)
	{
		enum cover_state state =
			cover_state_find(json_string_value(json_object_get(it, "state")));
		const json_t *own = json_object_get(it, "cves");

		if (state == COVER_PATCHED)
			cves_add_strings(own, &carried);
		else if (state != COVER_NOT_BUILT && state != COVER_NO_CODE)
			cves_add_strings(own, &open);
	}
	str_vec_sort_unique(&open);
	vec_foreach(&carried, cve)
		if (!str_vec_find_sorted(&open, *cve))
			vec_push(cves, take_ptr(*cve));
}

/* Other reports may have a list "cves", or CVE ids in the names of patches. */
bool live_report_cves(const char *text, size_t size, struct str_vec *cves)
{
	scope_json report = json_loadb(text, size, 0, NULL);
	size_t index;
	json_t *it;

	if (!report)
		return false;
	cves_add_strings(json_object_get(report, "cves"), cves);
	cves_add_units(json_object_get(report, "units"), cves);
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

static void cves_add_report(const char *path, struct str_vec *cves)
{
	scope_free uint8_t *text = NULL;
	size_t size = 0;

	if (path)
		err_free(file_load(path, &text, &size));
	if (text)
		live_report_cves((const char *)text, size, cves);
}

/* Adds the fixes of a cumulative patch; the list beside it may be that of another one. */
static void cves_add_cover(const struct live_module *module, struct str_vec *cves)
{
	struct live_cover *cover = module->cover ? live_cover_read(module) : NULL;
	scope_json list = cover ? json_load_file(module->cover, 0, NULL) : NULL;

	if (list && live_cover_owns(cover, list))
		cves_add_units(json_object_get(list, "units"), cves);
	live_cover_free(cover);
}

/*
 * A module lists the ids that it fixes. Those of older versions have the names of their patches
 * only, and ids in these count; the files beside the module may have more. One that cannot be read
 * adds none.
 */
void live_module_cves(const struct live_module *module, struct str_vec *cves)
{
	vec_foreach(&module->klp->info, it)
		if (str_starts(*it, "suture_cve=") || str_starts(*it, "suture_patch="))
			cve_find(*it, strlen(*it), cves);
	cves_add_report(module->report, cves);
	cves_add_cover(module, cves);
	str_vec_sort_unique(cves);
}
