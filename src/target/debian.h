/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Kernels of Debian and whoever packages as it does: which packages, and their way into the cache.
 */
#ifndef SUTURE_TARGET_DEBIAN_H
#define SUTURE_TARGET_DEBIAN_H

#include "base/progress.h"
#include "base/text.h"
#include "target/apt.h"
#include "target/target.h"

/* The packages of a release, all of one version; if release is NULL, only its source. */
struct debian_plan {
	const struct apt_view *view; /* the view that has them; not owned */
	char *release;
	char *version;
	/* Image, headers and kbuild, in this order, and since 6.17 the modules after them. */
	struct apt_package_vec kernel;
	struct apt_package_vec source; /* one package */

	/*
	 * Empty, or one package: the headers of a kernel that is built with more patches than
	 * linux-source has, such as a real-time kernel. They replace headers of the source.
	 */
	struct apt_package_vec overlay;
};

void debian_plan_free(struct debian_plan *plan);
#define scope_debian_plan __attribute__((cleanup(debian_plan_free))) struct debian_plan

/*
 * Makes the plan of a release; version NULL means the newest in the archive. Downloads nothing. An
 * error names all packages that are missing; of a release that the view does not know at all,
 * plan->version is NULL without an error, for debian_unknown() asks apt many times.
 */
struct err *debian_plan(const struct apt_view *view, const char *release, const char *version,
			struct debian_plan *plan);

/*
 * Makes the plan of a release from known packages. plan->version stays NULL if the image is not
 * among them; other missing packages are named in `missing`.
 */
struct err *debian_plan_known(const struct apt_package_vec *known, const char *release,
			      const char *version, struct debian_plan *plan, struct names *missing);

/* Appends the names that packages of a release may have: image, headers, modules. */
void debian_image_names(const char *release, struct str_vec *names);
/* Appends the names of its other packages: the source, and what the headers depend on. */
void debian_other_names(const char *release, const char *depends, struct str_vec *names);

/*
 * Returns "gcc-12" from the dependencies of a headers package, or NULL if no gcc is in them;
 * free().
 */
char *debian_compiler(const char *depends);

/* Returns releases of a series ("6.1") and flavour ("amd64") whose source exists, newest first. */
struct err *debian_releases(const struct apt_view *view, const char *series, const char *flavour,
			    struct str_vec *releases);

/*
 * Returns "6.1" for "6.1.0-54-amd64" and "6.12.117+deb12-amd64", or NULL for other forms; free().
 */
char *debian_series(const char *release);

/* Returns what follows the numbers: "amd64", "cloud-amd64", "rt-amd64", or "" if nothing does. */
const char *debian_flavour(const char *release);

/*
 * Makes an error that says that the archive has no such release or series, which ones are closest,
 * and what else to do.
 */
struct err *debian_unknown(const struct apt_view *view, const char *release);

/*
 * These return the names of the plan's cache entries, or NULL for what the plan does not have;
 * free().
 */
char *debian_kernel_name(const struct debian_plan *plan);
char *debian_source_name(const struct debian_plan *plan);
char *debian_overlay_name(const struct debian_plan *plan);

#endif
