/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Adds to jansson a scope guard, and JSON strings from foreign text. */
#ifndef SUTURE_BASE_JSON_H
#define SUTURE_BASE_JSON_H

#include <jansson.h>

#include "base/alloc.h"
#include "base/vec.h"

/*
 * Drops the reference at the end of the scope, as in scope_json object = json_object(); take_ptr()
 * keeps it.
 */
#define scope_json __attribute__((cleanup(json_dropp))) json_t *

void json_dropp(json_t **json);

/* Returns a JSON string of any bytes, by text_printable(); NULL becomes null. */
json_t *printable_json(const char *foreign);

/* Returns a JSON string by text_printable_json(), whose ASCII control characters JSON escapes. */
json_t *text_json(const char *foreign);

/* Returns an array of strings, each made by printable_json(). */
json_t *printables_json(const struct str_vec *list);

/* Appends copies of the strings of an array; skips other values, and what is no array. */
void json_add_strings(const json_t *array, struct str_vec *list);

/* Returns a copy of a member that is a string, or NULL; free(). */
char *json_copy_member(const json_t *object, const char *name);

#endif
