/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Lists every release that apt knows, and whether all that Suture needs of it is there. */
#include "target/debian_list.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/strbuf.h"

void target_listed_vec_free(struct target_listed_vec *list)
{
	vec_foreach(list, it) {
		free(it->release);
		free(it->suite);
		free(it->version);
		free(it->compiler);
		free(it->why);
	}
	vec_free(list);
}

/* Accepts "linux-image-6.1.0-54-amd64", but no metapackage, debug data or unsigned twin. */
static bool is_image_of_release(const char *name, const char **release)
{
	static const char prefix[] = "linux-image-";
	scope_free char *series = NULL;

	*release = name + strlen(prefix);
	series = debian_series(*release);
	return series && (*release)[strlen(series)] == '.' && str_ends(name, "-amd64");
}

/*
 * Shows the packages of these names. For a name that it does not know, apt searches all packages,
 * as the name could be a pattern; so only names that are in the sorted list `all` are asked for.
 */
static struct err *show_known(const struct apt_view *view, const struct str_vec *names,
			      const struct str_vec *all, struct apt_package_vec *known)
{
	scope_str_vec there = {};

	vec_foreach(names, name)
		if (str_vec_find_sorted(all, *name))
			vec_push(&there, xstrdup(*name));
	return there.len ? apt_show(view, &there, known) : NULL;
}

/* Collects every package that could be part of one of the releases, by two calls of apt. */
static struct err *known_of_all(const struct apt_view *view, const struct str_vec *releases,
				struct apt_package_vec *known)
{
	static const char headers[] = "linux-headers-";
	scope_str_vec names = {}, more = {}, all = {};

	err_try(apt_names(view, "linux-", &all));
	vec_foreach(releases, it)
		debian_image_names(*it, &names);
	err_try(show_known(view, &names, &all, known));
	vec_foreach(known, package)
		if (str_starts(package->name, headers))
			debian_other_names(package->name + strlen(headers), package->depends,
					   &more);
	str_vec_sort_unique(&more);
	return show_known(view, &more, &all, known);
}

static struct err *list_one(const struct apt_package_vec *known, const char *release,
			    struct target_listed *listed)
{
	scope_names missing = NAMES_INIT(SIZE_MAX);
	scope_debian_plan plan = {};

	listed->release = xstrdup(release);
	err_try(debian_plan_known(known, release, NULL, &plan, &missing));
	if (!plan.version) {
		listed->version = xstrdup("");
		listed->why = xstrdup("its image is no longer in the archive");
		return NULL;
	}
	listed->version = xstrdup(plan.version);
	if (plan.kernel.len > 1)
		listed->compiler = debian_compiler(plan.kernel.data[1].depends);

	scope_free char *list = names_end(&missing);

	if (*list)
		listed->why = xasprintf("not in the archive: %s", list);
	return NULL;
}

struct err *debian_list(const struct apt_view *view, struct target_listed_vec *list)
{
	scope_str_vec names = {}, releases = {}, images = {};
	scope_apt_packages known = {};
	scope_strbuf suites = STRBUF_INIT;

	err_try(apt_names(view, "linux-image-", &names));
	vec_foreach(&names, name) {
		const char *release;

		if (!is_image_of_release(*name, &release))
			continue;
		vec_push(&releases, xstrdup(release));
		vec_push(&images, xstrdup(*name));
	}
	err_try(known_of_all(view, &releases, &known));
	err_try(apt_madison(view, &images, &suites));
	vec_foreach(&releases, release) {
		scope_free char *image = xasprintf("linux-image-%s", *release);
		struct target_listed listed = {};

		err_try(list_one(&known, *release, &listed));
		listed.suite = apt_parse_suite(suites.buf, image, listed.version);
		vec_push(list, listed);
	}
	return NULL;
}
