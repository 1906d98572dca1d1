/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How findings are shown. */
#ifndef SUTURE_CLI_FINDINGS_H
#define SUTURE_CLI_FINDINGS_H

#include <jansson.h>

#include "safety/safety.h"

/* The array "findings[]" of DESIGN's JSON; a new reference. */
json_t *findings_json(const struct finding_vec *findings);

/* For people, to stdout; notes only when verbose. */
void findings_print(const struct finding_vec *findings, bool verbose);

#endif
