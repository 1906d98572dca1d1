/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tells what a live patch would lose that replaces another one. */
#ifndef SUTURE_LIVE_LOST_H
#define SUTURE_LIVE_LOST_H

struct live_module;
struct live_patch;

/*
 * Returns what a loaded patch has and the module that is to replace it lacks, such as
 * "CVE-2026-10001, function f of vmlinux"; NULL if it lacks nothing.  free().
 */
char *live_patch_lost(const struct live_patch *patch, const struct live_module *module);
/* Compares an older module in the same way. */
char *live_module_lost(const struct live_module *old, const struct live_module *module);

#endif
