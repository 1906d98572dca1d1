/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The JSON form of findings, the same in every command's output. */
#ifndef SUTURE_FINDING_JSON_H
#define SUTURE_FINDING_JSON_H

#include <jansson.h>

#include "finding/finding.h"

/*
 * Returns an array of {rule, severity, where, file, line, object, symbol, message, remedy,
 * allowed}, as a new reference. Unknown members are null, an unknown line is 0.
 */
json_t *findings_json(const struct finding_vec *findings);

/*
 * Adds the findings of such an array. Their rules point into the array, which must outlive them;
 * what is no finding is skipped.
 */
void findings_from_json(const json_t *array, struct finding_vec *findings);

#endif
