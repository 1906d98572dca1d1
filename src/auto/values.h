/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Parses the values that settings have: times, sizes, percentages. */
#ifndef SUTURE_AUTO_VALUES_H
#define SUTURE_AUTO_VALUES_H

#include <stdint.h>

#include "base/err.h"

/* Reads "2h 30min", "1d", "45s" or a number of seconds; at most ten years. */
struct err *value_duration(const char *text, uint64_t *seconds);

/* Reads "4G", "512M" or a number of bytes; "unlimited" is 0. */
struct err *value_size(const char *text, uint64_t *bytes);

/* Reads "50%" or "50", from 0 to most. */
struct err *value_percent(const char *text, unsigned most, unsigned *percent);

#endif
