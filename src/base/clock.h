/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads clocks, for measuring and for people, and sleeps. */
#ifndef SUTURE_BASE_CLOCK_H
#define SUTURE_BASE_CLOCK_H

#include <stdint.h>

#define DAY_SECONDS 86400

/*
 * Returns the time since an unspecified moment. It never goes back, and does not count while the
 * machine is suspended.
 */
uint64_t clock_ms(void);
double clock_seconds(void);

/* Returns the time since boot, including the time in which the machine was suspended. */
uint64_t clock_boot_ms(void);

/* Returns the time of day in UTC as "2026-01-31T12:00:00Z", owned by the caller. */
char *clock_utc(void);

/* Sleeps; a signal may end that early, so callers read the clock. */
void clock_sleep_ms(unsigned ms);

#endif
