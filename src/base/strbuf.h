/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A growing, always NUL-terminated string; bytes may contain NUL. */
#ifndef SUTURE_BASE_STRBUF_H
#define SUTURE_BASE_STRBUF_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

struct strbuf {
	char *buf; /* never NULL: points at a shared "" until first written */
	size_t len;
	size_t alloc;
};

extern char strbuf_empty[1];

#define STRBUF_INIT                                                                                \
	{                                                                                          \
		.buf = strbuf_empty                                                                \
	}
#define scope_strbuf __attribute__((cleanup(strbuf_free))) struct strbuf

void strbuf_free(struct strbuf *sb);
void strbuf_reset(struct strbuf *sb);
void strbuf_add(struct strbuf *sb, const void *data, size_t size);
void strbuf_addstr(struct strbuf *sb, const char *str);
void strbuf_addch(struct strbuf *sb, char c);
void strbuf_addf(struct strbuf *sb, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void strbuf_vaddf(struct strbuf *sb, const char *fmt, va_list ap);

/* Drops all but the last bytes. */
void strbuf_keep_end(struct strbuf *sb, size_t size);

/* Returns the string, which the caller frees; sb is empty afterwards. */
char *strbuf_detach(struct strbuf *sb);

bool str_starts(const char *str, const char *prefix);
bool str_ends(const char *str, const char *suffix);

#endif
