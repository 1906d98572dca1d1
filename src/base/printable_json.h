/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Text of others as JSON, which has to be UTF-8. */
#ifndef SUTURE_BASE_PRINTABLE_JSON_H
#define SUTURE_BASE_PRINTABLE_JSON_H

#include <jansson.h>

#include "base/vec.h"

/* A string of whatever bytes, by text_printable(); NULL becomes null. */
json_t *printable_json(const char *foreign);
json_t *printables_json(const struct str_vec *list);

#endif
