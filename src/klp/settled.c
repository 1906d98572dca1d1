/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Lists the units that nothing was found against. A caller that builds many units repeatedly,
 * leaving out more of the change each time, need not compile and prove these again.
 */
#include "klp/settled.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/file.h"

/* Other units may refer to global symbols that a unit adds or removes. */
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

static struct err *settled_note_unit(struct build *build, const struct unit *unit)
{
	const struct pair_unit *source = unit->source;
	struct settled_unit settled = {
		.source = source->source,
		.post = source->kept,
		.needed = unit_brings_symbols(unit),
	};

	if (!source->kept || is_found_against(build, source->source))
		return NULL;
	err_try(file_hash(source->kept, &settled.hash));
	settled_units_add(&build->report->settled, &settled);
	return NULL;
}

struct err *settled_note(struct build *build)
{
	struct settled_unit_vec *settled = &build->report->settled;

	if (!build->spec->keep_going)
		return NULL;
	vec_foreach(&build->compiled->skipped, it)
		settled_units_add(settled, it);
	vec_foreach(&build->compiled->units, it)
		if (it->state == PAIR_SAME && !is_found_against(build, it->source))
			settled_units_add(settled, &(struct settled_unit){.source = it->source});
	vec_foreach(&build->units, it)
		err_try(settled_note_unit(build, *it));
	settled_units_sort(settled);
	return NULL;
}
