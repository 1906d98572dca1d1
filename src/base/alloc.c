/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Allocates memory or ends the process, and frees at the end of a scope. */
#include "base/alloc.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void *alloc_check(void *data)
{
	if (!data)
		abort();
	return data;
}

void *xmalloc(size_t size)
{
	return alloc_check(malloc(size ? size : 1));
}

void *xcalloc(size_t count, size_t size)
{
	return alloc_check(calloc(count ? count : 1, size ? size : 1));
}

void *xreallocarray(void *data, size_t count, size_t size)
{
	return alloc_check(reallocarray(data, count ? count : 1, size ? size : 1));
}

void *xmemdup(const void *data, size_t size)
{
	void *copy = xmalloc(size);

	if (size)
		memcpy(copy, data, size);
	return copy;
}

char *xstrdup(const char *str)
{
	return alloc_check(strdup(str));
}

char *xstrndup(const char *str, size_t size)
{
	return alloc_check(strndup(str, size));
}

char *xasprintf(const char *fmt, ...)
{
	char *str;
	va_list ap;

	va_start(ap, fmt);
	int len = vasprintf(&str, fmt, ap);
	va_end(ap);
	if (len < 0)
		abort();
	return str;
}

void freep(void *pointer_to_pointer)
{
	void **data = pointer_to_pointer;

	free(*data);
}

void closep(int *fd)
{
	if (*fd >= 0)
		close(*fd);
}
