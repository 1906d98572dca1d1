/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Typed growing arrays:
 *
 *	struct name_vec VEC(char *);
 *	scope... struct name_vec names = {};
 *	vec_push(&names, xstrdup("a"));
 *	vec_foreach(&names, it)
 *		puts(*it);
 */
#ifndef SUTURE_BASE_VEC_H
#define SUTURE_BASE_VEC_H

#include <stdbool.h>
#include <stdlib.h>

#include "base/alloc.h"

#define VEC(type)                                                                                  \
	{                                                                                          \
		type *data;                                                                        \
		size_t len, cap;                                                                   \
	}

#define vec_push(vec, ...)                                                                         \
	do {                                                                                       \
		__typeof__(vec) vec_ = (vec);                                                      \
		if (vec_->len == vec_->cap) {                                                      \
			vec_->cap = vec_->cap ? vec_->cap * 2 : 8;                                 \
			vec_->data = xreallocarray(vec_->data, vec_->cap, sizeof(*vec_->data));    \
		}                                                                                  \
		vec_->data[vec_->len++] = __VA_ARGS__;                                             \
	} while (0)

/* `it` points to each element in turn. */
#define vec_foreach(vec, it)                                                                       \
	for (__typeof__((vec)->data + 0) it = (vec)->data; it && it < (vec)->data + (vec)->len;    \
	     it++)

/* Frees the array, but not what its elements own. */
#define vec_free(vec)                                                                              \
	do {                                                                                       \
		free((vec)->data);                                                                 \
		(vec)->data = NULL;                                                                \
		(vec)->len = (vec)->cap = 0;                                                       \
	} while (0)

/* A vector of strings that it owns. */
struct str_vec VEC(char *);

void str_vec_free(struct str_vec *vec);
void str_vec_sort_unique(struct str_vec *vec);

/* Finds the element that equals text in a vector that str_vec_sort_unique() sorted, or NULL. */
char **str_vec_find_sorted(const struct str_vec *vec, const char *text);

/* Returns whether text is among the strings; looks at each. */
bool str_vec_has(const struct str_vec *vec, const char *text);

/* Adds a copy of text unless it is among the strings. */
void str_vec_add(struct str_vec *vec, const char *text);

#define scope_str_vec __attribute__((cleanup(str_vec_free))) struct str_vec

#endif
