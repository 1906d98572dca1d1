/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Sleeps, and writes bytes in hexadecimal. */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/strbuf.h"
#include "live/util.h"

void live_sleep_ms(unsigned ms)
{
	struct timespec ts = {ms / 1000, ms % 1000 * 1000000L};

	nanosleep(&ts, NULL); /* a signal may shorten this; callers read the clock */
}

char *live_hex(const uint8_t *data, size_t size)
{
	scope_strbuf out = STRBUF_INIT;

	for (size_t i = 0; i < size; i++)
		strbuf_addf(&out, "%02x", data[i]);
	return strbuf_detach(&out);
}
