/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Shows the result of `suture advise` as JSON. */
#ifndef SUTURE_CLI_ADVISE_JSON_H
#define SUTURE_CLI_ADVISE_JSON_H

#include <jansson.h>

#include "advise/advise.h"

/* The members of the result, a new reference. */
json_t *cli_advise_json(const struct advice *advice);

#endif
