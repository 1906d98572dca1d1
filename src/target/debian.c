/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Finds the packages that make up a Debian kernel release. */
#include "target/debian.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/nearest.h"
#include "base/strbuf.h"
#include "base/text.h"

#define MAX_SUGGESTIONS 4

/* The flavour to use if the user names none. */
#define PLAIN_FLAVOUR "amd64"

char *debian_series(const char *release)
{
	size_t major = strspn(release, "0123456789");

	if (!major || release[major] != '.')
		return NULL;

	size_t minor = strspn(release + major + 1, "0123456789");

	return minor ? xstrndup(release, major + 1 + minor) : NULL;
}

const char *debian_flavour(const char *release)
{
	for (const char *dash = release; (dash = strchr(dash, '-')); dash++)
		if (isalpha((unsigned char)dash[1]))
			return dash + 1;
	return "";
}

void debian_plan_free(struct debian_plan *plan)
{
	free(plan->release);
	free(plan->version);
	apt_package_vec_free(&plan->kernel);
	apt_package_vec_free(&plan->source);
	apt_package_vec_free(&plan->overlay);
}

static void push_copy(struct apt_package_vec *vec, const struct apt_package *package)
{
	struct apt_package copy = *package;

	copy.name = xstrdup(package->name);
	copy.version = xstrdup(package->version);
	copy.arch = xstrdup(package->arch);
	copy.depends = xstrdup(package->depends);
	vec_push(vec, copy);
}

/* Sorts the newest first; digits compare as numbers. */
static int compare_releases(const void *a, const void *b)
{
	return -strverscmp(*(char *const *)a, *(char *const *)b);
}

/*
 * Lists a release for each linux-image package of a series and flavour, even if it cannot be
 * downloaded.
 */
static struct err *named_releases(const struct apt_view *view, const char *series,
				  const char *flavour, struct str_vec *releases)
{
	scope_free char *prefix = xasprintf("linux-image-%s.", series);
	scope_str_vec names = {};

	err_try(apt_names(view, prefix, &names));
	vec_foreach(&names, name) {
		const char *release = *name + strlen("linux-image-");

		if (!strcmp(debian_flavour(release), flavour))
			vec_push(releases, xstrdup(release));
	}
	if (releases->len)
		qsort(releases->data, releases->len, sizeof(*releases->data), compare_releases);
	return NULL;
}

struct err *debian_releases(const struct apt_view *view, const char *series, const char *flavour,
			    struct str_vec *releases)
{
	scope_str_vec named = {}, wanted = {};
	scope_apt_packages known = {};
	scope_free char *source = xasprintf("linux-source-%s", series);

	err_try(named_releases(view, series, flavour, &named));
	if (!named.len)
		return NULL;
	vec_push(&wanted, xstrdup(source));
	vec_foreach(&named, release) {
		vec_push(&wanted, xasprintf("linux-image-%s", *release));
		vec_push(&wanted, xasprintf("linux-headers-%s", *release));
	}
	err_try(apt_show(view, &wanted, &known));
	vec_foreach(&named, release) {
		scope_free char *headers = xasprintf("linux-headers-%s", *release);
		scope_free char *image = xasprintf("linux-image-%s", *release);
		const struct apt_package *package = apt_find(&known, image, NULL);

		if (package && apt_find(&known, headers, package->version) &&
		    apt_find(&known, source, package->version))
			vec_push(releases, xstrdup(*release));
	}
	return NULL;
}

/* Returns the newest release of each of the newest series, one more than are suggested. */
static struct err *newest_releases(const struct apt_view *view, struct str_vec *releases)
{
	scope_str_vec names = {}, all = {};
	scope_free char *last = NULL;

	err_try(apt_names(view, "linux-image-", &names));
	vec_foreach(&names, name) {
		const char *release = *name + strlen("linux-image-");

		if (!strcmp(debian_flavour(release), PLAIN_FLAVOUR))
			vec_push(&all, xstrdup(release));
	}
	if (all.len)
		qsort(all.data, all.len, sizeof(*all.data), compare_releases);
	vec_foreach(&all, release) {
		char *series = releases->len <= MAX_SUGGESTIONS ? debian_series(*release) : NULL;
		scope_str_vec servable = {};

		if (!series || (last && !strcmp(series, last))) {
			free(series);
			continue;
		}
		free(last);
		last = series;
		err_try(debian_releases(view, series, PLAIN_FLAVOUR, &servable));
		if (servable.len)
			vec_push(releases, xstrdup(servable.data[0]));
	}
	return NULL;
}

/* Lists what is closest to a release: its series and flavour, its series, then other series. */
static struct err *close_releases(const struct apt_view *view, const char *release,
				  struct str_vec *releases)
{
	scope_free char *series = debian_series(release);

	if (series)
		err_try(debian_releases(view, series, debian_flavour(release), releases));
	if (series && !releases->len)
		err_try(debian_releases(view, series, PLAIN_FLAVOUR, releases));
	return releases->len ? NULL : newest_releases(view, releases);
}

struct err *debian_unknown(const struct apt_view *view, const char *release)
{
	scope_str_vec others = {};
	scope_names names = NAMES_INIT(MAX_SUGGESTIONS);
	struct nearest nearest = NEAREST_INIT(release);

	err_try(close_releases(view, release, &others));
	vec_foreach(&others, it)
		nearest_offer(&nearest, *it);
	for (size_t i = 0; i < others.len && i < MAX_SUGGESTIONS; i++)
		names_add(&names, "%s", others.data[i]);

	scope_free char *list = names_end(&names);
	scope_free char *hint = nearest_hint(
		&nearest,
		"a kernel from elsewhere needs --image, --modules, --build-dir and --source");

	return err_new(
		"kernel %s: no package of that release or series is known to apt%s%s%s%s; %s",
		release, others.len ? ", which has " : "", list,
		others.len > MAX_SUGGESTIONS ? " and older ones" : "",
		others.len ? "" : " ('apt-get update' brings its lists up to date)", hint);
}

/*
 * Returns a package with an image, of that version or of the newest. A signed image is preferred;
 * the unsigned package has the same kernel. prefix is "linux-image-" or "linux-binary-".
 */
static const struct apt_package *choose_image(const struct apt_package_vec *known,
					      const char *prefix, const char *release,
					      const char *version)
{
	scope_free char *is_signed = xasprintf("%s%s", prefix, release);
	scope_free char *is_unsigned = xasprintf("%s-unsigned", is_signed);
	const struct apt_package *image = apt_find(known, is_signed, version);

	return image ? image : apt_find(known, is_unsigned, version);
}

/* Since Debian's 6.17, linux-image-* is empty and depends on the packages with the files. */
static bool is_split(const struct apt_package *image)
{
	return strstr(image->depends, "linux-binary-") != NULL;
}

/*
 * The kbuild package that the headers depend on: "linux-kbuild-6.1 (>= 6.1.190-1)" up
 * to Debian 12's 6.1, "linux-kbuild-6.12.117+deb12" without a version since.
 */
static bool kbuild_dependency(const char *depends, char **name, char **least)
{
	const char *found = strstr(depends, "linux-kbuild-");

	if (!found)
		return false;

	size_t len = strcspn(found, " (,|:");
	const char *rest = found + len + strspn(found + len, " ");

	*name = xstrndup(found, len);
	*least = NULL;
	if (*rest == '(') {
		rest += 1 + strspn(rest + 1, "<>= ");
		*least = xstrndup(rest, strcspn(rest, ") "));
	}
	return true;
}

/*
 * The headers that several flavours share have a name that ends in "-common", and they are those of
 * linux-source.  Those of a flavour that is built with more patches have a name of their own:
 * "linux-headers-6.1.0-56-common-rt".  The patched .c files of those flavours are in no binary
 * package.  NULL when the headers are the usual ones; free().
 */
static char *overlay_dependency(const char *depends)
{
	static const char common[] = "-common-";

	for (const char *at = depends; (at = strstr(at, "linux-headers-")); at++) {
		size_t len = strcspn(at, " (,|:");
		const char *found = memmem(at, len, common, strlen(common));

		if (found && found + strlen(common) < at + len)
			return xstrndup(at, len);
	}
	return NULL;
}

static void debian_add_missing(struct names *missing, const char *name, const char *relation,
			       const char *version)
{
	names_add(missing, "%s%s%s", name, version ? relation : "", version ? version : "");
}

/*
 * Finds kbuild tools of the kernel's version, or else the closest later ones: the archive drops old
 * versions of linux-kbuild-6.1 while it still has the images.
 */
static struct err *plan_kbuild(struct debian_plan *plan, const struct apt_package_vec *known,
			       const char *name, const char *least, struct names *missing)
{
	const struct apt_package *kbuild = apt_find(known, name, plan->version);
	bool exact = kbuild;

	vec_foreach(known, package) {
		bool good = !least;

		if (exact || strcmp(package->name, name))
			continue;
		if (least)
			err_try(apt_version_at_least(package->version, least, &good));
		if (good)
			kbuild = package;
	}
	if (kbuild)
		push_copy(&plan->kernel, kbuild);
	else
		debian_add_missing(missing, name, " of at least version ", least);
	return NULL;
}

/* Adds a package that must have the kernel's own version. */
static void plan_exact(const struct debian_plan *plan, const struct apt_package_vec *known,
		       const char *name, struct apt_package_vec *into, struct names *missing)
{
	const struct apt_package *package = apt_find(known, name, plan->version);

	if (package)
		push_copy(into, package);
	else
		debian_add_missing(missing, name, " of version ", plan->version);
}

static void push_name(struct str_vec *names, char *name)
{
	if (name)
		vec_push(names, name);
}

void debian_other_names(const char *release, const char *depends, struct str_vec *names)
{
	scope_free char *series = debian_series(release), *least = NULL;
	char *kbuild = NULL;

	kbuild_dependency(depends, &kbuild, &least);
	push_name(names, xasprintf("linux-source-%s", series));
	push_name(names, kbuild);
	push_name(names, overlay_dependency(depends));
}

static struct err *plan_rest(struct debian_plan *plan, const struct apt_package_vec *known,
			     const char *depends, struct names *missing)
{
	scope_free char *series = debian_series(plan->release);
	scope_free char *source = xasprintf("linux-source-%s", series);
	scope_free char *kbuild = NULL, *least = NULL;
	scope_free char *overlay = overlay_dependency(depends);

	if (*depends && !kbuild_dependency(depends, &kbuild, &least))
		return err_new("kernel %s: its headers package depends on no linux-kbuild package",
			       plan->release);
	if (kbuild)
		err_try(plan_kbuild(plan, known, kbuild, least, missing));
	plan_exact(plan, known, source, &plan->source, missing);
	if (overlay)
		plan_exact(plan, known, overlay, &plan->overlay, missing);
	return NULL;
}

/* Adds the package that contains the image as the first of plan->kernel. */
static void plan_image(struct debian_plan *plan, const struct apt_package_vec *known,
		       const struct apt_package *image, struct names *missing)
{
	const struct apt_package *holder =
		is_split(image) ? choose_image(known, "linux-binary-", plan->release, plan->version)
				: image;
	scope_free char *name = xasprintf("linux-binary-%s", plan->release);

	if (holder)
		push_copy(&plan->kernel, holder);
	else
		debian_add_missing(missing, name, " of version ", plan->version);
}

/* Their order is that of debian_image_names(). */
enum { HEADERS = 4, MODULES, BASE, NR_NAMES };

void debian_image_names(const char *release, struct str_vec *names)
{
	static const char *const forms[NR_NAMES] = {
		"linux-image-%s",
		"linux-image-%s-unsigned",
		"linux-binary-%s",
		"linux-binary-%s-unsigned",
		[HEADERS] = "linux-headers-%s",
		[MODULES] = "linux-modules-%s",
		[BASE] = "linux-base-%s",
	};

	for (size_t i = 0; i < NR_NAMES; i++)
		vec_push(names, xasprintf(forms[i], release));
}

/* Adds image, headers and, if they are separate, modules, but not what the headers depend on. */
static void plan_kernel(struct debian_plan *plan, const struct apt_package_vec *known,
			const struct apt_package *image, struct names *missing)
{
	scope_str_vec names = {};

	debian_image_names(plan->release, &names);
	plan_image(plan, known, image, missing);
	plan_exact(plan, known, names.data[HEADERS], &plan->kernel, missing);
}

static void plan_modules(struct debian_plan *plan, const struct apt_package_vec *known,
			 struct names *missing)
{
	scope_str_vec names = {};

	debian_image_names(plan->release, &names);
	plan_exact(plan, known, names.data[MODULES], &plan->kernel, missing);
	plan_exact(plan, known, names.data[BASE], &plan->kernel, missing);
}

struct err *debian_plan_known(const struct apt_package_vec *known, const char *release,
			      const char *version, struct debian_plan *plan, struct names *missing)
{
	const struct apt_package *image = choose_image(known, "linux-image-", release, version);

	if (!image)
		return NULL;
	plan->release = xstrdup(release);
	plan->version = xstrdup(image->version);
	plan_kernel(plan, known, image, missing);
	err_try(plan_rest(plan, known, plan->kernel.len > 1 ? plan->kernel.data[1].depends : "",
			  missing));
	if (is_split(image))
		plan_modules(plan, known, missing);
	return NULL;
}

struct err *debian_plan(const struct apt_view *view, const char *release, const char *version,
			struct debian_plan *plan)
{
	scope_free char *series = debian_series(release);
	scope_free char *headers_name = xasprintf("linux-headers-%s", release);
	scope_str_vec names = {}, more = {};
	scope_apt_packages known = {};
	scope_names missing = NAMES_INIT(SIZE_MAX);

	if (!series)
		return NULL;
	debian_image_names(release, &names);
	err_try(apt_show(view, &names, &known));

	const struct apt_package *headers = apt_find(&known, headers_name, version);

	debian_other_names(release, headers ? headers->depends : "", &more);
	err_try(apt_show(view, &more, &known));
	plan->view = view;
	err_try(debian_plan_known(&known, release, version, plan, &missing));
	if (!plan->version && version && choose_image(&known, "linux-image-", release, NULL))
		return err_new("kernel %s: version %s is no longer in the archive", release,
			       version);
	if (!plan->version)
		return NULL;

	scope_free char *list = names_end(&missing);

	return *list ? err_new("kernel %s: not in the archive: %s", release, list) : NULL;
}

char *debian_compiler(const char *depends)
{
	for (const char *at = depends; (at = strstr(at, "gcc-")); at++)
		if (isdigit((unsigned char)at[4]))
			return xstrndup(at, 4 + strspn(at + 4, "0123456789"));
	return NULL;
}

char *debian_kernel_name(const struct debian_plan *plan)
{
	return plan->release ? xasprintf("%s_%s", plan->release, plan->version) : NULL;
}

char *debian_source_name(const struct debian_plan *plan)
{
	return xasprintf("%s_%s", plan->source.data[0].name, plan->version);
}

char *debian_overlay_name(const struct debian_plan *plan)
{
	scope_free char *source = debian_source_name(plan);

	return plan->overlay.len ? xasprintf("%s+%s", source, plan->overlay.data[0].name) : NULL;
}
