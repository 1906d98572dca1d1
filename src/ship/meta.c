/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Makes metapackages of the live patches that a suite has, one for each flavour of kernels. */
#include "ship/meta.h"

#include <stdlib.h>
#include <string.h>

#include "advise/kernels.h"
#include "base/alloc.h"
#include "base/file.h"
#include "base/strbuf.h"
#include "base/text.h"
#include "ship/subject.h"
#include "ship/successor.h"

static bool is_live_deb(const struct ship_levels *levels, const struct ship_level *level,
			const char *suite)
{
	return !level->rpm && *level->kernel && !strcmp(level->suite, suite) &&
	       ship_level_is_served(levels, level);
}

static struct err *meta_write(const struct ship_repo *repo, const struct ship_level *meta)
{
	scope_free char *folder = xasprintf("%s/meta-%s", repo->work, meta->package);
	scope_free char *debian = xasprintf("%s/DEBIAN", folder);
	scope_free char *path = xasprintf("%s/control", debian);
	scope_free char *text = xasprintf(
		"Package: %s\nVersion: %s\nArchitecture: all\nMaintainer: Local administrator <root@localhost>\n"
		"Depends: %s\nSection: kernel\nPriority: optional\n"
		"Description: live patches of all kernels of one flavour\n"
		" The package depends on the live patches of all kernels of this flavour that the\n"
		" repository has, so that a machine has that of the kernel that it runs.\n",
		meta->package, meta->version, meta->depends);

	err_try(dir_make(debian));
	err_try(file_write_scratch(path, text, strlen(text)));
	return ship_pack_deb(repo, folder, meta->file);
}

/* Versions are numbers that count the changes. */
static struct err *meta_update_one(struct ship_repo *repo, const char *suite, const char *flavour,
				   const char *depends)
{
	scope_free char *release = xasprintf("%s", flavour + 1);
	scope_free char *package = ship_package_name(release);
	const struct ship_level *old =
		package ? ship_levels_newest(&repo->levels, suite, package, false) : NULL;

	if (!package || (old && old->depends && !strcmp(old->depends, depends)))
		return NULL;

	scope_free char *version = xasprintf("%lu", old ? strtoul(old->version, NULL, 10) + 1 : 1);
	/* Versions are counted per suite, so the file's name contains the suite. */
	struct ship_level meta = {
		.suite = xstrdup(suite),
		.package = take_ptr(package),
		.version = take_ptr(version),
		.kernel = xstrdup(""),
		.phase = 100,
		.depends = xstrdup(depends),
	};

	meta.file = xasprintf("%s_%s_%s_all.deb", meta.package, meta.version, suite);
	vec_push(&repo->levels.list, meta);
	return meta_write(repo, &meta);
}

struct err *ship_meta_update(struct ship_repo *repo, const char *suite)
{
	scope_str_vec flavours = {};

	vec_foreach(&repo->levels.list, it)
		if (is_live_deb(&repo->levels, it, suite) && *kernel_flavour(it->kernel) == '-')
			vec_push(&flavours, xstrdup(kernel_flavour(it->kernel)));
	str_vec_sort_unique(&flavours);
	vec_foreach(&flavours, flavour) {
		scope_str_vec packages = {};

		vec_foreach(&repo->levels.list, it)
			if (is_live_deb(&repo->levels, it, suite) &&
			    !strcmp(kernel_flavour(it->kernel), *flavour))
				vec_push(&packages, xstrdup(it->package));
		str_vec_sort_unique(&packages);

		scope_free char *depends = str_vec_join(&packages, ", ");

		err_try(meta_update_one(repo, suite, *flavour, depends));
	}
	return NULL;
}
