/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Identifies units by the contents of their patched objects. A caller that builds many units
 * repeatedly, leaving out more of the change each time, need not compare and prove again the units
 * whose objects stay the same.
 */
#include "klp/settled.h"

#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

#include "base/alloc.h"
#include "base/file.h"

static struct err *settled_name(const struct pair_unit *unit, char **name)
{
	scope_file_map map = {};

	err_try(file_map(unit->post, &map));
	*name = xasprintf("%016llx %s",
			  (unsigned long long)XXH3_64bits(map.bytes.data, map.bytes.size),
			  unit->source);
	return NULL;
}

struct err *settled_has(const struct build *build, const struct pair_unit *unit, bool *has)
{
	const struct str_vec *settled = build->spec->settled;
	scope_free char *name = NULL;

	*has = false;
	if (!settled || !unit->post)
		return NULL;
	err_try(settled_name(unit, &name));
	*has = str_vec_find_sorted(settled, name);
	return NULL;
}

/* A unit that adds or removes global symbols is always built: other units may refer to these. */
static bool unit_brings_symbols(const struct unit *unit)
{
	size_t count;
	const struct diff_item *items = diff_items(unit->diff, &count);

	for (size_t i = 0; i < count; i++)
		if (items[i].flags & DIFF_GLOBAL &&
		    (items[i].change == DIFF_NEW || items[i].change == DIFF_REMOVED))
			return true;
	return false;
}

static bool is_found_against(const struct build *build, const char *source)
{
	vec_foreach(&build->report->findings, it)
		if (it->severity == SEVERITY_REFUSE && it->file && !strcmp(it->file, source))
			return true;
	return false;
}

struct err *settled_note(struct build *build)
{
	if (!build->spec->keep_going)
		return NULL;
	vec_foreach(&build->units, it) {
		const struct pair_unit *source = (*it)->source;
		char *name;

		if (unit_brings_symbols(*it) || is_found_against(build, source->source))
			continue;
		err_try(settled_name(source, &name));
		vec_push(&build->report->settled, name);
	}
	return NULL;
}
