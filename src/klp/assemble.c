/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Assembles the module from glue and parts, and records in .modinfo what it was made from. */
#include "klp/assemble.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <xxhash.h>

#include "base/alloc.h"
#include "base/file.h"
#include "base/path.h"
#include "base/strbuf.h"
#include "base/text.h"
#include "base/version.h"
#include "klp/anchor_check.h"
#include "klp/glue.h"
#include "klp/link.h"

/* Returns whether code that ran at boot had the unpatched code inlined: its effects remain. */
static bool has_inlined(const struct klp_report *report)
{
	vec_foreach(&report->findings, it)
		if (!strcmp(it->rule, "init-function"))
			return true;
	return false;
}

static struct err *assemble_info(const struct build *build, struct str_vec *info)
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
	vec_foreach(&build->report->cves, it)
		vec_push(info, xasprintf("suture_cve=%s", *it));
	vec_foreach(&build->report->findings, it)
		if (!strcmp(it->rule, "hunk-fuzz"))
			vec_push(info, xasprintf("suture_fuzz=%s:%u %s", it->file, it->line,
						 it->message));
	if (spec->info)
		vec_push(info, xstrdup(spec->info_inlined && has_inlined(build->report)
					       ? spec->info_inlined
					       : spec->info));
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

	scope_free char *list = str_vec_join(&objects, ",");

	vec_push(info, xasprintf("suture_objects=%s", list));
	return NULL;
}

/* Reads the finished module back; one that is wrong does not stay. */
static struct err *assemble_check(const struct build *build, const char *path)
{
	scope_elf module = NULL;

	err_try(elf_object_open(path, &module));

	struct err *err = anchor_check(module, build->image, &build->report->nr_anchored);

	if (err)
		unlink(path);
	return err;
}

struct err *build_assemble(struct build *build)
{
	const struct klp_build_spec *spec = build->spec;
	struct klp_link_spec link = {.name = build->report->name, .replace = spec->replace};
	scope_elf glue = NULL;
	scope_free char *path = xasprintf("%s/%s.ko", spec->out_dir, build->report->name);

	err_try(dir_make(spec->out_dir));
	err_try(glue_compile(spec->target, spec->sandbox, build->progress, &glue));
	link.guard = build->guard;
	link.glue = glue;
	vec_foreach(&build->pieces, it)
		if ((*it)->part.object && (*it)->part.object->sections.len)
			vec_push(&link.parts, &(*it)->part);

	struct err *err = assemble_info(build, &link.modinfo);

	if (!err)
		err = klp_link(&link, path);
	if (!err)
		err = assemble_check(build, path);
	if (!err)
		build->report->module = take_ptr(path);
	str_vec_free(&link.modinfo);
	vec_free(&link.parts);
	return err;
}
