/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The facts about a live patch that its package states, from the module, its report and its
 * attestation.
 *
 * One package name stands for one kernel release.  The version is that of the source whose changes
 * the module carries, and a level, which counts the modules that were made of the same source:
 * 6.1.192-3-2 is level 2 of 6.1.192-3.  As rpm splits versions elsewhere, that is 6.1.192-3^2
 * there. Both managers sort levels of one source by number, and all of them before those of a later
 * source.
 */
#ifndef SUTURE_SHIP_SUBJECT_H
#define SUTURE_SHIP_SUBJECT_H

#include <stdint.h>

#include "base/err.h"
#include "base/vec.h"
#include "live/live.h"

struct live_module;

#define SHIP_PREFIX "suture-livepatch-"

/* The folder of a release's module in packages. */
#define SHIP_DIR "/usr/lib/suture/livepatch"

struct ship_open {
	char *cve;
	char *why; /* the units that do not have the fix, and what refused them */
};

struct ship_subject {
	struct live_module *module;
	struct live_cover *cover; /* if the patch is cumulative; else NULL */
	char *package;		  /* suture-livepatch-6.1.0-57-amd64 */
	char *from;		  /* the version of the kernel's package */
	char *source;		  /* the version of the source that it carries */
	unsigned level;		  /* the number of the level, counted from 1 */
	char *version;		  /* for dpkg */
	char *rpm_version, *rpm_release;
	char *rpm_epoch;     /* or NULL */
	char *untested;	     /* why it is packaged without a passed trial; or NULL */
	struct str_vec cves; /* what is fixed: each was carried as a whole */
	struct ship_open_vec VEC(struct ship_open) open; /* fixes that it carries in part or not */
	int64_t time; /* of the trial, else of the module's file; SOURCE_DATE_EPOCH if that is set
		       */
};

/*
 * Reads a module and what lies beside it.  Without a passed trial for exactly these bytes, this is
 * refused unless `untested` gives a reason; a failed trial is always refused.
 */
struct err *ship_subject_read(const char *path, unsigned level, const char *untested,
			      struct ship_subject **subject);
void ship_subject_free(struct ship_subject *subject);
void ship_subject_freep(struct ship_subject **subjectp);
#define scope_ship_subject __attribute__((cleanup(ship_subject_freep))) struct ship_subject *

/* Returns "2026-01-31T12:00:00Z" for the subject's time; free(). */
char *ship_time_text(const struct ship_subject *subject);

/* Returns a release as it can be in the name of a package, or NULL if it cannot; free(). */
char *ship_package_name(const char *release);

#endif
