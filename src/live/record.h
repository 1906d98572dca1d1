/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What Suture wrote down about a patch when it loaded it: /run/suture/loaded/<name>.json.
 */
#ifndef SUTURE_LIVE_RECORD_H
#define SUTURE_LIVE_RECORD_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/root.h"
#include "base/vec.h"

struct live_module;

struct live_record {
	char *path;	/* of the module's file at that time */
	char *sha256;	/* of that file */
	char *digest;	/* SHA-256 of the module without a signature at its end */
	char *time;	/* RFC 3339, UTC */
	char *report;	/* path of its report, or NULL */
	char *attested; /* the result of its trial, by live/attested.c: "pass", "fail", "no", ... */
	struct str_vec cves; /* which it fixes, by the names of its patches and the report then */
	size_t nr_covered;   /* replaced functions that the trial called */
	struct str_vec uncovered; /* replaced functions that the trial did not call */
	bool installed;		  /* loaded by the boot, not by hand */
	struct live_klp_state_vec VEC(struct live_klp_state {
		uint64_t id;
		unsigned version;
	}) states;
};

/* *record is NULL when there is none of this load; a damaged one is an error. */
struct err *live_record_read(const struct root *root, const char *name,
			     struct live_record **record);
void live_record_free(struct live_record *record);

/* Written once the kernel has taken the module; installed: by the boot. */
struct err *live_record_write(const struct root *root, const struct live_module *module,
			      bool installed);

/* Removes the record of a patch that is no longer loaded. */
void live_record_drop(const struct root *root, const char *name);

#endif
