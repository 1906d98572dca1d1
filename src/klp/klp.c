/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Makes a module from patches: build_run() has one line for each step, in order. */
#include "klp/klp.h"

#include <malloc.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "base/interrupt.h"
#include "base/tempdir.h"
#include "klp/assemble.h"
#include "klp/author.h"
#include "klp/build.h"
#include "klp/check.h"
#include "klp/functions.h"
#include "klp/glue.h"
#include "klp/name.h"
#include "klp/pieces.h"
#include "klp/resolve.h"
#include "klp/settled.h"
#include "klp/tail.h"
#include "klp/units.h"
#include "reach/reach.h"
#include "safety/kernel_types.h"

static struct err *build_compare(struct build *build, double *mark)
{
	struct klp_seconds *seconds = &build->report->seconds;
	const char *vmlinux = build->spec->target->vmlinux;

	err_try(units_open(build));
	build_lap(mark, &seconds->diff);
	if (interrupt_pending())
		return interrupt_error();
	err_try(image_open(vmlinux ? vmlinux : build->spec->target->vmlinuz, &build->image));
	build->anchor = anchor_find(build->image);
	build->guard = guard_of_image(build->image, &build->anchor);
	/* Distances are only used where the glue can recognise the build. */
	build->anchor.usable &= build->guard.count == GUARD_COMPLETE;
	err_try(pieces_add(build));
	build_lap(mark, &seconds->match);
	err_try(check_types(build));
	build_lap(mark, &seconds->safety);
	return NULL;
}

static struct err *build_resolve(struct build *build, double *mark)
{
	err_try(pieces_select(build, mark));
	build_lap(mark, &build->report->seconds.safety);
	vec_foreach(&build->pieces, it) {
		if (interrupt_pending())
			return interrupt_error();
		err_try(piece_resolve(*it));
		err_try(functions_report(build, *it));
	}
	err_try(tails_cover(build));
	build_lap(mark, &build->report->seconds.match);
	return NULL;
}

static size_t count_funcs(const struct build *build)
{
	size_t count = 0;

	vec_foreach(&build->pieces, it)
		count += (*it)->part.funcs.len;
	return count;
}

/* Each callback is a pointer in its own section; the section of states contains no callbacks. */
static size_t count_callbacks(const struct build *build)
{
	size_t count = 0;

	vec_foreach(&build->pieces, it)
		vec_foreach(&(*it)->selected->object->sections, section)
			count += str_starts((*section)->name, DIFF_CALLBACK_SECTION) &&
				 strcmp((*section)->name, DIFF_CALLBACK_SECTION "states") &&
				 (*section)->relas.len;
	return count;
}

/* Boot code that changes only through inlined functions has already run with the old ones. */
static struct err *soften_inlined(struct build *build)
{
	vec_foreach(&build->report->findings, it) {
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

static void build_take_cves(struct build *build)
{
	struct str_vec *cves = &build->report->cves;

	*cves = build->compiled->cves;
	build->compiled->cves = (struct str_vec){};
	if (build->spec->cves)
		vec_foreach(build->spec->cves, it)
			vec_push(cves, xstrdup(*it));
	str_vec_sort_unique(cves);
}

static struct err *build_run(struct build *build)
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
		.files = spec->files,
		.nr_files = spec->nr_files,
		.keep_going = spec->keep_going,
		.most_users = spec->most_users,
		.judge_first = spec->judge_first,
		.altered = spec->altered,
		.settled = spec->settled,
		.skip_settled = spec->skip_settled,
		.keep_lines = true,
		.jobs = spec->jobs,
		.sandbox = spec->sandbox,
	};

	build->compile = &compile;
	err_try(pair_run(&compile, build->progress, &build->compiled));
	build_take_cves(build);
	report->judged_only = build->compiled->judged_only;
	report->seconds.compile_pre = build->compiled->seconds_pre;
	report->seconds.compile_post = build->compiled->seconds_post;
	mark = clock_seconds();
	err_try(build_compare(build, &mark));
	err_try(build_resolve(build, &mark));

	functions_check_running(build);
	if (interrupt_pending())
		return interrupt_error();
	functions_place_findings(build);
	err_try(settled_note(build));
	err_try(soften_inlined(build));
	findings_allow(&report->findings, spec->allow);
	report->refused = findings_refuse(&report->findings);
	if (report->refused && spec->target->source_gap)
		finding_add(
			&report->findings, "source-gap", spec->target->release, NULL, NULL,
			"%s; if it differs from the shipped file, the distribution's own patches may change it",
			spec->target->source_gap);
	report->nr_replaced = count_funcs(build);
	report->nr_callbacks = count_callbacks(build);
	if (!report->refused && klp_report_is_empty(report))
		finding_add(
			&report->findings, "no-code-change",
			spec->nr_patches ? spec->patches[0] : report->name, NULL, NULL,
			"the patch changes no code that this kernel runs: there is nothing to live-patch");
	else if (!report->refused && spec->out_dir)
		err_try(build_assemble(build));
	build_lap(&mark, &report->seconds.link);
	report->seconds.total = clock_seconds() - start;
	return NULL;
}

static void klp_build_free(struct build *build)
{
	pieces_free(build);
	units_free(build);
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
	/*
	 * Starting a program copies this process's page tables.  A caller that builds again starts
	 * thousands, and what the objects of a large change needed would be copied each time.
	 */
	malloc_trim(0);
}

struct err *klp_build(const struct klp_build_spec *spec, struct progress *progress,
		      struct klp_report **reportp)
{
	scope_klp_report report = xcalloc(1, sizeof(*report));
	struct build build = {.spec = spec, .progress = progress, .report = report};

	report->name = spec->name ? xstrdup(spec->name) : klp_default_name(spec->patches[0]);
	err_try(klp_check_new_name(report->name, spec->target));

	struct err *err = build_run(&build);

	klp_build_free(&build);
	if (err)
		return err;
	*reportp = take_ptr(report);
	return NULL;
}

struct err *klp_prepare(const struct target *target, enum sandbox_kind sandbox,
			struct progress *progress)
{
	scope_elf glue = NULL;

	err_try(pair_prepare(target, sandbox, progress));
	progress_begin(progress, "compiling the common part of all live patches", 0,
		       PROGRESS_COUNT);

	struct err *err = glue_compile(target, sandbox, progress, &glue);

	progress_end(progress);
	return err;
}
