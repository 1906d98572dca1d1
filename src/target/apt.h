/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Asks apt through its command line tools, whose plain output is stable for scripts, and which run
 * without root.
 */
#ifndef SUTURE_TARGET_APT_H
#define SUTURE_TARGET_APT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/proc.h"
#include "base/strbuf.h"
#include "base/vec.h"

/* Which lists apt uses; NULL means the host's own lists. */
struct apt_view {
	int hold; /* lock that keeps "suture cache --prune" from removing the lists; or -1 */
	bool own; /* Suture keeps the lists, so that the host's apt-get update does not renew them
		   */
	struct str_vec
		options; /* added to each call of apt's tools: "-o", "Dir::State::Lists=..." */
};

void apt_view_free(struct apt_view *view);
void apt_view_freep(struct apt_view **viewp);
#define scope_apt_view __attribute__((cleanup(apt_view_freep))) struct apt_view *

/*
 * Returns what a tool of apt prints; words end with NULL. The exit status is ignored, since
 * apt-cache returns 100 if a single name is unknown.
 */
struct err *apt_query(const struct apt_view *view, const char *tool, const char *const *words,
		      struct strbuf *output);

/* Does the same as apt_query() with a time limit, and fails with the tool's last lines if the tool
 * fails. */
struct err *apt_run(const struct apt_view *view, const char *tool, const char *const *words,
		    int timeout_ms);

/* One version of a binary package that an archive has. */
struct apt_package {
	char *name;
	char *version;
	char *arch;
	char *depends;	    /* as apt prints it; "" if there is none */
	uint64_t size;	    /* bytes of the .deb */
	uint64_t installed; /* bytes, as the package claims */
};

struct apt_package_vec VEC(struct apt_package);

void apt_package_vec_free(struct apt_package_vec *vec);
#define scope_apt_packages __attribute__((cleanup(apt_package_vec_free))) struct apt_package_vec

/*
 * Returns every version of the named packages that can be downloaded, the newest of each name
 * first. A name that apt does not know is no error and adds nothing.
 */
struct err *apt_show(const struct apt_view *view, const struct str_vec *names,
		     struct apt_package_vec *packages);

/* Parses the output of `apt-cache show`; appends. */
void apt_parse_show(const char *text, struct apt_package_vec *packages);

/* Returns the first package of that name, and of that version unless it is NULL; or NULL. */
const struct apt_package *apt_find(const struct apt_package_vec *packages, const char *name,
				   const char *version);

/* Returns sorted package names that start with prefix; some may have no version to download. */
struct err *apt_names(const struct apt_view *view, const char *prefix, struct str_vec *names);

/*
 * Returns the suite that has a package in this version, such as "trixie-backports", or NULL;
 * free().
 */
struct err *apt_suite(const struct apt_view *view, const char *package, const char *version,
		      char **suite);

/* Returns where all versions of packages come from, as `apt-cache madison` prints it. */
struct err *apt_madison(const struct apt_view *view, const struct str_vec *packages,
			struct strbuf *output);

/*
 * Returns the suite in a line "gcc-14
 *
 * 14.2.0-19
 *
 * URI trixie/main amd64 Packages", or NULL; free().
 */
char *apt_parse_suite(const char *text, const char *package, const char *version);

/* Returns what `dpkg --compare-versions A ge B` says. */
struct err *apt_version_at_least(const char *version, const char *least, bool *result);

/*
 * Starts to download exactly these versions into a folder. Files of which a part exists are
 * continued; complete ones are only checked.
 */
struct err *apt_download_start(const struct apt_view *view, const struct apt_package_vec *packages,
			       const char *folder, struct proc **proc);

/*
 * Returns NULL if the download from the view succeeded, else what went wrong in one line. *gone
 * becomes true if the archive lacks a file that the lists name, as when they are old.
 */
struct err *apt_download_result(const struct apt_view *view, struct proc *proc, bool *gone);

/* Returns the file of a package in a download folder, or NULL if it does not exist; free(). */
char *apt_downloaded(const struct apt_package *package, const char *folder);

#endif
