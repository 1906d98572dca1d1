/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Keeps the result of a run in the cache of the release, for the next one with the same inputs: the
 * program, both texts of each file that differs, and what the user asked for.
 */
#ifndef SUTURE_COVER_KEPT_REPORT_H
#define SUTURE_COVER_KEPT_REPORT_H

#include <stdbool.h>

#include "cover/covering.h"
#include "kbuild/kbuild.h"

struct kept_report {
	struct kbuild kbuild; /* only its cache is open */
	char *list, *module;  /* names of kept files: the report, and its module */
};

/* Sums up the inputs; covering->changes are known by then. */
struct err *kept_report_open(struct covering *covering, struct kept_report *kept);
void kept_report_close(struct kept_report *kept);

/* Fills in the report and writes its module; *found is false if no such result is kept. */
struct err *kept_report_find(const struct kept_report *kept, struct covering *covering,
			     bool *found);

/* Keeps a finished report and its module. */
struct err *kept_report_add(const struct kept_report *kept, const struct cover_report *report);

#endif
