/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From changed files to the units that they may reach. */
#include <string.h>

#include "base/alloc.h"
#include "base/file.h"
#include "kbuild/build.h"
#include "kbuild/graph.h"
#include "kbuild/path.h"

void build_skip(struct build *build, const char *path, const char *why)
{
	vec_push(&build->result->skipped_files, xasprintf("%s: %s", path, why));
}

static const struct kb_units *post_units(const struct build *build)
{
	return build->makefiles_change ? &build->post_units : &build->units;
}

static struct reached *find_reached(struct build *build, const char *source)
{
	vec_foreach(&build->reached, it) {
		if (!strcmp(it->source, source))
			return it;
	}
	return NULL;
}

static const struct kb_unit *find_kernel_unit(const struct kb_units *units, const char *object)
{
	const struct kb_unit *unit = kb_unit_find(units, object);

	return unit && unit->kind != KB_UNIT_OTHER ? unit : NULL;
}

void build_reach(struct build *build, const char *source, enum reach_why why)
{
	struct reached *unit = find_reached(build, source);

	if (!unit) {
		scope_free char *object = kb_object_of(source);

		vec_push(&build->reached, (struct reached){.source = xstrdup(source)});
		unit = &build->reached.data[build->reached.len - 1];
		unit->in[PRE] = find_kernel_unit(&build->units, object);
		unit->in[POST] = find_kernel_unit(post_units(build), object);
		unit->object = take_ptr(object);
		unit->post_place = PLACE_POST;
	}
	unit->certain |= why == REACH_SOURCE;
	unit->by_include |= why == REACH_INCLUDE;
}

static bool is_c_or_asm(const char *path)
{
	return str_ends(path, ".c") || str_ends(path, ".S");
}

static bool is_makefile(const char *path)
{
	const char *base = path_base(path);

	return !strcmp(base, "Makefile") || !strcmp(base, "Kbuild") ||
	       str_starts(base, "Makefile.");
}

static bool is_configuration(const char *path)
{
	return str_starts(path_base(path), "Kconfig") || str_ends(path, "_defconfig") ||
	       strstr(path, "/configs/");
}

/* Makefiles that are about the whole build: a change there is not followed. */
static bool is_global_makefile(const struct build *build, const char *path)
{
	scope_free char *arch = xasprintf("arch/%s/Makefile", kb_tool_env(&build->tool, "SRCARCH"));

	return !strcmp(path, "Makefile") || str_starts(path, arch) || str_starts(path, "scripts/");
}

static const char *why_no_unit(const struct build *build, const char *path)
{
	static const struct {
		const char *prefix, *why;
	} places[] = {
		{"Documentation/", "documentation"},
		{"LICENSES/", "documentation"},
		{"tools/", "a tool for user space"},
		{"scripts/", "part of the build system"},
		{"arch/x86/boot/", "boot code, which is over when the kernel runs"},
	};
	scope_free char *arch = xasprintf("arch/%s/", kb_tool_env(&build->tool, "SRCARCH"));

	if (str_starts(path, "arch/") && !str_starts(path, arch))
		return "for another architecture";
	for (size_t i = 0; i < array_size(places); i++) {
		if (str_starts(path, places[i].prefix))
			return places[i].why;
	}
	if (!strchr(path, '/'))
		return "no source code";
	return is_c_or_asm(path) ? "not built in this configuration"
				 : "nothing that is built uses it";
}

static bool in_foreign_arch(const struct build *build, const char *path)
{
	scope_free char *arch = xasprintf("arch/%s/", kb_tool_env(&build->tool, "SRCARCH"));

	return str_starts(path, "arch/") && !str_starts(path, arch);
}

/* Evaluates the patched makefiles when some are patched. */
static struct err *walk_patched(struct build *build)
{
	vec_foreach(&build->changes.changes, it) {
		if (!is_makefile(it->path) || in_foreign_arch(build, it->path))
			continue;
		if (is_global_makefile(build, it->path))
			build_skip(build, it->path, "part of the build system, not followed");
		else
			build->makefiles_change = true;
	}
	if (!build->makefiles_change)
		return NULL;

	scope_free char *dir = xasprintf("%s/post-walk", build->result->work);

	err_try(kb_build_dir_make(&build->tool, dir, build->places[PLACE_POST].tree));
	return kb_units_walk(&build->tool, dir, &build->post_units);
}

static bool is_reachable(const struct build *build, const char *source)
{
	scope_free char *object = kb_object_of(source);

	return find_kernel_unit(&build->units, object) ||
	       find_kernel_unit(post_units(build), object);
}

/* What an object is made from, relative to the tree, or NULL if that is generated; free(). */
static char *source_of(const struct build *build, enum side side, const char *object)
{
	const char *tree = build->places[side == PRE ? PLACE_PRE : PLACE_POST].tree;
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

static void reach_missing_from(struct build *build, const struct kb_units *these, enum side side,
			       const struct kb_units *those)
{
	vec_foreach(&these->units, it) {
		if (it->kind == KB_UNIT_OTHER || kb_unit_find(those, it->object))
			continue;

		scope_free char *source = source_of(build, side, it->object);

		if (source)
			build_reach(build, source, REACH_SOURCE);
	}
}

/* Units of the folder of a changed makefile: their commands will be compared. */
static void reach_folder(struct build *build, const char *makefile)
{
	size_t len = path_base(makefile) - makefile;

	vec_foreach(&build->units.units, it) {
		if (strncmp(it->object, makefile, len) || strchr(it->object + len, '/') ||
		    it->kind == KB_UNIT_OTHER)
			continue;

		scope_free char *source = source_of(build, PRE, it->object);

		if (source)
			build_reach(build, source, REACH_MAKEFILE);
	}
}

static void reach_by_makefiles(struct build *build)
{
	if (!build->makefiles_change)
		return;
	reach_missing_from(build, &build->post_units, POST, &build->units);
	reach_missing_from(build, &build->units, PRE, &build->post_units);
	vec_foreach(&build->changes.changes, it) {
		if (is_makefile(it->path) && !is_global_makefile(build, it->path))
			reach_folder(build, it->path);
	}
}

/* Where one changed file goes. */
struct spread {
	bool in_kernel;
	bool in_other_image;
};

static bool is_in_other_image(const struct build *build, const char *source)
{
	scope_free char *object = kb_object_of(source);
	const struct kb_unit *unit = kb_unit_find(&build->units, object);

	return unit && unit->kind == KB_UNIT_OTHER;
}

static void spread_to(struct build *build, const char *source, enum reach_why why,
		      struct spread *spread)
{
	if (is_reachable(build, source)) {
		build_reach(build, source, why);
		spread->in_kernel = true;
	} else if (is_in_other_image(build, source)) {
		spread->in_other_image = true;
	}
}

static struct err *spread_change(struct build *build, struct kb_graph **graph, const char *path,
				 struct spread *spread)
{
	scope_str_vec users = {};

	if (in_foreign_arch(build, path))
		return NULL;
	if (is_c_or_asm(path))
		spread_to(build, path, REACH_SOURCE, spread);
	if (!*graph)
		err_try(kb_graph_load(&build->tool, &build->units, build->progress, graph));
	kb_graph_users(*graph, path, &users);
	vec_foreach(&users, it)
		spread_to(build, *it, REACH_INCLUDE, spread);
	return NULL;
}

static struct err *select_change(struct build *build, struct kb_graph **graph,
				 const struct change *change)
{
	const char *path = change->path;
	struct spread spread = {};

	if (is_makefile(path))
		return NULL;
	if (is_configuration(path)) {
		build_skip(build, path, "changes the configuration, which is not followed");
		return NULL;
	}
	err_try(spread_change(build, graph, path, &spread));
	if (spread.in_kernel)
		return NULL;
	if (str_ends(path, ".c"))
		build_reach(build, path, REACH_SOURCE); /* to be reported as not built */
	build_skip(build, path,
		   spread.in_other_image ? "part of another image: the vDSO or boot code"
					 : why_no_unit(build, path));
	return NULL;
}

struct err *build_select(struct build *build)
{
	scope_kb_graph graph = NULL;

	err_try(walk_patched(build));
	vec_foreach(&build->changes.changes, it)
		err_try(select_change(build, &graph, it));
	reach_by_makefiles(build);
	return NULL;
}
