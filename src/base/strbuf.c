/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Implements strings that grow as text is appended. */
#include "base/strbuf.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"

char strbuf_empty[1];

static void strbuf_grow(struct strbuf *sb, size_t extra)
{
	size_t need = sb->len + extra + 1;

	if (need <= sb->alloc)
		return;
	if (need < sb->alloc * 2)
		need = sb->alloc * 2;
	sb->buf = xreallocarray(sb->alloc ? sb->buf : NULL, need, 1);
	sb->alloc = need;
	sb->buf[sb->len] = '\0';
}

void strbuf_free(struct strbuf *sb)
{
	if (sb->alloc)
		free(sb->buf);
	*sb = (struct strbuf)STRBUF_INIT;
}

void strbuf_reset(struct strbuf *sb)
{
	sb->len = 0;
	if (sb->alloc)
		sb->buf[0] = '\0';
}

void strbuf_keep_end(struct strbuf *sb, size_t size)
{
	if (sb->len <= size)
		return;
	memmove(sb->buf, sb->buf + sb->len - size, size + 1);
	sb->len = size;
}

void strbuf_add(struct strbuf *sb, const void *data, size_t size)
{
	if (!size)
		return;
	strbuf_grow(sb, size);
	memcpy(sb->buf + sb->len, data, size);
	sb->len += size;
	sb->buf[sb->len] = '\0';
}

void strbuf_addstr(struct strbuf *sb, const char *str)
{
	strbuf_add(sb, str, strlen(str));
}

void strbuf_addch(struct strbuf *sb, char c)
{
	strbuf_add(sb, &c, 1);
}

void strbuf_vaddf(struct strbuf *sb, const char *fmt, va_list ap)
{
	va_list again;

	va_copy(again, ap);
	int len = vsnprintf(NULL, 0, fmt, ap);

	if (len < 0)
		abort(); /* only a malformed format string gets here */
	strbuf_grow(sb, len);
	vsnprintf(sb->buf + sb->len, len + 1, fmt, again);
	va_end(again);
	sb->len += len;
}

void strbuf_addf(struct strbuf *sb, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	strbuf_vaddf(sb, fmt, ap);
	va_end(ap);
}

char *strbuf_detach(struct strbuf *sb)
{
	strbuf_grow(sb, 0);

	char *str = sb->buf;

	*sb = (struct strbuf)STRBUF_INIT;
	return str;
}

bool str_starts(const char *str, const char *prefix)
{
	return !strncmp(str, prefix, strlen(prefix));
}

bool str_ends(const char *str, const char *suffix)
{
	size_t len = strlen(str), suffix_len = strlen(suffix);

	return len >= suffix_len && !strcmp(str + len - suffix_len, suffix);
}
