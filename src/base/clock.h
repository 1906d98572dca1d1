/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads clocks, for measuring and for people. */
#ifndef SUTURE_BASE_CLOCK_H
#define SUTURE_BASE_CLOCK_H

#include <stdint.h>

/*
 * Time since some moment in the past: it never steps back, and stands still while the machine is
 * suspended.
 */
uint64_t clock_ms(void);
double clock_seconds(void);

/* Since the boot, suspended time included. */
uint64_t clock_boot_ms(void);

/* Returns the time of day in UTC as "2026-01-31T12:00:00Z", owned by the caller. */
char *clock_utc(void);

#endif
