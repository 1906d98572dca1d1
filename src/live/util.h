/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Small helpers. */
#ifndef SUTURE_LIVE_UTIL_H
#define SUTURE_LIVE_UTIL_H

#include <stddef.h>
#include <stdint.h>

/* A signal may shorten it. */
void live_sleep_ms(unsigned ms);

/* free() */
char *live_hex(const uint8_t *data, size_t size);

#endif
