/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Writes the tables from which the glue builds struct klp_patch; glue/layout.h describes them. */
#ifndef SUTURE_KLP_PLAN_H
#define SUTURE_KLP_PLAN_H

#include "klp/join.h"

/* Writes the tables into spec->glue, to which all parts must have been joined. */
struct err *klp_write_plan(const struct klp_link_spec *spec, const struct klp_symbol_map *map);

#endif
