/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "target/target.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>

#include "base/alloc.h"
#include "base/file.h"
#include "base/interrupt.h"
#include "base/strbuf.h"
#include "image/image.h"
#include "target/cache.h"
#include "target/compiler.h"
#include "target/debian.h"
#include "target/index.h"
#include "target/local.h"
#include "target/target_internal.h"

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
	index_free(target->index);
	free(target);
}

void target_freep(struct target **targetp)
{
	target_free(*targetp);
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
	return compiler_check(target->release, target->compiler, target->compiler_text);
}

/* It becomes part of paths and of package names. */
static struct err *check_release(const char *release)
{
	bool good = isdigit((unsigned char)*release) && strlen(release) < 65;

	for (const char *c = release; *c; c++)
		good = good && (isalnum((unsigned char)*c) || strchr("._+~-", *c));
	if (!good)
		return err_code_new(
			ERR_USAGE,
			"'%s' is not a kernel release, as uname -r prints it: 6.1.0-54-amd64",
			release);
	return NULL;
}

/*
 * The package version of the running kernel, from "#1 SMP PREEMPT_DYNAMIC Debian
 * 6.1.190-1 (2026-10-16)"; NULL when uname -v does not tell.
 */
static char *running_version(const char *uname_version)
{
	const char *debian = strstr(uname_version, " Debian ");

	if (!debian)
		return NULL;
	debian += strlen(" Debian ");
	return xstrndup(debian, strcspn(debian, " "));
}

/* "6.1" or "6.1-rt-amd64", which no release is called: even the first one is 6.1.0. */
static bool is_series(const char *release)
{
	scope_free char *series = debian_series(release);
	const char *rest = series ? release + strlen(series) : "?";

	return !*rest || (*rest == '-' && debian_flavour(release) == rest + 1);
}

struct err *target_wanted(const char *asked, char **release, char **version)
{
	struct utsname uts;

	if (uname(&uts) < 0)
		return err_errno(errno, "uname");
	if (asked && is_series(asked))
		err_try(target_latest(asked, release));
	else
		*release = xstrdup(asked ? asked : uts.release);
	*version = !strcmp(*release, uts.release) ? running_version(uts.version) : NULL;
	return check_release(*release);
}

/* What a source entry of linux-source with other headers over it lacks; NULL for the plain one. */
static char *gap_of(const json_t *source_stamp)
{
	const char *package = json_string_value(json_object_get(source_stamp, "package"));
	const char *headers = json_string_value(json_object_get(source_stamp, "headers"));

	if (!headers || !package)
		return NULL;
	return xasprintf(
		"the archive has no patched source of this kernel's flavour: what it is compiled from is %s with the headers of %s",
		package, headers);
}

static bool source_is_there(const char *root, const json_t *stamp, char **source, char **gap)
{
	const char *name = json_string_value(json_object_get(stamp, "source"));

	if (!name || strchr(name, '/'))
		return false;

	scope_free char *path = xasprintf("%s/sources/%s", root, name);
	json_t *source_stamp = cache_stamp(path);

	if (source_stamp) {
		*source = xasprintf("%s/tree", path);
		*gap = gap_of(source_stamp);
	}
	json_decref(source_stamp);
	return source_stamp;
}

void cached_free(struct cached *cached)
{
	free(cached->path);
	free(cached->version);
	free(cached->source);
	free(cached->source_gap);
	*cached = (struct cached){};
}

static void consider(const char *root, const char *path, const char *version, struct cached *best)
{
	json_t *stamp = cache_stamp(path);
	char *source = NULL, *gap = NULL;

	if (stamp && source_is_there(root, stamp, &source, &gap)) {
		cached_free(best);
		*best = (struct cached){xstrdup(path), xstrdup(version), source, gap};
	}
	json_decref(stamp);
}

void target_find_cached(const char *root, const char *release, const char *version,
			struct cached *best)
{
	scope_free char *folder = xasprintf("%s/kernels", root);
	scope_free char *prefix = xasprintf("%s_", release);
	DIR *dir = opendir(folder);

	if (!dir)
		return;
	for (struct dirent *entry; (entry = readdir(dir));) {
		const char *this = entry->d_name + strlen(prefix);
		scope_free char *path = xasprintf("%s/%s", folder, entry->d_name);

		if (!str_starts(entry->d_name, prefix) || strstr(this, ".partial."))
			continue;
		if (version && strcmp(version, this))
			continue;
		if (!best->version || strverscmp(this, best->version) > 0)
			consider(root, path, this, best);
	}
	closedir(dir);
}

/* .config, Module.symvers and module list, and what follows from them. */
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
	struct target *target = xcalloc(1, sizeof(*target));

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

static struct err *open_packaged(const char *asked, struct progress *progress,
				 struct target **target)
{
	scope_free char *root = NULL, *release = NULL, *version = NULL;
	scope_cached cached = {};

	err_try(cache_root(&root));
	err_try(target_wanted(asked, &release, &version));
	target_find_cached(root, release, version, &cached);
	if (!cached.path) {
		scope_debian_plan plan = {};

		err_try(debian_plan(release, version, &plan));
		err_try(debian_fetch(&plan, root, progress));
		target_find_cached(root, release, plan.version, &cached);
		if (!cached.path)
			return err_new("cache %s: %s %s was fetched, but is not there", root,
				       release, plan.version);
	}
	*target = from_cache(release, &cached);
	return NULL;
}

/*
 * The shipped image must be of the release; its ELF is kept unpacked in the cache.
 * That it cannot be kept (a cache that only others may write) is no error.
 */
static struct err *keep_vmlinux(struct target *target)
{
	scope_free char *path = xasprintf("%s/vmlinux", target->dir);

	if (!file_exists(path)) {
		scope_image image = NULL;

		err_try(image_open(target->vmlinuz, &image));
		if (strcmp(image_release(image), target->release))
			return err_new("%s is a kernel of release %s, not %s", target->vmlinuz,
				       image_release(image), target->release);

		struct bytes elf = image_elf(image);
		struct err *err = file_write(path, elf.data, elf.size);

		if (err) {
			err_free(err);
			return interrupt_pending() ? interrupt_error() : NULL;
		}
	}
	target->vmlinux = take_ptr(path);
	return NULL;
}

/* A packaged release compiled from another tree: a local kernel whose other parts are packaged. */
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
	err_try(read_index(target));
	err_try(keep_vmlinux(target));
	if (is_local(spec) && target->modules)
		err_try(local_check_modules(target));
	*targetp = take_ptr(target);
	return NULL;
}

struct err *target_latest(const char *asked, char **release)
{
	scope_free char *series = debian_series(asked);
	const char *flavour = debian_flavour(asked);
	scope_str_vec releases = {};

	if (series)
		err_try(debian_releases(series, *flavour ? flavour : "amd64", &releases));
	if (!releases.len)
		return debian_unknown(asked);
	*release = xstrdup(releases.data[0]);
	return NULL;
}
