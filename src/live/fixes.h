/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tells which security fixes a live patch contains. */
#ifndef SUTURE_LIVE_FIXES_H
#define SUTURE_LIVE_FIXES_H

#include <stdbool.h>
#include <stddef.h>

#include "base/vec.h"

struct live_module;

/* Appends the CVE ids that a live patch's report names; returns false if the report is not JSON. */
bool live_report_cves(const char *text, size_t size, struct str_vec *cves);

/* Appends the CVE ids of a module, from the names in it and its report, sorted, without doubles. */
void live_module_cves(const struct live_module *module, struct str_vec *cves);

#endif
