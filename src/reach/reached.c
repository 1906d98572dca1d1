/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Collects the units that a change reaches, and what it does not reach. */
#include "reach/reached.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/file.h"
#include "reach/include_graph_load.h"

void reached_skip(struct reach_job *job, const char *path, const char *why)
{
	finding_add(&job->result->findings, "file-skipped", path, NULL, NULL, "%s", why);
}

void reached_lose_part(struct reach_job *job, const char *path, const char *why)
{
	reached_skip(job, path, why);
	finding_soften(&job->result->findings, SEVERITY_WARN);
}

void reached_lose(struct reach_job *job, const char *path, const char *why)
{
	finding_add(&job->result->findings, "change-lost", path, NULL,
		    "reboot for this change, or leave the file out of the patch", "%s", why);
}

const struct kbuild_units *reached_units(const struct reach_job *job, enum side side)
{
	return &job->result->units[job->result->makefiles_change ? side : PRE];
}

struct reached_unit *reached_find(struct reach_job *job, const char *source)
{
	uint32_t at = strmap_get(&job->index, source);

	return at == STRMAP_NONE ? NULL : &job->result->reached.data[at];
}

static const struct kbuild_unit *reached_kernel_unit(const struct kbuild_units *units,
						     const char *object)
{
	const struct kbuild_unit *unit = kbuild_unit_find(units, object);

	return kbuild_unit_is_kernel(unit) ? unit : NULL;
}

struct err *reached_load_graph(struct reach_job *job)
{
	return job->graph ? NULL
			  : include_graph_load(job->spec->kbuild, &job->result->units[PRE],
					       job->progress, &job->graph);
}

void reached_add(struct reach_job *job, const char *source, enum reach_reason reason)
{
	struct reached_unit *unit = reached_find(job, source);

	if (!unit) {
		scope_free char *object = kbuild_object_of(source);

		vec_push(&job->result->reached, (struct reached_unit){.source = xstrdup(source)});
		unit = &job->result->reached.data[job->result->reached.len - 1];
		strmap_set(&job->index, unit->source, job->result->reached.len - 1);
		for (enum side side = PRE; side < NR_SIDES; side++)
			unit->in[side] = reached_kernel_unit(reached_units(job, side), object);
		unit->object = take_ptr(object);
	}
	unit->reasons |= reason;
}

bool reached_is_unit(const struct reach_job *job, const char *source)
{
	scope_free char *object = kbuild_object_of(source);

	return reached_kernel_unit(reached_units(job, PRE), object) ||
	       reached_kernel_unit(reached_units(job, POST), object);
}

char *reached_source_of(const struct reach_job *job, enum side side, const char *object)
{
	const char *tree = side == PRE ? job->spec->kbuild->target->source : job->spec->tree;
	static const char *const suffixes[] = {".c", ".S"};

	for (size_t i = 0; i < array_size(suffixes); i++) {
		char *rel = xasprintf("%.*s%s", (int)strlen(object) - 2, object, suffixes[i]);
		scope_free char *path = xasprintf("%s/%s", tree, rel);

		if (file_exists(path))
			return rel;
		free(rel);
	}
	return NULL;
}

void reached_add_missing(struct reach_job *job, enum side side)
{
	const struct kbuild_units *those = &job->result->units[side == PRE ? POST : PRE];

	vec_foreach(&job->result->units[side].units, it) {
		if (!kbuild_unit_is_kernel(it) || kbuild_unit_find(those, it->object))
			continue;

		scope_free char *source = reached_source_of(job, side, it->object);

		if (source)
			reached_add(job, source, REACH_SOURCE);
	}
}

bool reached_add_folder(struct reach_job *job, const char *dir, bool *made)
{
	size_t len = strlen(dir);
	bool any = false;

	vec_foreach(&job->result->units[PRE].units, it) {
		if (strncmp(it->object, dir, len) || strchr(it->object + len, '/') ||
		    !kbuild_unit_is_kernel(it))
			continue;

		scope_free char *source = reached_source_of(job, PRE, it->object);

		if (!source) {
			*made = true;
			continue;
		}
		reached_add(job, source, REACH_SOURCE);
		any = true;
	}
	return any;
}

/* Returns whether the folder, "…/", of either tree has a makefile. */
static bool reached_has_makefile(const struct reach_job *job, const char *dir, size_t len)
{
	const char *const trees[] = {job->spec->kbuild->target->source, job->spec->tree};
	static const char *const names[] = {"Makefile", "Kbuild"};

	for (size_t tree = 0; tree < array_size(trees); tree++) {
		for (size_t i = 0; trees[tree] && i < array_size(names); i++) {
			scope_free char *path =
				xasprintf("%s/%.*s%s", trees[tree], (int)len, dir, names[i]);

			if (file_exists(path))
				return true;
		}
	}
	return false;
}

/*
 * Returns whether the makefile of the folder dir, "…/", decides how the unit is compiled. A folder
 * below without a makefile of its own belongs to it, and so do objects that it names by "../":
 * those may also depend on makefiles that it includes, which can be in any folder above them.
 */
static bool reached_is_governed(const struct reach_job *job, const struct kbuild_unit *unit,
				const char *dir, bool deep)
{
	size_t len = strlen(dir);
	bool climbs = strcmp(unit->goal, unit->object) != 0;

	if (climbs && !strncmp(unit->goal, dir, len) && (deep || strstr(unit->goal + len, "../")))
		return true;
	if (strncmp(unit->object, dir, len) != 0)
		return false;
	for (const char *slash = unit->object + len; !deep && !climbs;) {
		slash = strchr(slash, '/');
		if (!slash)
			break;
		slash++;
		if (reached_has_makefile(job, unit->object, slash - unit->object))
			return false;
	}
	return true;
}

void reached_add_governed(struct reach_job *job, const char *dir, bool deep)
{
	vec_foreach(&job->result->units[PRE].units, it) {
		scope_free char *source = NULL;

		if (!kbuild_unit_is_kernel(it) || !reached_is_governed(job, it, dir, deep))
			continue;
		source = reached_source_of(job, PRE, it->object);
		if (source)
			reached_add(job, source, REACH_MAKEFILE);
	}
}

bool reached_is_other_image(const struct reach_job *job, const char *source)
{
	scope_free char *object = kbuild_object_of(source);
	const struct kbuild_unit *unit = kbuild_unit_find(&job->result->units[PRE], object);

	return unit && unit->kind == KBUILD_UNIT_OTHER;
}

bool reached_is_build_program(const struct reach_job *job, const char *source)
{
	scope_free char *object = kbuild_object_of(source);
	const struct kbuild_unit *unit = kbuild_unit_find(&job->result->units[PRE], object);

	return str_ends(source, ".c") &&
	       (str_starts(source, "scripts/") || (unit && unit->kind == KBUILD_UNIT_HOST));
}

void reached_move(struct reach_job *job, const char *path, const char *from)
{
	finding_add(&job->result->findings, "change-lost", path, NULL, "leave the file where it is",
		    "the patch moves %s here, but the kernel keeps running the code of that file",
		    from);
	reached_find(job, path)->moved = true;
}
