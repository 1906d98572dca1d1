/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads what /proc says about a process. */
#ifndef SUTURE_BASE_PROC_STAT_H
#define SUTURE_BASE_PROC_STAT_H

#include <stdint.h>

/*
 * Returns the start time of a process, in clock ticks since boot, from its line of /proc/PID/stat;
 * 0 if it has ended (a zombie, or line is NULL). Process numbers are reused, but not with the same
 * start time.
 */
uint64_t proc_start_time(const char *line);

#endif
