/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What apt knows, asked through its command line tools: their plain output is a
 * promise to scripts, and they run without root.
 */
#ifndef SUTURE_TARGET_APT_H
#define SUTURE_TARGET_APT_H

#include <stdint.h>

#include "base/err.h"
#include "base/proc.h"
#include "base/strbuf.h"
#include "base/vec.h"

/* Which lists apt is asked about.  NULL stands for the host's own. */
struct apt_view {
	int hold; /* keeps "suture cache --prune" from removing the lists; or -1 */
	struct str_vec
		options; /* added to each call of apt's tools: "-o", "Dir::State::Lists=..." */
};

void apt_view_free(struct apt_view *view);
void apt_view_freep(struct apt_view **viewp);
#define scope_apt_view __attribute__((cleanup(apt_view_freep))) struct apt_view *

/*
 * What a tool of apt prints, called with words, a list that ends with NULL.  Its exit status is not
 * looked at: that of apt-cache is 100 when any one name is unknown.
 */
struct err *apt_query(const struct apt_view *view, const char *tool, const char *const *words,
		      struct strbuf *output);

/* The same with a limit of its own, and a tool that fails is an error with its last words. */
struct err *apt_run(const struct apt_view *view, const char *tool, const char *const *words,
		    int timeout_ms);

/* One version of a binary package that an archive has. */
struct apt_package {
	char *name;
	char *version;
	char *arch;
	char *depends;	    /* as written; "" when none */
	uint64_t size;	    /* bytes of the .deb */
	uint64_t installed; /* bytes, as the package claims */
};

struct apt_package_vec VEC(struct apt_package);

void apt_package_vec_free(struct apt_package_vec *vec);
#define scope_apt_packages __attribute__((cleanup(apt_package_vec_free))) struct apt_package_vec

/*
 * Every version of the named packages that can be downloaded, newest first within
 * a name.  A name that apt does not know is no error: it yields nothing.
 */
struct err *apt_show(const struct apt_view *view, const struct str_vec *names,
		     struct apt_package_vec *packages);

/* The output of `apt-cache show`, parsed; appends. */
void apt_parse_show(const char *text, struct apt_package_vec *packages);

/* The first of a name, of a version unless that is NULL; or NULL. */
const struct apt_package *apt_find(const struct apt_package_vec *packages, const char *name,
				   const char *version);

/* Package names that start with prefix, sorted; some may have no version to download. */
struct err *apt_names(const struct apt_view *view, const char *prefix, struct str_vec *names);

/* The suite that has a package in this version, "trixie-backports"; NULL when none does; free(). */
struct err *apt_suite(const struct apt_view *view, const char *package, const char *version,
		      char **suite);

/* Where all versions of packages come from, as `apt-cache madison` prints it; for the next one. */
struct err *apt_madison(const struct apt_view *view, const struct str_vec *packages,
			struct strbuf *output);

/* The suite of a line "gcc-14 | 14.2.0-19 | URI trixie/main amd64 Packages"; NULL: none; free(). */
char *apt_parse_suite(const char *text, const char *package, const char *version);

/* As `dpkg --compare-versions A ge B`. */
struct err *apt_version_at_least(const char *version, const char *least, bool *result);

/*
 * Starts the download of exactly these versions into a folder.  Files that are
 * there in part are continued, whole ones are only checked.
 */
struct err *apt_download_start(const struct apt_view *view, const struct apt_package_vec *packages,
			       const char *folder, struct proc **proc);

/* The end of a download: NULL, or what went wrong in one line. */
struct err *apt_download_result(struct proc *proc);

/* The file of a package in a download folder; free().  NULL when it is not there. */
char *apt_downloaded(const struct apt_package *package, const char *folder);

#endif
