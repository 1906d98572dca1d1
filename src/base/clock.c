/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads clocks as milliseconds, seconds and the date in UTC, and sleeps. */
#include "base/clock.h"

#include <time.h>

#include "base/alloc.h"

static uint64_t ms_of(clockid_t clock)
{
	struct timespec ts;

	clock_gettime(clock, &ts);
	return ts.tv_sec * 1000ull + ts.tv_nsec / 1000000;
}

uint64_t clock_ms(void)
{
	return ms_of(CLOCK_MONOTONIC);
}

double clock_seconds(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec + ts.tv_nsec / 1e9;
}

uint64_t clock_boot_ms(void)
{
	return ms_of(CLOCK_BOOTTIME);
}

char *clock_utc(void)
{
	time_t now = time(NULL);
	struct tm tm;
	char text[32];

	strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%SZ", gmtime_r(&now, &tm));
	return xstrdup(text);
}

void clock_sleep_ms(unsigned ms)
{
	struct timespec ts = {ms / 1000, ms % 1000 * 1000000L};

	nanosleep(&ts, NULL);
}
