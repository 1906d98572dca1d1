/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The health report of a machine: what `suture auto status --json` prints, and what programs of the
 * key notify get.  It has what the owner of a fleet needs to raise the phase of a level or to stop
 * it.
 */
#ifndef SUTURE_AUTO_REPORT_H
#define SUTURE_AUTO_REPORT_H

#include <jansson.h>

#include "auto/effective.h"
#include "auto/policy.h"
#include "auto/state.h"

struct auto_report {
	const struct auto_policy *policy;
	const struct auto_state *state;
	const struct auto_effective *effective;
	unsigned ring;
	const char *hold; /* why the administrator said `hold`; or NULL */
};

/* Returns the members of the report, without its schema. */
json_t *auto_report_json(const struct auto_report *report);

#endif
