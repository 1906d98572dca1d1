/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Adds to jansson a scope guard, and JSON strings of foreign text. */
#ifndef SUTURE_BASE_JSON_H
#define SUTURE_BASE_JSON_H

#include <jansson.h>

#include "base/alloc.h"
#include "base/vec.h"

/* scope_json object = json_object(): drops the reference at the end; take_ptr() keeps it. */
#define scope_json __attribute__((cleanup(json_dropp))) json_t *

void json_dropp(json_t **json);

/* A string of whatever bytes, by text_printable(); NULL becomes null. */
json_t *printable_json(const char *foreign);

/* Text whose ASCII control characters JSON escapes by itself, by text_printable_json(). */
json_t *text_json(const char *foreign);

/* An array of such strings, made with printable_json(). */
json_t *printables_json(const struct str_vec *list);

#endif
