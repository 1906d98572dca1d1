/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Kernels of Debian and whoever packages as it does: which packages, and their way into the cache.
 */
#ifndef SUTURE_TARGET_DEBIAN_H
#define SUTURE_TARGET_DEBIAN_H

#include "base/progress.h"
#include "target/apt.h"
#include "target/target.h"

/* The packages of a release, all of one version; without a release, its source alone. */
struct debian_plan {
	const struct apt_view *view; /* that has them; not owned */
	char *release;
	char *version;
	/* Image, headers, kbuild, in this order; behind them, since 6.17, the modules. */
	struct apt_package_vec kernel;
	struct apt_package_vec source; /* one */

	/*
	 * None, or one: headers of a kernel that is built with more patches than linux-source
	 * has, such as the real-time ones.  They go over the source.
	 */
	struct apt_package_vec overlay;
};

void debian_plan_free(struct debian_plan *plan);
#define scope_debian_plan __attribute__((cleanup(debian_plan_free))) struct debian_plan

/*
 * version NULL: the newest that the archive has.  Fetches nothing.  An error names all packages
 * that are missing.
 */
struct err *debian_plan(const struct apt_view *view, const char *release, const char *version,
			struct debian_plan *plan);

/* All releases, in no order; appends. */
struct err *debian_list(const struct apt_view *view, struct target_listed_vec *list);

/*
 * The plan of a release from packages that are known already; plan->version stays NULL when the
 * image is not among them.  What else is not is named in missing.
 */
struct err *debian_plan_known(const struct apt_package_vec *known, const char *release,
			      const char *version, struct debian_plan *plan,
			      struct strbuf *missing);

/* The names that packages of a release may have: image, headers, modules; appends. */
void debian_image_names(const char *release, struct str_vec *names);
/* And of the others: the source, and what the headers depend on. */
void debian_other_names(const char *release, const char *depends, struct str_vec *names);

/* "gcc-12" of what a headers package depends on; NULL when no gcc is among it; free(). */
char *debian_compiler(const char *depends);

/* Releases of a series ("6.1") and flavour ("amd64"), newest first, whose source is there too. */
struct err *debian_releases(const struct apt_view *view, const char *series, const char *flavour,
			    struct str_vec *releases);

/* "6.1" of "6.1.0-54-amd64" and "6.12.117+deb12-amd64"; NULL when it does not look so; free(). */
char *debian_series(const char *release);

/* "amd64", "cloud-amd64", "rt-amd64": what stands behind the numbers; "" when nothing does. */
const char *debian_flavour(const char *release);

/* Brings what is missing of a plan into the cache at root. */
struct err *debian_fetch(const struct debian_plan *plan, const char *root,
			 struct progress *progress);

/* Bytes to be downloaded, and a lower bound of the bytes on disk, for what the cache lacks. */
void debian_needs(const struct debian_plan *plan, const char *root, uint64_t *download,
		  uint64_t *space);

/* That the archive has no such release or series, what comes closest, and what else could be done.
 */
struct err *debian_unknown(const struct apt_view *view, const char *release);

/* The names of the plan's cache entries; free().  NULL for what the plan does not have. */
char *debian_kernel_name(const struct debian_plan *plan);
char *debian_source_name(const struct debian_plan *plan);
char *debian_overlay_name(const struct debian_plan *plan);

#endif
