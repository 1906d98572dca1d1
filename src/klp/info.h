/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Writes the information in a module. */
#ifndef SUTURE_KLP_INFO_H
#define SUTURE_KLP_INFO_H

#include "klp/join.h"

/* Writes .modinfo, __versions and the module's name into spec->glue. */
struct err *klp_write_info(const struct klp_link_spec *spec);

#endif
