/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Keeps what Suture knew about a patch when it loaded it: /run/suture/loaded/<name>.json. */
#ifndef SUTURE_LIVE_RECORD_H
#define SUTURE_LIVE_RECORD_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/root.h"
#include "base/vec.h"
#include "live/cover_claim.h"
#include "live/module.h"

struct live_record {
	char *path;   /* the module's file at that time */
	char *sha256; /* the file's SHA-256 */
	char *digest; /* the SHA-256 of the module unpacked and without a signature */
	char *time;   /* when it was loaded: RFC 3339, UTC */
	char *report; /* the path of its report, or NULL */
	enum live_attested attested; /* the result of its trial, when it was loaded */
	struct str_vec cves;	  /* the CVE ids that it fixes, by its names and the report then */
	size_t nr_covered;	  /* replaced functions that the trial called */
	struct str_vec uncovered; /* replaced functions that the trial did not call */
	struct live_cover *cover; /* what a cumulative patch says about itself; or NULL */
	bool installed;		  /* it was loaded during boot, not by a user */
	struct live_klp_state_vec VEC(struct live_klp_state {
		uint64_t id;
		unsigned version;
	}) states;
};

/* Reads a record; *record is NULL if there is none of this load.  A damaged record is an error. */
struct err *live_record_read(const struct root *root, const char *name,
			     struct live_record **record);
void live_record_free(struct live_record *record);

/* Writes a record; to be called after the load.  installed says that the boot has loaded it. */
struct err *live_record_write(const struct root *root, const struct live_module *module,
			      bool installed);

/* Removes the record of a patch that is no longer loaded. */
void live_record_drop(const struct root *root, const char *name);

#endif
