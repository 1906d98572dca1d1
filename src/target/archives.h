/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Archives beside the host's own, so that a Debian 12 host supports the kernels of Debian 11, 13
 * and sid.  Which ones is data: deb822 files (sources.list(5)) in /etc/suture/archives.d, or in
 * $SUTURE_ARCHIVES; without that folder, data/archives/debian.sources, which is part of the
 * program.  Their lists are kept in the cache, by options to apt; the host's are never touched.
 */
#ifndef SUTURE_TARGET_ARCHIVES_H
#define SUTURE_TARGET_ARCHIVES_H

#include "base/err.h"
#include "base/progress.h"
#include "target/apt.h"

enum archives_age {
	ARCHIVES_FRESH,	      /* lists older than a day are updated */
	ARCHIVES_RENEWED,     /* lists older than some minutes are updated */
	ARCHIVES_AS_THEY_ARE, /* nothing is downloaded */
};

/*
 * Opens the view of apt on these archives, with lists below root. Lists that cannot be updated are
 * used as they are, with a note. *view is NULL if no archive is named, if the host's sources know
 * none of them, or if there are no lists yet; else free it with apt_view_free().
 */
struct err *archives_open(const char *root, enum archives_age age, struct progress *progress,
			  struct apt_view **view);

/* ---- the parts, for tests ---- */

/* A label by which the host's sources know an archive. */
struct archive_label {
	char *label; /* "Debian-Security" */
	char *uri;
};

struct archive_label_vec VEC(struct archive_label);

void archive_label_vec_free(struct archive_label_vec *labels);
#define scope_archive_labels                                                                       \
	__attribute__((cleanup(archive_label_vec_free))) struct archive_label_vec

/*
 * Parses lines "LABEL
 *
 * URI", as `apt-get indextargets` is asked to print; the first of a label counts.
 */
void archives_parse_labels(const char *text, struct archive_label_vec *labels);

/*
 * Returns the text of a sources file with each "host:LABEL" replaced by that archive's URI; it
 * omits paragraphs with a label that is not in labels. free().
 */
char *archives_resolve(const char *text, const struct archive_label_vec *labels);

#endif
