/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Sleeps, and writes bytes in hexadecimal. */
#ifndef SUTURE_LIVE_UTIL_H
#define SUTURE_LIVE_UTIL_H

#include <stddef.h>
#include <stdint.h>

/* Sleeps; a signal may end that early. */
void live_sleep_ms(unsigned ms);

/* Returns the bytes in hexadecimal; free(). */
char *live_hex(const uint8_t *data, size_t size);

#endif
