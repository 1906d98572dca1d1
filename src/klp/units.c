/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Opens the compiled units, compares both sides of each, and applies the rules that need only that.
 */
#include "klp/units.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/interrupt.h"
#include "klp/layout.h"
#include "klp/plain.h"

/* Reports a unit in a state without anything to compare; returns whether it is in one. */
static bool note_state(struct build *build, const struct pair_unit *unit)
{
	switch (unit->state) {
	case PAIR_NOT_BUILT:
		finding_add(&build->report->findings, "not-built", unit->source, NULL, NULL,
			    "this kernel is not built from this file");
		return true;
	case PAIR_REMOVED:
		finding_add(&build->report->findings, "unit-removed", unit->source, NULL, NULL,
			    "this file is removed from the source; its code stays in the kernel");
		return true;
	case PAIR_ASM:
		finding_add(&build->report->findings, "assembly", unit->source, NULL,
			    "reboot for this change",
			    "this file is assembler code, which cannot be replaced");
		return true;
	case PAIR_FAILED:
		vec_push(&build->report->failures,
			 (struct klp_failure){xstrdup(unit->source),
					      unit->output ? xstrdup(unit->output) : NULL});
		finding_add(&build->report->findings, "not-compiled", unit->source, NULL,
			    "read the compiler's messages on this file", "%s",
			    err_message(unit->failure));
		return true;
	case PAIR_SAME:
		return true;
	case PAIR_NEW:
		/* All code of a moved file would count as new, including code that runs at boot. */
		return unit->moved;
	default:
		return false;
	}
}

static struct err *unit_read(struct build *build, struct unit *unit)
{
	const struct pair_unit *source = unit->source;

	if (source->pre)
		err_try(elf_object_open(source->pre, &unit->orig));
	else
		unit->orig = elf_object_new(source->source);
	err_try(elf_object_open(source->post, &unit->patched));
	err_try(layout_open(unit));
	err_try(err_wrap(diff_new(unit->orig, unit->patched, &unit->diff), "%s", source->source));
	/* A new export or table entry can be the only change of a unit. */
	safety_check_exports(unit->orig, unit->patched, source->source, &build->report->findings);
	safety_check_tables(unit->orig, unit->patched, source->source, &build->report->findings);
	if (diff_is_empty(unit->diff))
		return NULL;
	build->report->nr_units++;
	safety_check_file(source->source, &build->report->findings);
	safety_check_diff(unit->diff, source->source, &build->report->findings);
	return NULL;
}

static void unit_free(struct unit *unit)
{
	plain_free(unit->plain);
	layout_free(unit->layout);
	diff_free(unit->diff);
	elf_object_free(unit->orig);
	elf_object_free(unit->patched);
	free(unit);
}

static struct err *unit_open(struct build *build, const struct pair_unit *source)
{
	struct unit *unit = xcalloc(1, sizeof(*unit));

	unit->source = source;

	struct err *err = unit_read(build, unit);

	if (!err) {
		vec_push(&build->units, unit);
		return NULL;
	}
	unit_free(unit);
	if (!build->spec->keep_going || err_code(err) == ERR_INTERRUPTED)
		return err;
	finding_add(&build->report->findings, "not-compiled", source->source, NULL,
		    "report this, with the two source versions",
		    "its objects cannot be compared: %s", err_message(err));
	err_free(err);
	return NULL;
}

static bool is_new_in(const struct unit *unit, const struct diff_item *like)
{
	size_t count;
	const struct diff_item *items = diff_items(unit->diff, &count);

	for (size_t i = 0; i < count; i++)
		if (items[i].kind == like->kind && items[i].change == DIFF_NEW &&
		    items[i].flags & DIFF_GLOBAL && !strcmp(items[i].name, like->name))
			return true;
	return false;
}

/* Reports code or data that moved to another file; the kernel keeps using its own copy. */
static void find_moved(struct build *build, const struct unit *from)
{
	size_t count;
	const struct diff_item *items = diff_items(from->diff, &count);

	for (size_t i = 0; i < count; i++) {
		bool code = items[i].kind == DIFF_FUNCTION;

		if (items[i].change != DIFF_REMOVED || !(items[i].flags & DIFF_GLOBAL) ||
		    (!code && items[i].flags & (DIFF_INIT | DIFF_READ_ONLY)))
			continue;
		vec_foreach(&build->units, to)
			if (*to != from && is_new_in(*to, &items[i]))
				finding_add(
					&build->report->findings,
					code ? "change-lost" : "data-moved", from->source->source,
					items[i].name,
					code ? "make the change in the file where it is defined"
					     : "leave the variable in the file where it is",
					"moves to %s; %s", (*to)->source->source,
					code ? "existing callers keep calling the old copy"
					     : "patched code would use a different variable than the rest of the kernel");
	}
}

struct err *units_open(struct build *build)
{
	vec_foreach(&build->compiled->units, it) {
		if (interrupt_pending())
			return interrupt_error();
		if (!note_state(build, it))
			err_try(unit_open(build, it));
	}
	vec_foreach(&build->units, it)
		find_moved(build, *it);
	findings_append(&build->report->findings, &build->compiled->findings);
	return NULL;
}

void units_free(struct build *build)
{
	vec_foreach(&build->units, it)
		unit_free(*it);
	vec_free(&build->units);
}
