/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Finds the source of a version in the cache, or has the archives send it. */
#include "target/source.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/file.h"
#include "base/strbuf.h"
#include "base/text.h"
#include "target/cache.h"
#include "target/debian.h"
#include "target/lookup.h"
#include "target/usage.h"
#include "target/fetch.h"

void target_source_free(struct target_source *source)
{
	if (!source)
		return;
	closep(&source->lock);
	free(source->version);
	free(source->tree);
	free(source);
}

void target_source_freep(struct target_source **sourcep)
{
	target_source_free(*sourcep);
}

static struct err *source_folder(const char *path, struct target_source **source)
{
	scope_free char *makefile = xasprintf("%s/Makefile", path);
	scope_free char *kbuild = xasprintf("%s/Kbuild", path);
	scope_free char *real = realpath(path, NULL);

	if (!real)
		return err_errno(errno, "%s", path);
	if (!file_exists(makefile) || !file_exists(kbuild))
		return err_new("%s: not a kernel source tree", path);
	*source = xcalloc(1, sizeof(**source));
	(*source)->lock = -1;
	(*source)->version = xstrdup(path);
	(*source)->tree = take_ptr(real);
	return NULL;
}

/* Returns the package with the source of the target's series; free(). */
static struct err *source_package(const struct target *target, char **package)
{
	scope_free char *series = debian_series(target->release);

	if (!series || !*target->version)
		return err_code_new(
			ERR_USAGE,
			"kernel %s does not come from a package, so its later versions are not known; name a folder with their source",
			target->release);
	*package = xasprintf("linux-source-%s", series);
	return NULL;
}

/* Lists the versions that a view has, for a message; the wanted one becomes the plan's. */
static struct err *source_plan(const struct apt_view *view, const char *package,
			       const char *version, struct debian_plan *plan,
			       struct str_vec *versions)
{
	scope_str_vec names = {};
	scope_apt_packages known = {};

	vec_push(&names, xstrdup(package));
	err_try(apt_show(view, &names, &known));
	vec_foreach(&known, it) {
		str_vec_add(versions, it->version); /* both views may have it */
		if (plan->version || strcmp(it->version, version))
			continue;
		plan->view = view;
		plan->version = xstrdup(version);
		vec_push(&plan->source, *it);
		*it = (struct apt_package){};
	}
	return NULL;
}

static struct err *source_fetch(const char *root, const char *package, const char *version,
				struct progress *progress)
{
	scope_lookup lookup = {.root = root, .progress = progress};
	scope_debian_plan plan = {};
	scope_str_vec versions = {};
	const struct apt_view *own = NULL;

	err_try(source_plan(lookup_host(&lookup), package, version, &plan, &versions));
	if (!plan.version) {
		err_try(lookup_own(&lookup, &own));
		if (own)
			err_try(source_plan(own, package, version, &plan, &versions));
	}

	scope_free char *list = str_vec_join(&versions, ", ");

	if (!plan.version)
		return err_new(
			"%s of version %s is not in the archive, which has %s; a folder with the source works as well",
			package, version, *list ? list : "none");
	return debian_plan_fetch(&plan, root, progress, &(bool){false});
}

static struct err *source_packaged(const struct target *target, const char *version,
				   struct progress *progress, struct target_source **sourcep)
{
	scope_target_source source = xcalloc(1, sizeof(*source));
	scope_free char *root = NULL, *package = NULL;

	source->lock = -1;
	err_try(source_package(target, &package));
	err_try(cache_root(&root));

	scope_free char *entry = xasprintf("%s/sources/%s_%s", root, package, version);

	if (!cache_has(entry))
		err_try(source_fetch(root, package, version, progress));
	usage_begin(entry, &source->lock);
	source->version = xstrdup(version);
	source->tree = xasprintf("%s/tree", entry);
	if (!dir_exists(source->tree))
		return err_new("%s was removed from the cache in the meantime; try again", entry);
	*sourcep = take_ptr(source);
	return NULL;
}

struct err *target_source_open(const struct target *target, const char *wanted,
			       struct progress *progress, struct target_source **source)
{
	if (strchr(wanted, '/') || dir_exists(wanted))
		return source_folder(wanted, source);
	return source_packaged(target, wanted, progress, source);
}
