/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From changed files to the units that they may reach. */
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/file.h"
#include "base/path.h"
#include "pair/build.h"
#include "reach/reach.h"

void build_skip(struct build *build, const char *path, const char *why)
{
	finding_add(&build->result->findings, "file-skipped", path, NULL, NULL, "%s", why);
}

void build_lose(struct build *build, const char *path, const char *why)
{
	finding_add(&build->result->findings, "change-lost", path, NULL,
		    "reboot for this change, or leave the file out of the patch", "%s", why);
}

static const struct kbuild_units *post_units(const struct build *build)
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

static const struct kbuild_unit *find_kernel_unit(const struct kbuild_units *units,
						  const char *object)
{
	const struct kbuild_unit *unit = kbuild_unit_find(units, object);

	return kbuild_unit_is_kernel(unit) ? unit : NULL;
}

void build_reach(struct build *build, const char *source, enum reach_why why)
{
	struct reached *unit = find_reached(build, source);

	if (!unit) {
		scope_free char *object = kbuild_object_of(source);

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
	scope_free char *arch =
		xasprintf("arch/%s/Makefile", kbuild_env(&build->kbuild, "SRCARCH"));

	return !strcmp(path, "Makefile") || str_starts(path, arch) || str_starts(path, "scripts/");
}

/*
 * Makefiles need not name what they make sources from: a rule may be for all of a kind, as for
 * *.asn1 of crypto/ and *.pl of arch/x86/crypto/.
 */
static bool may_generate(const struct build *build, const char *path)
{
	static const char *const texts[] = {".rst", ".txt", ".md", ".yaml", ".rs", ".h", ".cocci"};
	static const char *const names[] = {"README", "TODO", "MAINTAINERS", "CREDITS", "."};

	if (is_c_or_asm(path) || build_is_apart(path) || !strchr(path, '/') ||
	    str_starts(path, "scripts/") || str_starts(path, "samples/") ||
	    build_is_foreign(build, path))
		return false;
	for (size_t i = 0; i < array_size(texts); i++)
		if (str_ends(path, texts[i]))
			return false;
	for (size_t i = 0; i < array_size(names); i++)
		if (str_starts(path_base(path), names[i]))
			return false;
	return true;
}

static const char not_configured[] = "not built in this configuration";

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
	scope_free char *arch = xasprintf("arch/%s/", kbuild_env(&build->kbuild, "SRCARCH"));

	if (str_starts(path, "arch/") && !str_starts(path, arch))
		return "for another architecture";
	for (size_t i = 0; i < array_size(places); i++) {
		if (str_starts(path, places[i].prefix))
			return places[i].why;
	}
	if (!strchr(path, '/'))
		return "no source code";
	return is_c_or_asm(path) ? not_configured : "nothing that is built uses it";
}

static struct err *skip_global_makefile(struct build *build, const struct change *change)
{
	bool alone;

	err_try(build_only_version_changes(build, change, &alone));
	if (alone)
		build_skip(build, change->path, "only the version and comments change");
	else
		build_lose(build, change->path,
			   "says how all files are built, which is not followed");
	return NULL;
}

/* Evaluates the patched makefiles when some are patched. */
static struct err *walk_patched(struct build *build)
{
	vec_foreach(&build->changes.changes, it) {
		const char *lost;

		if (!is_makefile(it->path) || build_is_foreign(build, it->path) ||
		    build_is_apart(it->path))
			continue;
		if (is_global_makefile(build, it->path)) {
			err_try(skip_global_makefile(build, it));
			continue;
		}
		build->makefiles_change = true;
		err_try(build_makefile_lost(build, it, &lost));
		if (lost)
			build_lose(build, it->path, lost);
	}
	if (!build->makefiles_change)
		return NULL;

	scope_free char *dir = xasprintf("%s/post-walk", build->result->work);

	err_try(kbuild_dir_make(&build->kbuild, dir, build->places[PLACE_POST].tree));
	return kbuild_units_walk(&build->kbuild, dir, &build->post_units);
}

static bool is_reachable(const struct build *build, const char *source)
{
	scope_free char *object = kbuild_object_of(source);

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

static void reach_missing_from(struct build *build, const struct kbuild_units *these,
			       enum side side, const struct kbuild_units *those)
{
	vec_foreach(&these->units, it) {
		if (!kbuild_unit_is_kernel(it) || kbuild_unit_find(those, it->object))
			continue;

		scope_free char *source = source_of(build, side, it->object);

		if (source)
			build_reach(build, source, REACH_SOURCE);
	}
}

/* The units of one folder; dir ends in a slash.  made: there is one whose source is generated. */
static bool reach_folder(struct build *build, const char *dir, enum reach_why why, bool *made)
{
	size_t len = strlen(dir);
	bool any = false;

	vec_foreach(&build->units.units, it) {
		if (strncmp(it->object, dir, len) || strchr(it->object + len, '/') ||
		    !kbuild_unit_is_kernel(it))
			continue;

		scope_free char *source = source_of(build, PRE, it->object);

		if (!source) {
			*made = true;
			continue;
		}
		build_reach(build, source, why);
		any = true;
	}
	return any;
}

static void reach_by_makefiles(struct build *build)
{
	if (!build->makefiles_change)
		return;
	reach_missing_from(build, &build->post_units, POST, &build->units);
	reach_missing_from(build, &build->units, PRE, &build->post_units);
	vec_foreach(&build->changes.changes, it) {
		scope_free char *dir = xstrndup(it->path, path_base(it->path) - it->path);
		bool made;

		/* Their commands will be compared. */
		if (is_makefile(it->path) && !is_global_makefile(build, it->path))
			reach_folder(build, dir, REACH_MAKEFILE, &made);
	}
}

static bool is_in_other_image(const struct build *build, const char *source)
{
	scope_free char *object = kbuild_object_of(source);
	const struct kbuild_unit *unit = kbuild_unit_find(&build->units, object);

	return unit && unit->kind == KBUILD_UNIT_OTHER;
}

static bool is_build_program(const struct build *build, const char *source)
{
	scope_free char *object = kbuild_object_of(source);
	const struct kbuild_unit *unit = kbuild_unit_find(&build->units, object);

	return str_ends(source, ".c") &&
	       (str_starts(source, "scripts/") || (unit && unit->kind == KBUILD_UNIT_HOST));
}

/* A changed file and what is known of its users. */
struct spreading {
	const struct change *change;
	struct str_vec users;	 /* units' sources that may include it */
	bool by_name;		 /* which of them it reaches, the names that it changes tell */
	struct str_vec programs; /* sources of build programs that it is part of */
	bool generates;		 /* is what other files are generated from */
	bool made;		 /* some of which are units' sources */
	bool in_kernel, in_other_image;
	struct str_vec vdso; /* sources of the vDSO that may include it */
	bool in_vdso;
};

struct spreading_vec VEC(struct spreading);

struct selection {
	struct build *build;
	struct include_graph *graph;
	struct spreading_vec files;
	struct str_vec names; /* changed by the files that are judged by name */
};

static void selection_free_file(struct spreading *file)
{
	str_vec_free(&file->users);
	str_vec_free(&file->vdso);
	str_vec_free(&file->programs);
}

static void selection_free(struct selection *s)
{
	vec_foreach(&s->files, it)
		selection_free_file(it);
	vec_free(&s->files);
	str_vec_free(&s->names);
	include_graph_free(s->graph);
}

/* What the change is about, if that can be told from the text. */
static struct err *read_names(struct selection *s, const struct change *change, bool *known,
			      bool *only_comments)
{
	const char *path = change->path;
	scope_free char *before = xasprintf("%s/%s", s->build->spec->target->source, path);
	scope_str_vec names = {};

	*known = *only_comments = false;
	if (change->kind != CHANGE_MODIFIED || !(str_ends(path, ".h") || is_c_or_asm(path)))
		return NULL;
	err_try(changed_names_find(before, change->file, &names, known));
	*only_comments = *known && !names.len;
	*known &= str_ends(path, ".h");
	vec_foreach(&names, it) {
		if (*known)
			vec_push(&s->names, xstrdup(*it));
	}
	return NULL;
}

static struct err *find_users(struct selection *s, struct spreading *file)
{
	const char *path = file->change->path;
	scope_str_vec users = {};

	if (!s->graph)
		err_try(include_graph_load(&s->build->kbuild, &s->build->units, s->build->progress,
					   &s->graph));
	include_graph_users(s->graph, path, &users);
	vec_foreach(&users, it) {
		file->in_other_image |= is_in_other_image(s->build, *it);
		/* The one of these that is there while the kernel runs. */
		if (is_in_other_image(s->build, *it) && strstr(*it, "/vdso/"))
			vec_push(&file->vdso, xstrdup(*it));
		if (is_reachable(s->build, *it))
			vec_push(&file->users, take_ptr(*it));
		else if (is_build_program(s->build, *it))
			vec_push(&file->programs, take_ptr(*it));
	}
	if (is_build_program(s->build, path))
		vec_push(&file->programs, xstrdup(path));
	return NULL;
}

static void report_only_comments(struct selection *s, const char *path)
{
	if (is_c_or_asm(path) && is_reachable(s->build, path)) {
		build_reach(s->build, path, REACH_SOURCE);
		find_reached(s->build, path)->same = true;
	}
	build_skip(s->build, path, "only comments and blanks change");
}

/* Reaches what is certain, and notes what depends on names. */
static struct err *select_change(struct selection *s, const struct change *change)
{
	struct build *build = s->build;
	const char *path = change->path;
	struct spreading file = {.change = change};
	bool only_comments;
	const char *lost;

	if (is_makefile(path)) {
		if (build_is_foreign(build, path) || build_is_apart(path))
			build_skip(build, path, why_no_unit(build, path));
		return NULL;
	}
	if (is_configuration(path)) {
		build_lose(build, path, "changes the configuration, which is not followed");
		return NULL;
	}
	if (!build_is_foreign(build, path)) {
		err_try(read_names(s, change, &file.by_name, &only_comments));
		if (only_comments) {
			report_only_comments(s, path);
			return NULL;
		}
		lost = is_reachable(build, path) ? NULL : build_why_lost(build, path);
		if (lost) {
			build_lose(build, path, lost);
			return NULL;
		}
		file.in_other_image = is_in_other_image(build, path);
		if (is_c_or_asm(path) && is_reachable(build, path)) {
			err_try(build_check_removed(build, change));
			build_reach(build, path, REACH_SOURCE);
			file.in_kernel = true;
		}
		err_try(find_users(s, &file));
	}
	vec_foreach(&file.users, it) {
		if (!file.by_name)
			build_reach(build, *it, REACH_INCLUDE);
	}
	file.in_kernel |= file.users.len && !file.by_name;
	vec_push(&s->files, file);
	return NULL;
}

/* All users of the files that are judged by name, each once. */
static void list_users(const struct selection *s, struct str_vec *users)
{
	vec_foreach(&s->files, file) {
		for (size_t i = 0; file->by_name && i < file->users.len; i++)
			vec_push(users, xstrdup(file->users.data[i]));
		for (size_t i = 0; file->by_name && i < file->vdso.len; i++)
			vec_push(users, xstrdup(file->vdso.data[i]));
	}
	str_vec_sort_unique(users);
}

static int compare_to_string(const void *key, const void *element)
{
	return strcmp(key, *(char *const *)element);
}

static bool is_reached_by_name(const struct str_vec *users, const bool *reached, const char *user)
{
	char **found =
		bsearch(user, users->data, users->len, sizeof(*users->data), compare_to_string);

	return found && reached[found - users->data];
}

static struct err *reach_by_name(struct selection *s)
{
	struct build *build = s->build;
	scope_str_vec users = {};

	list_users(s, &users);
	if (!users.len)
		return NULL;

	scope_free bool *reached = xcalloc(users.len, sizeof(*reached));

	err_try(spread_names(
		&(struct spread_spec){
			.graph = s->graph,
			.source = build->spec->target->source,
			.build = build->spec->target->build_dir,
			.names = &s->names,
			.includers = &users,
			.progress = build->progress,
		},
		reached));
	vec_foreach(&s->files, file) {
		for (size_t i = 0; file->by_name && i < file->users.len; i++) {
			if (!is_reached_by_name(&users, reached, file->users.data[i]))
				continue;
			build_reach(build, file->users.data[i], REACH_INCLUDE);
			file->in_kernel = true;
		}
		for (size_t i = 0; file->by_name && i < file->vdso.len; i++)
			file->in_vdso |= is_reached_by_name(&users, reached, file->vdso.data[i]);
	}
	return NULL;
}

/*
 * What units include may be generated from this file, or by a program that it is part of: in the
 * folders whose makefiles name the one or the other.
 */
static void reach_generated(struct selection *s, struct spreading *file)
{
	const char *source = s->build->spec->target->source;
	scope_str_vec dirs = {};
	bool named;

	if (is_reachable(s->build, file->change->path) ||
	    build_is_foreign(s->build, file->change->path) || build_is_apart(file->change->path))
		return;
	build_generator_dirs(source, file->change->path, &dirs);
	named = dirs.len;
	vec_foreach(&file->programs, it)
		build_program_dirs(source, &s->build->units, *it, &dirs);
	str_vec_sort_unique(&dirs);
	vec_foreach(&dirs, it)
		file->in_kernel |= reach_folder(s->build, *it, REACH_SOURCE, &file->made);
	file->generates = dirs.len;
	/* A header that programs include, too, is mostly not what they read. */
	file->made &= named || !str_ends(file->change->path, ".h");
}

static const char *why_unreached(const struct selection *s, const struct spreading *file)
{
	if (file->users.len)
		return "nothing that is built uses what it changes";
	return why_no_unit(s->build, file->change->path);
}

/* Source that this kernel could have; one that the patch removes is simply gone. */
static bool is_not_built(const struct selection *s, const struct spreading *file)
{
	return str_ends(file->change->path, ".c") && why_unreached(s, file) == not_configured;
}

static void report_unreached(struct selection *s)
{
	vec_foreach(&s->files, file) {
		const char *path = file->change->path;
		bool followed = file->in_kernel && (!file->made || str_ends(path, ".h"));

		/* The list of a processor's features: what lacks is their names. */
		if (file->in_kernel && file->made && followed)
			build_skip(s->build, path,
				   "source that is generated from it is not followed");
		if (file->in_vdso)
			build_lose(s->build, path, "part of the vDSO, too, which stays as it is");
		if (followed || file->in_vdso)
			continue;
		if (file->in_other_image)
			build_lose(s->build, path, "part of another image: the vDSO or boot code");
		else if (file->generates || may_generate(s->build, path))
			build_lose(s->build, path,
				   "other files are generated from it, which is not followed");
		else if (is_not_built(s, file))
			build_reach(s->build, path, REACH_SOURCE); /* where that is told */
		else
			build_skip(s->build, path, why_unreached(s, file));
	}
}

static struct err *select_all(struct selection *s)
{
	vec_foreach(&s->build->changes.changes, it)
		err_try(select_change(s, it));
	err_try(reach_by_name(s));
	vec_foreach(&s->files, it)
		reach_generated(s, it);
	report_unreached(s);
	reach_by_makefiles(s->build);
	return NULL;
}

struct err *build_select(struct build *build)
{
	struct selection selection = {.build = build};

	err_try(walk_patched(build));

	struct err *err = select_all(&selection);

	selection_free(&selection);
	return err;
}
