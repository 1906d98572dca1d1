/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <openssl/evp.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "live/live_internal.h"

uint64_t live_now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_BOOTTIME, &ts);
	return ts.tv_sec * 1000ull + ts.tv_nsec / 1000000;
}

void live_sleep_ms(unsigned ms)
{
	struct timespec ts = {ms / 1000, ms % 1000 * 1000000L};

	nanosleep(&ts, NULL); /* a signal shortens it, and callers look at the clock */
}

char *live_hex(const uint8_t *data, size_t size)
{
	scope_strbuf out = STRBUF_INIT;

	for (size_t i = 0; i < size; i++)
		strbuf_addf(&out, "%02x", data[i]);
	return strbuf_detach(&out);
}

char *live_sha256(struct bytes bytes)
{
	uint8_t hash[EVP_MAX_MD_SIZE];
	unsigned size = 0;

	/* It fails only where memory does. */
	EVP_Digest(bytes.data ? bytes.data : (const uint8_t *)"", bytes.size, hash, &size,
		   EVP_sha256(), NULL);
	return live_hex(hash, size);
}

char *live_time_text(void)
{
	time_t now = time(NULL);
	struct tm tm;
	char text[32];

	strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%SZ", gmtime_r(&now, &tm));
	return xstrdup(text);
}

bool live_names_have(const struct str_vec *names, const char *name)
{
	vec_foreach(names, it)
		if (!strcmp(*it, name))
			return true;
	return false;
}

struct err *live_write_json(const struct root *root, const char *path, json_t *object)
{
	scope_free char *text = object ? json_dumps(object, JSON_INDENT(2)) : NULL;

	json_decref(object);
	if (!text)
		return err_new("%s: cannot be written: a name in it is not UTF-8", path);
	return root_write(root, path, text, strlen(text), 0644);
}
