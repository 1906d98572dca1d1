/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tells which security fixes a live patch contains, and which a replacement would lose. */
#ifndef SUTURE_LIVE_FIXES_H
#define SUTURE_LIVE_FIXES_H

#include <stdbool.h>
#include <stddef.h>

#include "base/vec.h"

struct live_module;
struct live_patch;

/* Appends the CVE ids that a live patch's report names; returns false if the report is not JSON. */
bool live_report_cves(const char *text, size_t size, struct str_vec *cves);

/* Appends the CVE ids of a module, from the names in it and its report, sorted, without doubles. */
void live_module_cves(const struct live_module *module, struct str_vec *cves);

/*
 * Returns what a loaded patch has and the module that is to replace it lacks, such as
 * "CVE-2026-10001, function f of vmlinux"; NULL if it lacks nothing.  free().
 */
char *live_patch_lost(const struct live_patch *patch, const struct live_module *module);
/* Compares an older module in the same way. */
char *live_module_lost(const struct live_module *old, const struct live_module *module);

#endif
