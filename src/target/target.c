/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Opens a kernel release: finds or fetches its parts, and reads what describes it. */
#include "target/target.h"

#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>

#include "base/alloc.h"
#include "base/file.h"
#include "base/interrupt.h"
#include "base/json.h"
#include "base/path.h"
#include "base/seal.h"
#include "base/strbuf.h"
#include "image/image.h"
#include "target/cache.h"
#include "target/cached.h"
#include "target/compiler.h"
#include "target/debian.h"
#include "target/deciding.h"
#include "target/index.h"
#include "target/local.h"
#include "target/lookup.h"
#include "target/release.h"
#include "target/usage.h"
#include "target/toolchain_choose.h"
#include "target/fetch.h"

struct target *target_new(void)
{
	struct target *target = xcalloc(1, sizeof(*target));

	target->locks[0] = target->locks[1] = target->locks[2] = -1;
	return target;
}

void target_free(struct target *target)
{
	if (!target)
		return;
	free(target->release);
	free(target->version);
	free(target->dir);
	free(target->vmlinuz);
	free(target->vmlinux);
	free(target->modules);
	free(target->build_dir);
	free(target->source);
	free(target->source_gap);
	free(target->compiler);
	free(target->compiler_text);
	free(target->toolchain);
	free(target->tools);
	for (size_t i = 0; i < array_size(target->locks); i++)
		closep(&target->locks[i]);
	index_free(target->index);
	free(target);
}

void target_freep(struct target **targetp)
{
	target_free(*targetp);
}

bool target_runs_here(const struct target *target)
{
	struct utsname uts;

	return !uname(&uts) && !strcmp(uts.release, target->release);
}

const char *target_config(const struct target *target, const char *symbol)
{
	return index_config(target->index, symbol);
}

char *target_module_path(const struct target *target, const char *module)
{
	if (!target->modules)
		return NULL;
	return index_module_path(target->index, target->modules, module);
}

const struct target_export *target_export_find(const struct target *target, const char *symbol)
{
	return index_export(target->index, symbol);
}

struct err *target_check_compiler(const struct target *target)
{
	return target->compiler_checked
		       ? NULL
		       : compiler_check(target->release, target->compiler, target->compiler_text);
}

char *target_path_variable(const struct target *target)
{
	const char *path = getenv("PATH");

	return xasprintf("PATH=%s%s%s", target->tools ? target->tools : "",
			 target->tools ? ":" : "", path ? path : "/usr/bin:/bin");
}

/* Reads .config, Module.symvers and the module list, and derives what follows from them. */
static struct err *read_index(struct target *target)
{
	scope_free char *config = xasprintf("%s/.config", target->build_dir);
	scope_free char *symvers = xasprintf("%s/Module.symvers", target->build_dir);

	target->index = xcalloc(1, sizeof(*target->index));
	err_try(index_read_config(target->index, config));
	err_try(index_read_symvers(target->index, symvers));
	if (target->modules)
		err_try(index_read_modules(target->index, target->modules));

	const char *text = target_config(target, "CC_VERSION_TEXT");

	if (!text || !*text)
		return err_new(
			"%s: no CONFIG_CC_VERSION_TEXT: which compiler built the kernel is unknown",
			config);
	target->compiler_text = xstrdup(text);
	target->compiler = compiler_program(text, target_config(target, "CLANG_VERSION"));
	return NULL;
}

static struct target *from_cache(const char *release, struct cached *cached)
{
	struct target *target = target_new();

	target->release = xstrdup(release);
	target->version = xstrdup(cached->version);
	target->dir = xstrdup(cached->path);
	target->vmlinuz = xasprintf("%s/boot/vmlinuz", cached->path);
	target->modules = xasprintf("%s/lib/modules/%s", cached->path, release);
	target->build_dir = xasprintf("%s/build", cached->path);
	target->source = take_ptr(cached->source);
	target->source_gap = take_ptr(cached->source_gap);
	return target;
}

/*
 * Keeps "suture cache --prune" from removing the release and its source. Fails if they were removed
 * between finding and locking them.
 */
static struct err *target_hold(struct target *target)
{
	scope_free char *source = target->source ? path_parent(target->source) : NULL;
	scope_free char *stamp = source ? xasprintf("%s/stamp.json", source) : NULL;

	usage_begin(target->dir, &target->locks[0]);
	if (stamp &&
	    file_exists(stamp)) /* a source tree that the user gave is not part of the cache */
		usage_begin(source, &target->locks[1]);
	if (!dir_exists(target->dir) || !dir_exists(target->source))
		return err_new("%s was removed from the cache in the meantime; try again",
			       target->release);
	return NULL;
}

/* Does the same as target_hold() with a toolchain of the cache, but not with one that the user gave
 * as a folder. */
static struct err *target_hold_toolchain(struct target *target)
{
	scope_free char *entry = target->toolchain ? path_parent(target->toolchain) : NULL;
	scope_free char *stamp = entry ? xasprintf("%s/stamp.json", entry) : NULL;

	if (stamp && file_exists(stamp))
		usage_begin(entry, &target->locks[2]);
	return target->toolchain && !dir_exists(target->toolchain)
		       ? err_new("%s was removed from the cache in the meantime; try again",
				 target->toolchain)
		       : NULL;
}

/*
 * Fetches a plan. Lists name files that an archive has removed since, so a release of which that
 * is seen is planned once more by renewed lists; the first error stays if that gives no plan.
 */
static struct err *fetch_planned(struct lookup *lookup, const char *release, const char *version,
				 struct debian_plan *plan)
{
	bool gone;
	struct err *err = debian_plan_fetch(plan, lookup->root, lookup->progress, &gone);

	if (!err || !gone)
		return err;

	struct err *again = lookup_plan_renewed(lookup, release, version, plan);

	if (!again && plan->version) {
		err_free(err);
		return debian_plan_fetch(plan, lookup->root, lookup->progress, &gone);
	}
	if (again && err_code(again) == ERR_INTERRUPTED) {
		err_free(err);
		return again;
	}
	err_free(again);
	return err;
}

static struct err *open_fetch(struct lookup *lookup, struct release_choice *choice)
{
	const char *release = choice->release;

	err_try(err_wrap(fetch_planned(lookup, release, choice->version, &choice->plan),
			 "kernel %s", release));
	cached_find(lookup->root, release, choice->plan.version, &choice->cached);
	return choice->cached.path ? NULL
				   : err_new("cache %s: %s %s was fetched but is missing",
					     lookup->root, release, choice->plan.version);
}

static struct err *open_packaged(const char *asked, struct progress *progress,
				 struct target **target)
{
	scope_free char *root = NULL;

	err_try(cache_root(&root));

	scope_lookup lookup = {.root = root, .progress = progress};
	scope_release_choice choice = {};

	err_try(release_choose(&lookup, asked, &choice));
	if (!choice.cached.path) {
		struct err *err = open_fetch(&lookup, &choice);

		if (err) {
			err_try(release_fall_back(&lookup, asked, err, &choice.release));
			cached_find(root, choice.release, NULL, &choice.cached);
		}
	}
	err_try(deciding_check(choice.cached.path, choice.release));
	*target = from_cache(choice.release, &choice.cached);
	return NULL;
}

/*
 * Checks that the shipped image is of the release, and keeps its unpacked ELF in the cache, with a
 * seal. It is no error if that is impossible because only others may write the cache.
 */
static struct err *keep_vmlinux(struct target *target, struct progress *progress)
{
	scope_free char *path = xasprintf("%s/vmlinux", target->dir);
	scope_free char *seal = xasprintf("%s.seal", path);
	scope_free char *what = xasprintf("%s/vmlinux", path_base(target->dir));

	if (!seal_matches(seal, path, what)) {
		scope_image image = NULL;

		if (file_exists(path) && file_exists(seal))
			progress_note(progress, "%s is damaged and is created again", path);

		err_try(image_open(target->vmlinuz, &image));
		if (strcmp(image_release(image), target->release))
			return err_new("%s is a kernel of release %s, not %s", target->vmlinuz,
				       image_release(image), target->release);

		struct bytes elf = image_elf(image);
		struct err *err = file_write(path, elf.data, elf.size);

		if (!err)
			err = seal_write(seal, path, what);
		if (err) {
			err_free(err);
			return interrupt_pending() ? interrupt_error() : NULL;
		}
	}
	target->vmlinux = take_ptr(path);
	return NULL;
}

/*
 * Opens a packaged release that is compiled from another tree: a local kernel whose other parts are
 * packaged.
 */
static struct err *open_with_source(const struct target_spec *spec, struct progress *progress,
				    struct target **target)
{
	scope_target packaged = NULL;

	err_try(open_packaged(spec->release, progress, &packaged));

	const struct target_spec local = {
		.release = packaged->release,
		.image = packaged->vmlinuz,
		.modules = packaged->modules,
		.build_dir = packaged->build_dir,
		.source = spec->source,
	};

	err_try(local_open(&local, progress, target));
	free((*target)->version);
	(*target)->version = take_ptr(packaged->version);
	return NULL;
}

static bool is_local(const struct target_spec *spec)
{
	return spec->image || spec->modules || spec->build_dir;
}

struct err *target_open(const struct target_spec *spec, struct progress *progress,
			struct target **targetp)
{
	scope_target target = NULL;

	if (is_local(spec))
		err_try(local_open(spec, progress, &target));
	else if (spec->source)
		err_try(open_with_source(spec, progress, &target));
	else
		err_try(open_packaged(spec->release, progress, &target));
	err_try(target_hold(target));
	err_try(read_index(target));
	err_try(toolchain_choose(spec, progress, target));
	err_try(target_hold_toolchain(target));
	err_try(keep_vmlinux(target, progress));
	if (is_local(spec) && target->modules)
		err_try(local_check_modules(target));
	*targetp = take_ptr(target);
	return NULL;
}

struct err *target_list(struct progress *progress, struct target_listed_vec *list)
{
	scope_free char *root = NULL;

	err_try(cache_root(&root));

	scope_lookup lookup = {.root = root, .progress = progress};

	err_try(lookup_list(&lookup, list));
	return list->len
		       ? NULL
		       : err_new("apt has no package lists that name a kernel: run 'apt-get update', which needs a network");
}
