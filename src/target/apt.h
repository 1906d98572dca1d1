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
#include "base/vec.h"

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
struct err *apt_show(const struct str_vec *names, struct apt_package_vec *packages);

/* The output of `apt-cache show`, parsed; appends. */
void apt_parse_show(const char *text, struct apt_package_vec *packages);

/* The first of a name, of a version unless that is NULL; or NULL. */
const struct apt_package *apt_find(const struct apt_package_vec *packages, const char *name,
				   const char *version);

/* Package names that start with prefix, sorted; some may have no version to download. */
struct err *apt_names(const char *prefix, struct str_vec *names);

/* As `dpkg --compare-versions A ge B`. */
struct err *apt_version_at_least(const char *version, const char *least, bool *result);

/*
 * Starts the download of exactly these versions into a folder.  Files that are
 * there in part are continued, whole ones are only checked.
 */
struct err *apt_download_start(const struct apt_package_vec *packages, const char *folder,
			       struct proc **proc);

/* The end of a download: NULL, or what went wrong in one line. */
struct err *apt_download_result(struct proc *proc);

/* The file of a package in a download folder; free().  NULL when it is not there. */
char *apt_downloaded(const struct apt_package *package, const char *folder);

#endif
