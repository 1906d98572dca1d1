/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Allocation that does not fail, and clean-up at the end of a scope.
 *
 * Running out of memory is the one condition that ends the process below cli/:
 * Linux overcommits, so no caller could do better.  A size that comes from
 * foreign bytes is checked against those bytes before it gets here.
 */
#ifndef SUTURE_BASE_ALLOC_H
#define SUTURE_BASE_ALLOC_H

#include <stddef.h>

void *xmalloc(size_t size);
void *xcalloc(size_t count, size_t size);
void *xreallocarray(void *data, size_t count, size_t size);
void *xmemdup(const void *data, size_t size);
char *xstrdup(const char *str);
char *xstrndup(const char *str, size_t size);
char *xasprintf(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

void freep(void *pointer_to_pointer);
void closep(int *fd);

#define scope_cleanup(fn) __attribute__((cleanup(fn)))
#define scope_free scope_cleanup(freep)
#define scope_close scope_cleanup(closep)

/*
 * Returns the value of a guarded pointer and sets the pointer to NULL, so that the caller owns it.
 */
#define take_ptr(ptr)                                                                              \
	({                                                                                         \
		__typeof__(ptr) *take_ptr_ = &(ptr);                                               \
		__typeof__(ptr) taken_ = *take_ptr_;                                               \
		*take_ptr_ = NULL;                                                                 \
		taken_;                                                                            \
	})

#define array_size(array) (sizeof(array) / sizeof((array)[0]))

#endif
