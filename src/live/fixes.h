/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which security fixes a live patch has, and which another one would lose. */
#ifndef SUTURE_LIVE_FIXES_H
#define SUTURE_LIVE_FIXES_H

#include <stdbool.h>
#include <stddef.h>

#include "base/vec.h"

struct live_module;
struct live_patch;

/* Appends the CVE ids in a text. */
void live_cves_in(const char *text, size_t size, struct str_vec *cves);

/* Appends what a live patch's report says it fixes; false when the report is not JSON. */
bool live_report_cves(const char *text, size_t size, struct str_vec *cves);

/* Appends those of a module, by its own names and its report, sorted and once each. */
void live_module_cves(const struct live_module *module, struct str_vec *cves);

/*
 * "CVE-2026-10001, function f of vmlinux": what a loaded patch, or another module, has and the
 * module that is to replace it lacks; NULL when it lacks nothing.  free().
 */
char *live_patch_lost(const struct live_patch *patch, const struct live_module *module);
char *live_module_lost(const struct live_module *old, const struct live_module *module);

#endif
