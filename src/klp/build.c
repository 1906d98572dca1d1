/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The whole way from patches to a module: one function a step, in order, at the end. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/interrupt.h"
#include "base/path.h"
#include "base/strbuf.h"
#include "base/tempdir.h"
#include "base/version.h"
#include "kbuild/kbuild.h"
#include "klp/author.h"
#include "klp/build_internal.h"
#include "klp/glue.h"
#include "klp/plain.h"
#include "reach/reach.h"

#define MAX_MODULE_NAME 55 /* MODULE_NAME_LEN is 56 on 64-bit kernels */

/* Adds the time since *mark to *seconds and moves the mark. */
static void lap(double *mark, double *seconds)
{
	double time = clock_seconds();

	*seconds += time - *mark;
	*mark = time;
}

static struct finding_vec *findings(const struct build *build)
{
	return &build->report->findings;
}

struct err *build_module(struct build *build, const char *name, const struct elf_object **module)
{
	*module = NULL;
	vec_foreach(&build->modules, it)
		if (!strcmp(it->name, name))
			*module = it->object;
	if (*module)
		return NULL;

	scope_free char *path = target_module_path(build->spec->target, name);
	struct shipped_module shipped = {};

	if (!path)
		return NULL;
	err_try(image_module_open(path, &shipped.object));
	shipped.name = xstrdup(name);
	vec_push(&build->modules, shipped);
	*module = shipped.object;
	return NULL;
}

/* States in which there is nothing to compare, and what they mean. */
static bool note_state(struct build *build, const struct pair_unit *unit)
{
	switch (unit->state) {
	case PAIR_NOT_BUILT:
		finding_add(findings(build), "not-built", unit->source, NULL, NULL,
			    "is not part of this kernel: skipped");
		return true;
	case PAIR_REMOVED:
		finding_add(findings(build), "unit-removed", unit->source, NULL, NULL,
			    "is gone from the source; its code stays in the kernel");
		return true;
	case PAIR_ASM:
		finding_add(findings(build), "assembly", unit->source, NULL,
			    "reboot for this change",
			    "is assembler code, which cannot be replaced");
		return true;
	case PAIR_SAME:
		return true;
	default:
		return false;
	}
}

static struct err *open_unit(struct build *build, const struct pair_unit *source)
{
	struct unit *unit = xcalloc(1, sizeof(*unit));

	vec_push(&build->units, unit);
	unit->source = source;
	if (source->pre)
		err_try(elf_object_open(source->pre, &unit->orig));
	else
		unit->orig = elf_object_new(source->source);
	err_try(elf_object_open(source->post, &unit->patched));
	err_try(err_wrap(diff_new(unit->orig, unit->patched, &unit->diff), "%s", source->source));
	/* Of which there may be a new one where nothing else changes. */
	safety_check_exports(unit->orig, unit->patched, source->source, findings(build));
	safety_check_tables(unit->orig, unit->patched, source->source, findings(build));
	if (diff_is_empty(unit->diff))
		return NULL;
	build->report->nr_units++;
	safety_check_file(source->source, findings(build));
	safety_check_diff(unit->diff, source->source, findings(build));
	return NULL;
}

static struct err *add_piece(struct build *build, struct unit *unit, const char *owner)
{
	const struct elf_object *module = NULL;

	if (strcmp(owner, "vmlinux")) {
		err_try(build_module(build, owner, &module));
		if (!module) {
			finding_add(findings(build), "no-such-module", unit->source->source, NULL,
				    "give the folder with the kernel's modules",
				    "belongs to module %s, which is not among the kernel's", owner);
			return NULL;
		}
	}

	struct piece *piece = xcalloc(1, sizeof(*piece));

	vec_push(&build->pieces, piece);
	piece->build = build;
	piece->unit = unit;
	piece->owner = owner;
	piece->module = module;
	return piece_prove(piece);
}

/* "path: why" */
static void note_skipped(struct build *build, const char *skipped, bool lost)
{
	const char *colon = strstr(skipped, ": ");
	scope_free char *path = xstrndup(skipped, colon - skipped);

	finding_add(findings(build), lost ? "change-lost" : "file-skipped", path, NULL,
		    lost ? "reboot for this change, or leave the file out of the patch" : NULL,
		    "%s", colon + 2);
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

/* What moved to another file: the kernel's stays, and so do calls and uses of it elsewhere. */
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
					findings(build), code ? "change-lost" : "data-moved",
					from->source->source, items[i].name,
					code ? "make the change in the file where it is"
					     : "leave the variable in the file where it is",
					"moves to %s, and %s", (*to)->source->source,
					code ? "is not replaced for who calls it now"
					     : "patched code would use another one than the rest of the kernel");
	}
}

static struct err *compare(struct build *build, double *mark)
{
	struct klp_seconds *seconds = &build->report->seconds;

	vec_foreach(&build->compiled->units, it) {
		if (interrupt_pending())
			return interrupt_error();
		if (!note_state(build, it))
			err_try(open_unit(build, it));
	}
	vec_foreach(&build->units, it)
		find_moved(build, *it);
	vec_foreach(&build->compiled->skipped_files, it)
		note_skipped(build, *it, false);
	vec_foreach(&build->compiled->lost_files, it)
		note_skipped(build, *it, true);
	lap(mark, &seconds->diff);

	const char *vmlinux = build->spec->target->vmlinux;

	err_try(image_open(vmlinux ? vmlinux : build->spec->target->vmlinuz, &build->image));
	vec_foreach(&build->units, it)
		for (size_t i = 0; !diff_is_empty((*it)->diff) && i < (*it)->source->owners.len;
		     i++)
			err_try(add_piece(build, *it, (*it)->source->owners.data[i]));
	lap(mark, &seconds->match);
	err_try(build_check_types(build));
	lap(mark, &seconds->safety);
	return NULL;
}

static struct err *select_piece(struct piece *piece, const struct str_vec *wanted)
{
	struct diff_select_options options = {
		.wanted = (const char *const *)wanted->data,
		.nr_wanted = wanted->len,
		.overridden = piece->overridden.data,
		.nr_overridden = piece->overridden.len,
		.key_in_module = piece_key_in_module,
		.ctx = piece,
	};

	diff_part_free(piece->selected);
	piece->selected = NULL;
	return err_wrap(diff_select(unit_diff(piece->unit), &options, &piece->selected), "%s",
			piece->unit->source->source);
}

/* What one part newly refers to may be new in another, which then has to carry it. */
static struct err *select_all(struct build *build)
{
	scope_str_vec wanted = {};
	size_t before;

	do {
		before = wanted.len;
		vec_foreach(&build->pieces, it)
			err_try(select_piece(*it, &wanted));
		vec_foreach(&build->pieces, it)
			vec_foreach(&(*it)->selected->externals, external)
				if (!external->orig)
					vec_push(&wanted, xstrdup(external->symbol->name));
		str_vec_sort_unique(&wanted);
	} while (wanted.len != before);
	return NULL;
}

static struct err *select_parts(struct build *build, double *mark)
{
	struct klp_seconds *seconds = &build->report->seconds;
	bool again;

	do {
		err_try(select_all(build));
		lap(mark, &seconds->safety);
		err_try(plain_make(build, &again));
		lap(mark, &seconds->compile_post); /* it compiles what needs it */
	} while (again);
	vec_foreach(&build->pieces, it)
		safety_check_part((*it)->selected, (*it)->unit->source->source, findings(build));
	return NULL;
}

static void report_function(struct build *build, const struct piece *piece,
			    const struct diff_item *item, const char *proof, unsigned sympos)
{
	struct klp_function function = {
		.object = xstrdup(piece->owner),
		.file = xstrdup(piece->unit->source->source),
		.name = xstrdup(item->name),
		.change = diff_change_name(item->change),
		.proof = proof,
		.sympos = sympos,
	};

	build_describe_function(build, piece->unit, item, &function);
	vec_push(&build->report->functions, function);
}

static struct err *report_piece(struct build *build, struct piece *piece)
{
	size_t count;
	const struct diff_item *items = diff_items(unit_diff(piece->unit), &count);

	for (size_t i = 0; i < count; i++) {
		const struct diff_item *item = &items[i];
		struct match_result result = {};
		const char *proof = NULL;

		if (item->kind != DIFF_FUNCTION || item->change == DIFF_SAME ||
		    item->flags & DIFF_COLD)
			continue;
		if (item->orig) {
			const struct elf_symbol *orig = unit_shipped(piece->unit, item->orig);

			if (!orig)
				continue;
			err_try(match_function(piece->match, orig, &result));
			proof = match_proof_name(result.proof);
		}
		if (item->orig && result.proof == MATCH_OVERRIDE)
			finding_add(findings(build), "overridden", piece->unit->source->source,
				    item->name, NULL,
				    "is weak and %s has another definition: nothing to replace",
				    piece->owner);
		report_function(build, piece, item, proof, result.sympos);
	}
	return NULL;
}

static struct err *resolve(struct build *build, double *mark)
{
	err_try(select_parts(build, mark));
	lap(mark, &build->report->seconds.safety);
	vec_foreach(&build->pieces, it) {
		err_try(piece_resolve(*it));
		err_try(report_piece(build, *it));
	}
	lap(mark, &build->report->seconds.match);
	return NULL;
}

static struct err *describe(const struct build *build, struct str_vec *info)
{
	const struct klp_build_spec *spec = build->spec;
	scope_str_vec objects = {};

	vec_push(info, xstrdup("suture_version=" SUTURE_VERSION));
	vec_push(info, xasprintf("suture_kernel=%s", spec->target->release));
	if (*spec->target->version)
		vec_push(info, xasprintf("suture_package=%s", spec->target->version));
	if (image_build_id(build->image))
		vec_push(info, xasprintf("suture_build_id=%s", image_build_id(build->image)));
	for (size_t i = 0; i < spec->nr_patches; i++) {
		scope_file_map map = {};

		err_try(file_map(spec->patches[i], &map));

		XXH128_hash_t hash = XXH3_128bits(map.bytes.data, map.bytes.size);

		vec_push(info,
			 xasprintf("suture_patch=%016llx%016llx %s",
				   (unsigned long long)hash.high64, (unsigned long long)hash.low64,
				   path_base(spec->patches[i])));
	}
	vec_foreach(spec->allow, it)
		if (it->used)
			vec_push(info, xasprintf("suture_allow=%s %s", it->rule->id, it->reason));
	vec_foreach(&build->pieces, it) {
		if ((*it)->part.object)
			vec_push(&objects, xstrdup((*it)->owner));
		vec_foreach(&(*it)->part.funcs, func)
			vec_push(info, xasprintf("suture_function=%s %s %s %u exact", (*it)->owner,
						 (*it)->unit->source->source, func->old_name,
						 func->sympos));
	}
	str_vec_sort_unique(&objects);

	scope_strbuf list = STRBUF_INIT;

	vec_foreach(&objects, it)
		strbuf_addf(&list, "%s%s", list.len ? "," : "", *it);
	vec_push(info, xasprintf("suture_objects=%s", list.buf));
	return NULL;
}

static struct err *compile_glue(const struct target *target, struct elf_object **glue)
{
	scope_dir_temp dir = NULL;

	err_try(dir_temp(dir_for_temp(), "suture-glue", &dir));

	scope_free char *path = xasprintf("%s/" GLUE_NAME ".ko", dir);

	err_try(kbuild_module(target, GLUE_NAME, glue_source, path));
	return elf_object_open(path, glue);
}

static size_t count_funcs(const struct build *build)
{
	size_t count = 0;

	vec_foreach(&build->pieces, it)
		count += (*it)->part.funcs.len;
	return count;
}

static struct err *write_module(struct build *build)
{
	const struct klp_build_spec *spec = build->spec;
	struct klp_link_spec link = {.name = build->report->name, .replace = spec->replace};
	scope_elf glue = NULL;
	scope_free char *path = xasprintf("%s/%s.ko", spec->out_dir, build->report->name);

	err_try(dir_make(spec->out_dir));
	err_try(compile_glue(spec->target, &glue));
	link.glue = glue;
	vec_foreach(&build->pieces, it)
		if ((*it)->part.object && (*it)->part.object->sections.len)
			vec_push(&link.parts, &(*it)->part);

	struct err *err = describe(build, &link.modinfo);

	if (!err)
		err = klp_link(&link, path);
	if (!err)
		build->report->module = take_ptr(path);
	str_vec_free(&link.modinfo);
	vec_free(&link.parts);
	return err;
}

/* Start-up code that only has other functions' changes compiled into it ran with the old ones. */
static struct err *soften_inlined(struct build *build)
{
	vec_foreach(findings(build), it) {
		bool only;

		if (strcmp(it->rule, "init-function") || !it->symbol)
			continue;
		err_try(reach_only_inlined(&build->compiled->files, it->symbol, &only));
		if (!only)
			continue;
		it->severity = SEVERITY_WARN;
		free(it->message);
		it->message =
			xstrdup("ran at boot with the unpatched code inlined; its effects remain");
		free(it->remedy);
		it->remedy = xstrdup("reboot if those effects need the change");
	}
	return NULL;
}

static struct err *run(struct build *build)
{
	const struct klp_build_spec *spec = build->spec;
	struct klp_report *report = build->report;
	double start = clock_seconds(), mark;
	scope_dir_temp headers = NULL;

	err_try(author_write_headers(&headers));

	struct pair_spec compile = {
		.include_dir = headers,
		.target = spec->target,
		.patches = spec->patches,
		.nr_patches = spec->nr_patches,
		.keep_lines = true,
		.jobs = spec->jobs,
	};

	build->compile = &compile;
	err_try(pair_run(&compile, build->progress, &build->compiled));
	report->seconds.compile_pre = build->compiled->seconds_pre;
	report->seconds.compile_post = build->compiled->seconds_post;
	mark = clock_seconds();
	err_try(compare(build, &mark));
	err_try(resolve(build, &mark));

	build_check_running(build);
	build_place_findings(build);
	err_try(soften_inlined(build));
	findings_allow(&report->findings, spec->allow);
	report->refused = findings_refuse(&report->findings);
	if (report->refused && spec->target->source_gap)
		finding_add(
			&report->findings, "source-gap", spec->target->release, NULL, NULL,
			"%s; a file that is not as shipped may be one that further patches change",
			spec->target->source_gap);
	report->nr_replaced = count_funcs(build);
	if (!report->refused && !report->nr_replaced)
		finding_add(&report->findings, "no-code-change", spec->patches[0], NULL, NULL,
			    "changes no code that this kernel runs: nothing to live-patch");
	else if (!report->refused && spec->out_dir)
		err_try(write_module(build));
	lap(&mark, &report->seconds.link);
	report->seconds.total = clock_seconds() - start;
	return NULL;
}

static void build_free(struct build *build)
{
	vec_foreach(&build->pieces, it) {
		struct piece *piece = *it;

		diff_part_free(piece->selected);
		match_free(piece->match);
		vec_free(&piece->overridden);
		vec_free(&piece->part.bindings);
		vec_free(&piece->part.funcs);
		free(piece);
	}
	vec_free(&build->pieces);
	vec_foreach(&build->units, it) {
		plain_free((*it)->plain);
		diff_free((*it)->diff);
		elf_object_free((*it)->orig);
		elf_object_free((*it)->patched);
		free(*it);
	}
	vec_free(&build->units);
	vec_foreach(&build->modules, it) {
		kernel_types_free(it->types);
		elf_object_free(it->object);
		free(it->name);
	}
	vec_free(&build->modules);
	kernel_types_free(build->types);
	safety_types_free(build->checked);
	image_free(build->image);
	pair_result_free(build->compiled);
}

struct err *klp_build(const struct klp_build_spec *spec, struct progress *progress,
		      struct klp_report **reportp)
{
	scope_klp_report report = xcalloc(1, sizeof(*report));
	struct build build = {.spec = spec, .progress = progress, .report = report};

	report->name = spec->name ? xstrdup(spec->name) : klp_default_name(spec->patches[0]);
	err_try(klp_check_name(report->name));

	struct err *err = run(&build);

	build_free(&build);
	if (err)
		return err;
	*reportp = take_ptr(report);
	return NULL;
}

struct err *klp_prepare(const struct target *target, struct progress *progress)
{
	scope_elf glue = NULL;

	err_try(pair_prepare(target, progress));
	progress_begin(progress, "compiling what every module begins with", 0, PROGRESS_COUNT);

	struct err *err = compile_glue(target, &glue);

	progress_end(progress);
	return err;
}

char *klp_default_name(const char *patch)
{
	const char *base = path_base(patch);
	scope_strbuf name = STRBUF_INIT;

	strbuf_addstr(&name, "livepatch_");
	for (; *base && name.len < MAX_MODULE_NAME; base++) {
		if (!strcmp(base, ".patch") || !strcmp(base, ".diff"))
			break;
		strbuf_addch(&name, isalnum((unsigned char)*base) ? *base : '_');
	}
	return strbuf_detach(&name);
}

struct err *klp_check_name(const char *name)
{
	size_t len = strlen(name);

	if (!len || len > MAX_MODULE_NAME)
		return err_code_new(ERR_USAGE, "name '%s': a module's name has 1 to %d characters",
				    name, MAX_MODULE_NAME);
	for (; *name; name++)
		if (!isalnum((unsigned char)*name) && *name != '_')
			return err_code_new(
				ERR_USAGE,
				"name: only letters, digits and '_' make a module's name, not '%c'",
				*name);
	return NULL;
}

void klp_report_free(struct klp_report *report)
{
	if (!report)
		return;
	vec_foreach(&report->functions, it) {
		free(it->object);
		free(it->file);
		free(it->name);
		function_facts_free(&it->facts);
		code_pair_vec_free(&it->code);
	}
	vec_free(&report->functions);
	type_view_vec_free(&report->types);
	findings_free(&report->findings);
	free(report->name);
	free(report->module);
	free(report);
}

void klp_report_freep(struct klp_report **reportp)
{
	klp_report_free(*reportp);
}
